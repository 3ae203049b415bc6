import type {ContractionEvidence} from "./approach/contraction.ts";
import {isWound, KEPT_SPEED, LEAST_RATIO, MOST_VARIATION, STEADY, STRAIGHT, UNEVEN_RATIO, type DriftEvidence} from "./slider/drift.ts";
import {FAINT_RATIO, LEAST_COHERENCE, LEAST_TURNS, LOST, MOST_PARTING, type OrbitEvidence} from "./orbit/judgedLine.ts";
import type {Claim} from "./labels.ts";
import type {Verdict} from "./verdict.ts";

/** One question that a label answers with yes: what was measured, what is needed, and whether it is so. */
interface Check {
  readonly test: string;
  /** Null where it could not be measured. */
  readonly value: number | null;
  readonly needed: string;
  /** Null where nothing is decided by it. */
  readonly holds: boolean | null;
  /** The pane of the label's picture that shows it. */
  readonly seen: "plane" | "course" | "recurrence" | null;
  /** The value is a step of the path. */
  readonly step?: boolean;
}

/** A label's argument: its checks in the order in which a reader asks; empty where it was not tested. */
type Argument = readonly Check[];

/** Why a trajectory is called what it is, and why not otherwise, label by label; the thresholds are the classifier's own. */
export function argumentsOf({evidence, q}: Pick<Verdict, "evidence" | "q">, alpha: number): Readonly<Record<Claim, Argument>> {
  const sure = (p: number, unsure?: string): Check => ({
    test: "beyond chance: p-value of its own test",
    value: p,
    needed: `q ≤ ${alpha} over the whole run${unsure === undefined ? "" : `; else ${unsure}`}`,
    holds: p <= alpha && (p > 0 || q <= alpha),
    seen: null
  });
  return {
    converging: convergingArgument(evidence.converging, sure),
    orbit: evidence.orbit ? orbitArgument(evidence.orbit, sure) : [],
    slider: evidence.slider ? sliderArgument(evidence.slider, sure) : []
  };
}

type Surely = (p: number, unsure?: string) => Check;

function convergingArgument(
  {rate, rateCi, noInterval, settledStep, p, goesOn, against, unsure}: ContractionEvidence,
  sure: Surely
): Argument {
  return [
    {
      test: "distance to its end kept per step",
      value: rate ?? null,
      needed: `below 1, or at rest from a step on`,
      holds: rate === undefined ? settledStep !== undefined : rate < 1,
      seen: "course"
    },
    {
      test: "upper end of that rate’s interval",
      value: rateCi?.[1] ?? null,
      needed: noInterval === undefined ? "below 1" : `below 1; no interval: ${noInterval}`,
      holds: rateCi === undefined ? null : rateCi[1] < 1,
      seen: "course"
    },
    {
      test: "first step from which it stays at its end",
      value: settledStep ?? null,
      needed: "any: a slow approach has none yet",
      holds: null,
      seen: "recurrence",
      step: true
    },
    {test: "goes on where the decay would have died away", value: Number(goesOn), needed: "0", holds: !goesOn, seen: "plane"},
    sure(p, unsure),
    rest(against)
  ];
}

function orbitArgument(evidence: OrbitEvidence, sure: Surely): Argument {
  const {turns, lineRatio, coherence, recurrence, parting, mode, window, periodCi, noInterval, p, against} = evidence;
  const kept = mode.rate ** (window[1] - window[0] + 1);
  return [
    {test: "turns seen", value: turns, needed: `at least ${LEAST_TURNS}`, holds: turns >= LEAST_TURNS * 0.98, seen: "course"},
    {
      test: "its line over the spectrum beside it",
      value: lineRatio,
      needed: `at least ${FAINT_RATIO} ×`,
      holds: lineRatio >= FAINT_RATIO,
      seen: "course"
    },
    {
      test: "phase of the first half agrees with the second’s",
      value: coherence,
      needed: `at least ${LEAST_COHERENCE}`,
      holds: coherence >= LEAST_COHERENCE,
      seen: "plane"
    },
    {
      test: "amplitude kept over the window",
      value: kept,
      needed: `not surely below ${1 - LOST}`,
      holds: !(kept < 1 - LOST && mode.rateCi[1] < 1),
      seen: "course"
    },
    {
      test: "what was near parts as it goes on, of a chance pair’s distance",
      value: parting,
      needed: `at most ${MOST_PARTING}`,
      holds: parting <= MOST_PARTING,
      seen: "recurrence"
    },
    {
      test: "share of the distances at every lag that one closed curve explains",
      value: recurrence,
      needed: "near 1; not decisive",
      holds: null,
      seen: "recurrence"
    },
    {
      test: "width of its period’s 95 % interval, in steps",
      value: periodCi ? periodCi[1] - periodCi[0] : null,
      needed: noInterval === undefined ? "any" : `any; no interval: ${noInterval}`,
      holds: null,
      seen: "course"
    },
    sure(p),
    rest(against)
  ];
}

function sliderArgument(evidence: DriftEvidence, sure: Surely): Argument {
  const {walkRatio, rateCi, window, steadiness, variation, straightness, greatCircle, uneven, p, against} = evidence;
  const kept = rateCi[0] ** (window[1] - window[0] + 1);
  const byParts = uneven || isWound(evidence); // its speed's trend says nothing
  const leastRatio = byParts ? UNEVEN_RATIO : LEAST_RATIO;
  const isStraight = straightness >= STRAIGHT || greatCircle;
  return [
    {
      test: "motion over a random walk’s",
      value: walkRatio,
      needed: `at least ${leastRatio} ×`,
      holds: walkRatio >= leastRatio,
      seen: "recurrence"
    },
    {
      test: "speed kept over the window, lower end",
      value: kept,
      needed: byParts ? "any: what its parts vary by decides" : `at least ${KEPT_SPEED}`,
      holds: byParts ? null : kept >= KEPT_SPEED,
      seen: "course"
    },
    {
      test: "speed of the last third over the first",
      value: steadiness,
      needed: uneven ? "any: what its parts vary by decides" : `${STEADY} to ${(1 / STEADY).toFixed(2)}`,
      holds: uneven ? null : steadiness > STEADY && steadiness < 1 / STEADY,
      seen: "course"
    },
    {
      test: "what the speeds of its parts vary by, about their middle",
      value: variation,
      needed: byParts ? `at most ${MOST_VARIATION}` : "any: its trend decides",
      holds: byParts ? variation <= MOST_VARIATION : null,
      seen: "course"
    },
    {
      test: "straight way over the length of its arc",
      value: straightness,
      needed: `at least ${STRAIGHT}, or a great circle${uneven ? "; uneven, by its parts" : ""}`,
      holds: uneven && !isStraight ? null : isStraight,
      seen: "plane"
    },
    sure(p),
    rest(against)
  ];
}

/** Everything that spoke against a label in words; the checks above are its usual reasons. */
const rest = (against: readonly string[]): Check => ({
  test: against.length ? `against it: ${against.join("; ")}` : "nothing else speaks against it",
  value: against.length,
  needed: "0",
  holds: against.length === 0,
  seen: null
});
