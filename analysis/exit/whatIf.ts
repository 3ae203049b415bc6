import {exitCourse} from "./exitCourse.ts";
import {passing, type ExitMoment, type ExitRule} from "./exitRule.ts";

/** One trajectory of a run that took all steps, as a rule would have seen it. */
export interface ExitPath {
  /** Moments from step 0 on. */
  moments(): Iterable<ExitMoment>;
  /** By step: KL(p there ‖ p at the end), nats; NaN where it is not known. */
  readonly klFinal: ArrayLike<number>;
  /** By step: the likeliest token. */
  readonly top: ArrayLike<number>;
}

/** Where a rule would have let a trajectory leave. */
interface WouldLeave {
  /** The step; undefined if it would have gone to the end. */
  readonly step?: number;
  /** The likeliest token there is the one at the end. */
  readonly same: boolean;
  /** KL to the full run there, nats; 0 at the end. */
  readonly kl: number;
}

/** What one threshold saves over many trajectories, and what it costs. */
interface ExitTrade {
  readonly threshold: number;
  /** Share of the steps that are not taken, 0 to 1. */
  readonly saved: number;
  /** Mean KL to the full run, nats. */
  readonly kl: number;
  /** Share of trajectories whose likeliest token is the one at the end. */
  readonly same: number;
}

function leftAt({klFinal, top}: ExitPath, step: number | undefined): WouldLeave {
  const last = top.length - 1;
  if (step === undefined || step >= last) return {step: step === undefined ? undefined : last, same: true, kl: 0};
  return {step, same: top[step] === top[last], kl: klFinal[step]};
}

/** Thresholds that show what a rule trades: about its own, two decades up and down, or counts where it counts. */
export function sweptThresholds({reads, exitWhen, threshold}: ExitRule): readonly number[] {
  if (exitWhen === "below") return [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2].map((decades) => threshold * 10 ** decades);
  return reads === "gate" ? [0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1] : [1, 2, 3, 5, 8, 13, 21];
}

interface ExitTally {
  /** Takes the next trajectory, and says where the rule would have let it leave. */
  add(path: ExitPath): WouldLeave;
  /** What each swept threshold would have saved and cost over those taken. */
  trades(): ExitTrade[];
}

/** What a rule would have done with trajectories that come one after another, and are not kept. A rule's values are worked out once for each. */
export function exitTally(rule: ExitRule): ExitTally {
  const sums = sweptThresholds(rule).map((threshold) => ({threshold, saved: 0, kl: 0, same: 0}));
  let count = 0;
  return {
    add(path) {
      const {values, exit} = exitCourse(rule, path.moments());
      const last = path.top.length - 1;
      for (const sum of sums) {
        const {step, same, kl} = leftAt(path, firstOf(values, passing(rule, sum.threshold)));
        sum.saved += 1 - (step ?? last) / last;
        sum.kl += kl;
        sum.same += Number(same);
      }
      count += 1;
      return leftAt(path, exit);
    },
    trades: () => sums.map(({threshold, saved, kl, same}) => ({threshold, saved: saved / count, kl: kl / count, same: same / count}))
  };
}

const firstOf = (values: readonly number[], leaves: (value: number) => boolean): number | undefined => {
  const at = values.findIndex(leaves);
  return at < 0 ? undefined : at;
};
