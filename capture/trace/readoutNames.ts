/**
 * The tensors of a readout, as traces and answers name them: `top_ids` and `top_logprobs` [steps+1, inits, tokens, k], the curves [steps+1, inits, tokens].
 * What a curve is stands in its record of analysis/measures.
 */
export const TOP_IDS = "top_ids";
export const TOP_LOGPROBS = "top_logprobs";
export const READOUT_CURVES = ["entropy", "kl_prev", "kl_final", "target_logprob"] as const;
export type ReadoutCurve = (typeof READOUT_CURVES)[number];

/** A value for each curve. */
export const curvesOf = <T>(of: (name: ReadoutCurve) => T): Record<ReadoutCurve, T> =>
  Object.fromEntries(READOUT_CURVES.map((name) => [name, of(name)])) as Record<ReadoutCurve, T>;

/** Of a model's own numbers about a step, λ of an exit gate: the probability of leaving the loop there for who has not left it before. */
export const EXIT_GATE = "gate";
