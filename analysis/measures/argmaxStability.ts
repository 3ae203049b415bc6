import {AUTHORS, type ExitCriterion} from "./exitCriterion.ts";
import {distributionAt, type LogProbabilities} from "./logProbabilities.ts";

export const ARGMAX_STABILITY: ExitCriterion = {
  name: "argmax-stability",
  formula: "steps in a row after which the likeliest token was the one before, 0 at the first step",
  source: AUTHORS,
  threshold: 5,
  exitWhen: "reached",
  consecutive: 1
};

/** `[step]`, a count; of equal probabilities the first counts. */
export function argmaxStability(logs: LogProbabilities): Float64Array {
  let [before, stable] = [-1, 0];
  return Float64Array.from({length: logs.steps}, (_, step) => {
    const distribution = distributionAt(logs, step);
    let best = 0;
    for (let i = 1; i < distribution.length; ++i) if (distribution[i] > distribution[best]) best = i;
    stable = best === before ? stable + 1 : 0;
    before = best;
    return stable;
  });
}
