import {norm, rowOf, type Matrix} from "../matrix.ts";
import {collapseOf} from "../measures/collapse.ts";
import {pathOf, type States} from "../states.ts";
import {benjaminiHochberg} from "./benjaminiHochberg.ts";
import {contractionOf} from "./contraction.ts";
import {decaysAsAWhole, drifting, turningOn} from "./contradictions.ts";
import {driftOf} from "./drift.ts";
import {gramOf, windowOf} from "./gram.ts";
import {surelyFalls} from "./mode.ts";
import {orbitOf} from "./orbit.ts";
import {precisionOf, roundingFloor, type Precision} from "./rounding.ts";
import {PATTERNS, type Pattern} from "./labels.ts";
import type {Evidence, RunVerdicts, Verdict} from "./verdict.ts";

export interface ClassifyOptions {
  /** Largest q-value that is called a label; defaults to 0.001: orbits are one token in a thousand, so one in a hundred would drown them. */
  readonly alpha?: number;
  /** Number format of the computation, where it is known; defaults to the narrowest one that holds the states. */
  readonly precision?: Precision;
  /** Where these are some of a run's trajectories, how many it has: q is then p × that number, an upper bound of what all together would give. */
  readonly among?: number;
}

const MOST_STATES = 256; // longer paths are judged by their last 256 states
const LEAST_FLOOR = 1e-40; // of a last state of zeros
const CLAIMS = 3; // labels tried for each trajectory

const NULLS = {
  converging: "steps of one size from beginning to end (independent noise, random walk, any stationary process)",
  orbit: "any smooth spectrum (independent noise, random walk, autoregression, their covariance-matched and phase-randomised surrogates)",
  slider: "random walk of any covariance; independent and stationary noise lie far below it"
};

/** Labels every trajectory of a run. Throws a Refusal where a state is not finite. */
export function classifyRun(
  states: States,
  {alpha = 0.001, precision = precisionOf(states.data), among}: ClassifyOptions = {}
): RunVerdicts {
  const claims: Claim[] = [];
  for (let init = 0; init < states.inits; ++init) {
    for (let token = 0; token < states.tokens; ++token) claims.push(claimOf(pathOf(states, token, init), {token, init, precision}));
  }
  const p = claims.map((claim) => claim.p);
  const q = among === undefined ? benjaminiHochberg(p) : p.map((one) => Math.min(1, one * among));
  const verdicts = claims.map((claim, i) => verdictOf(claim, q[i], alpha));
  const counts = Object.fromEntries(
    PATTERNS.map((pattern) => [pattern, verdicts.filter((verdict) => verdict.pattern === pattern).length])
  ) as Record<Pattern, number>;
  return {
    verdicts,
    summary: {
      counts,
      collapse: collapseOf(states),
      precision,
      alpha,
      nulls: NULLS,
      noiseFloor: median(verdicts.map(({noiseFloor}) => noiseFloor)),
      roundingFloor: median(claims.map(({rounding}) => rounding))
    }
  };
}

/** Labels one path (rows = steps), as a run of one trajectory. */
export function classifyPath(path: Matrix, options: ClassifyOptions = {}): Verdict {
  return classifyRun({steps: path.rows, inits: 1, tokens: 1, width: path.cols, data: path.data}, options).verdicts[0];
}

/** What a trajectory would be called if its p-value is small enough among those of the run. */
interface Claim extends Partial<Verdict> {
  readonly token: number;
  readonly init: number;
  readonly pattern: Pattern;
  readonly p: number;
  readonly rounding: number;
  readonly noiseFloor: number;
  readonly window: readonly [number, number];
  readonly evidence: Evidence;
}

function claimOf(path: Matrix, {token, init, precision}: {token: number; init: number; precision: Precision}): Claim {
  const whole = gramOf(path);
  const skipped = Math.max(0, whole.size - MOST_STATES);
  const gram = skipped > 0 ? windowOf(whole, skipped) : whole;
  const last = rowOf(path, path.rows - 1);
  const scale = norm(last) || 1;
  const floor = Math.max(roundingFloor(last, precision), LEAST_FLOOR);
  const contraction = contractionOf(gram, {floor});
  const turning = gram.size >= 8 ? orbitOf(gram, {floor, precision}) : undefined;
  const decays = turning !== undefined && decaysAsAWhole(contraction, turning);
  const orbit = decays
    ? {...turning, against: [...turning.against, `the path as a whole keeps ${contraction.rate!.toFixed(4)} of its amplitude a step`]}
    : turning;
  const slider = gram.size >= 8 ? driftOf(gram, {floor}) : undefined;
  const turnsOn = turningOn(contraction, decays ? undefined : orbit, gram.size - 1);
  const drifts = slider ? drifting(contraction, slider) : [];
  const converging = {...contraction, against: [...contraction.against, ...turnsOn, ...drifts]};
  const evidence = {converging, orbit, slider};
  const at = ([from, to]: readonly [number, number]): readonly [number, number] => [from + skipped, to + skipped];
  const shared = {token, init, rounding: floor / scale, evidence};
  if (orbit && orbit.against.length === 0) {
    return {
      ...shared,
      pattern: "orbit",
      p: corrected(orbit.p),
      period: orbit.period,
      periodCi: orbit.periodCi,
      amplitude: orbit.amplitude / scale,
      noiseFloor: orbit.noise / scale,
      window: at(orbit.window),
      settledStep: orbit.window[0] + skipped
    };
  }
  if (slider && slider.against.length === 0) {
    return {
      ...shared,
      pattern: "slider",
      p: corrected(slider.p),
      driftSpeed: slider.speed,
      noiseFloor: slider.noise / scale,
      window: at(slider.window),
      settledStep: slider.window[0] + skipped
    };
  }
  const resting = gram.size > 1 && converging.against.length === 0 ? converging.p : 1; // one state says nothing about motion
  const slowing = slider?.decays && !contraction.goesOn && turnsOn.length === 0 ? slider.p : 1;
  const falls = orbit?.decaying === true && surelyFalls(orbit.mode) && turnsOn.length === 0;
  const spiralling = falls ? orbit.p : 1;
  const p = Math.min(resting, slowing, spiralling);
  const settledStep = converging.settledStep === undefined ? undefined : converging.settledStep + skipped;
  if (p === 1) return {...shared, pattern: "unsettled", p: 1, noiseFloor: converging.floor / scale, window: at([0, gram.size - 1])};
  const noiseFloor = Math.max(floor, converging.floor) / scale;
  const claim = {...shared, pattern: "converging" as const, p: corrected(p), settledStep};
  // A single mode from early on says most; else the decay of a line in a late window, which is the leading mode's; a slope over the whole descent is a mixture.
  if (falls && converging.method !== "mode") {
    const {mode, noise, period, window} = orbit;
    return {
      ...claim,
      noiseFloor: noise / scale,
      rate: mode.rate,
      rateCi: mode.rateCi,
      spiral: true,
      spiralPeriod: period,
      window: at(window)
    };
  }
  if (slider?.decays && !(resting < 1 && resting <= slowing) && converging.method !== "mode")
    return {...claim, noiseFloor: slider.noise / scale, rate: slider.rate, rateCi: slider.rateCi, window: at(slider.window)};
  return {
    ...claim,
    noiseFloor,
    rate: converging.rate,
    rateCi: converging.rateCi,
    spiral: converging.spiral,
    spiralPeriod: converging.spiralPeriod,
    window: at(converging.window)
  };
}

const corrected = (p: number): number => Math.min(1, p * CLAIMS);

function verdictOf({rounding: _, ...claim}: Claim, q: number, alpha: number): Verdict {
  if (claim.pattern !== "unsettled" && q <= alpha) return {spiral: false, ...claim, q};
  const {token, init, p, noiseFloor, window, evidence} = claim;
  return {token, init, pattern: "unsettled", q, p, spiral: false, noiseFloor, window, evidence};
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? NaN : sorted[sorted.length >> 1];
}
