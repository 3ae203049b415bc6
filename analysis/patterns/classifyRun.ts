import type {Matrix} from "../matrix.ts";
import {collapseOf, type Collapse} from "../measures/collapse.ts";
import {pathOf, type States} from "../states.ts";
import {benjaminiHochberg} from "./statistics/benjaminiHochberg.ts";
import {claimOf, type Claim, type ClaimOptions} from "./claim.ts";
import {precisionOf, type Precision} from "./path/rounding.ts";
import {PATTERNS, type Pattern} from "./labels.ts";
import type {RunVerdicts, Verdict} from "./verdict.ts";

interface ClassifyOptions {
  /** Largest q-value that is called a label; defaults to 0.001: orbits are one token in a thousand, so one in a hundred would drown them. */
  readonly alpha?: number;
  /** Number format of the computation, where it is known; defaults to the narrowest one that holds the states. */
  readonly precision?: Precision;
  /** Whether the first row of each path is its initial state; defaults to yes. */
  readonly fromInitial?: boolean;
  /** Where these are some of a run's trajectories, how many it has: q is then p × that number, an upper bound of what all together would give. */
  readonly among?: number;
}

export const ALPHA = 0.001;

export const NULLS = {
  converging:
    "steps in any order (independent noise and walks of any distribution of sizes), steps whose size wanders, random walks, stationary processes",
  orbit: "any smooth spectrum (independent noise, random walk, autoregression, their covariance-matched and phase-randomised surrogates)",
  slider:
    "random walk of any covariance, whose steps may remember those before for a sixth of the path; independent and stationary noise lie far below it"
};

/** Labels every trajectory of a run. A trajectory with a number that is not finite has no label, and the others keep theirs. */
export function classifyRun(
  states: States,
  {alpha, among, fromInitial, precision = precisionOf(states.data)}: ClassifyOptions = {}
): RunVerdicts {
  return verdictsOf([...claimsIn(states, {precision, fromInitial})], {alpha, among, precision, collapse: collapseOf(states)});
}

/** Labels one path (rows = steps), as a run of one trajectory. */
export function classifyPath(path: Matrix, options: ClassifyOptions = {}): Verdict {
  return classifyRun({steps: path.rows, inits: 1, tokens: 1, width: path.cols, data: path.data}, options).verdicts[0];
}

type ClaimsOptions = Pick<ClaimOptions, "precision" | "fromInitial" | "evidence">;

/** What each trajectory of some tokens would be called, in the order [init][token], each weighed when it is asked for: a few hundredths of a second. */
export function* claimsIn(states: States, options: ClaimsOptions): Iterable<Claim> {
  for (let init = 0; init < states.inits; ++init)
    for (let token = 0; token < states.tokens; ++token) yield claimOf(pathOf(states, token, init), {token, init, ...options});
}

/** The verdicts of a whole run from the claims of all its trajectories, which only their p-values bind together. */
export function verdictsOf(
  claims: readonly Claim[],
  {
    alpha = ALPHA,
    among,
    precision,
    collapse
  }: Omit<ClassifyOptions, "precision" | "fromInitial"> & {readonly precision: Precision; readonly collapse: Collapse}
): RunVerdicts {
  const judged = claims.filter(({badFrom}) => badFrom === undefined);
  const p = judged.map((claim) => claim.p);
  const values = among === undefined ? benjaminiHochberg(p) : p.map((one) => Math.min(1, one * among));
  const q = new Map(values.map((value, i) => [judged[i], value]));
  const verdicts = claims.map((claim) => verdictOf(claim, q.get(claim) ?? 1, alpha));
  const counts = Object.fromEntries(
    PATTERNS.map((pattern) => [pattern, verdicts.filter((verdict) => verdict.pattern === pattern).length])
  ) as Record<Pattern, number>;
  return {
    verdicts,
    summary: {
      counts,
      collapse,
      precision,
      alpha,
      nulls: NULLS,
      noiseFloor: median(verdicts.flatMap(({pattern, noiseFloor}) => (pattern === "unsettled" ? [] : [noiseFloor]))), // what an unsettled path is left with is its motion
      roundingFloor: median(claims.map(({rounding}) => rounding))
    }
  };
}

function verdictOf({rounding: _, ...claim}: Claim, q: number, alpha: number): Verdict {
  if (claim.pattern !== "unsettled" && q <= alpha) return {spiral: false, ...claim, q};
  const {token, init, p, noiseFloor, window, evidence, stillFrom, badFrom, weighed} = claim;
  return {token, init, pattern: "unsettled", q, p, spiral: false, noiseFloor, window, evidence, stillFrom, badFrom, weighed};
}

/** Of the numbers that are known; NaN where none is. */
function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return sorted.length === 0 ? NaN : sorted[sorted.length >> 1];
}
