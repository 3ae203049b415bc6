/** How the next token is chosen. Greedy unless `sample` is set. */
export interface SamplerOptions {
  /** Draw from the distribution; otherwise the likeliest token is taken and only `repetitionPenalty` has an effect. */
  readonly sample: boolean;
  /** Divides the logits; at 0, the limit, the likeliest token is taken, as without `sample`. */
  readonly temperature: number;
  /** Only this many of the likeliest tokens stay; 0 keeps all. */
  readonly topK: number;
  /** Tokens are dropped once the probabilities down to them add up to more than this; 0 to 1, the likeliest always stays. */
  readonly topP: number;
  /** Tokens less likely than this share of the likeliest are dropped; 0 to 1. */
  readonly minP: number;
  /** Divides the positive logits of tokens that are there already, and multiplies the negative ones; 1 changes nothing. */
  readonly repetitionPenalty: number;
}

export const GREEDY: SamplerOptions = {sample: false, temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1};

/**
 * Chooses the next token from logits [vocab], given the tokens so far. The order is the reference's (seal-rg/recurrent-pretraining at
 * 59e0b69): repetition penalty (Keskar et al. 2019, arXiv 1909.05858), temperature, softmax, top-k, top-p, min-p, one draw. As there,
 * top-p also drops the token that crosses the limit. `random` gives numbers in [0, 1) and is asked once, and only where it draws.
 */
export function chooseToken(logits: Float32Array, history: Iterable<number>, options: SamplerOptions, random: () => number): number {
  const scores = penalised(logits, history, options.repetitionPenalty);
  if (!isDrawn(options)) return argmax(scores);
  const probabilities = softmax(scores, options.temperature);
  const order = likeliestFirst(probabilities);
  const kept = Math.min(keptByTopK(order, options), keptByTopP(order, probabilities, options), keptByMinP(order, probabilities, options));
  return draw(order.subarray(0, kept), probabilities, random());
}

/** Whether tokens are drawn at all: at temperature 0, as llama.cpp and vLLM take it, they are not. */
export const isDrawn = ({sample, temperature}: Pick<SamplerOptions, "sample" | "temperature">): boolean => sample && temperature > 0;

/** The index of the largest number, the first among equals. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; ++i) if (values[i] > values[best]) best = i;
  return best;
}

function penalised(logits: Float32Array, history: Iterable<number>, penalty: number): Float32Array {
  if (penalty === 1) return logits;
  const scores = logits.slice(); // the caller's logits are not ours to write to
  for (const id of new Set(history)) scores[id] = scores[id] > 0 ? scores[id] / penalty : scores[id] * penalty;
  return scores;
}

function softmax(scores: Float32Array, temperature: number): Float64Array {
  const most = scores[argmax(scores)];
  const weights = Float64Array.from(scores, (score) => Math.exp((score - most) / temperature));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Token ids by falling probability, the smaller id first among equals. */
const likeliestFirst = (probabilities: Float64Array): Int32Array =>
  Int32Array.from(probabilities, (_, id) => id).sort((a, b) => probabilities[b] - probabilities[a] || a - b);

const keptByTopK = (order: Int32Array, {topK}: SamplerOptions): number => (topK > 0 ? Math.min(topK, order.length) : order.length);

function keptByTopP(order: Int32Array, probabilities: Float64Array, {topP}: SamplerOptions): number {
  if (topP >= 1) return order.length;
  let sum = 0;
  let kept = 0;
  while (kept < order.length) {
    sum += probabilities[order[kept]];
    if (sum > topP) break;
    ++kept;
  }
  return Math.max(1, kept);
}

function keptByMinP(order: Int32Array, probabilities: Float64Array, {minP}: SamplerOptions): number {
  const least = minP * probabilities[order[0]];
  let kept = 1;
  while (kept < order.length && probabilities[order[kept]] >= least) ++kept;
  return kept;
}

function draw(kept: Int32Array, probabilities: Float64Array, uniform: number): number {
  let total = 0;
  for (const id of kept) total += probabilities[id];
  let left = uniform * total;
  for (const id of kept) {
    left -= probabilities[id];
    if (left < 0) return id;
  }
  return kept[kept.length - 1]; // rounding may leave a rest
}
