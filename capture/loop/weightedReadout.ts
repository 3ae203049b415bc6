import type {Engine} from "../engine/engine.ts";

interface WeightedReadoutOptions {
  /** Positions [tokens]; the states of one init. */
  readonly tokens: number;
  /** Tokens at the start that see one another in both directions; defaults to none. */
  readonly prefix?: number;
}

/** One step's share in the readout: its states [tokens, carriedWidth], and a weight for each of them. */
export interface WeightedStep {
  readonly step: number;
  readonly states: Float32Array;
  readonly weights: ArrayLike<number>;
}

/** Σ_t p_t · logits_t [tokens, vocab], through the model's own lens: what a gated model says when it is read in the mean. */
export async function weightedLogits(
  engine: Engine,
  steps: AsyncIterable<WeightedStep> | Iterable<WeightedStep>,
  {tokens, prefix}: WeightedReadoutOptions
): Promise<Float32Array> {
  const {vocab} = engine.model;
  const sum = new Float32Array(tokens * vocab);
  for await (const {step, states, weights} of steps) {
    const logits = await engine.head(await engine.decode(states, {inits: 1, tokens, step, prefix}));
    for (let i = 0; i < sum.length; ++i) sum[i] += weights[Math.floor(i / vocab)] * logits[i];
  }
  return sum;
}
