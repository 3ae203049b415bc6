import {AUTHORS, type ExitCriterion} from "./exitCriterion.ts";
import {distributionAt, divergence, uniform, type LogProbabilities} from "./logProbabilities.ts";

export const KL_TO_PREVIOUS: ExitCriterion = {
  name: "kl",
  formula: "KL(p_{t−1} ‖ p_t) = Σ p_{t−1} (ln p_{t−1} − ln p_t), before the first step uniform",
  source: `${AUTHORS}; the paper's text has 5e-4`,
  threshold: 1e-3,
  exitWhen: "below",
  consecutive: 1
};

/** `[step]`, in nats. */
export const klToPrevious = (logs: LogProbabilities): Float64Array =>
  Float64Array.from({length: logs.steps}, (_, step) =>
    divergence(step === 0 ? uniform(logs.vocabulary) : distributionAt(logs, step - 1), distributionAt(logs, step))
  );
