import {AUTHORS, type ExitCriterion} from "./exitCriterion.ts";
import {distributionAt, type LogProbabilities} from "./logProbabilities.ts";

const BEFORE_FIRST = 100; // the authors' entropy before the first step: never close to a real one
const EPSILON = 1e-10;

export const ENTROPY_DIFFERENCE: ExitCriterion = {
  name: "entropy-diff",
  formula: "|H_t − H_{t−1}|, H = −Σ p ln(p + 1e-10), before the first step 100",
  source: AUTHORS,
  threshold: 1e-3,
  exitWhen: "below",
  consecutive: 1
};

/** `[step]`, in nats. */
export function entropyDifference(logs: LogProbabilities): Float64Array {
  let before = BEFORE_FIRST;
  return Float64Array.from({length: logs.steps}, (_, step) => {
    let entropy = 0;
    for (const log of distributionAt(logs, step)) {
      const p = Math.exp(log);
      entropy -= p * Math.log(p + EPSILON);
    }
    const difference = Math.abs(entropy - before);
    before = entropy;
    return difference;
  });
}
