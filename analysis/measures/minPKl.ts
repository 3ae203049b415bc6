import {AUTHORS, type ExitCriterion} from "./exitCriterion.ts";
import {distributionAt, divergence, uniform, type LogProbabilities} from "./logProbabilities.ts";

const MIN_P = 0.1; // of the largest probability

export const MIN_P_KL: ExitCriterion = {
  name: "minp-kl",
  formula: "KL(p_{t−1} ‖ p_t) after p < 0.1 max p is set to 1/V and all is normalised again, before the first step uniform",
  source: AUTHORS,
  threshold: 1e-5,
  exitWhen: "below",
  consecutive: 1
};

/** `[step]`, in nats. */
export function minPKl(logs: LogProbabilities): Float64Array {
  const values = new Float64Array(logs.steps);
  let before: Float64Array = uniform(logs.vocabulary);
  for (let step = 0; step < logs.steps; ++step) {
    const now = filtered(distributionAt(logs, step));
    values[step] = divergence(before, now);
    before = now;
  }
  return values;
}

function filtered(logs: Float32Array): Float64Array {
  let most = -Infinity;
  for (const log of logs) if (log > most) most = log;
  const kept = Float64Array.from(logs, (log) => (log < most + Math.log(MIN_P) ? -Math.log(logs.length) : log));
  let sum = 0;
  for (const log of kept) sum += Math.exp(log);
  return kept.map((log) => log - Math.log(sum));
}
