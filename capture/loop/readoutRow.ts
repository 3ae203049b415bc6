/** log softmax of logits, into `out` (same length; may be the logits themselves). Sums in double precision. */
export function logSoftmax(logits: Float32Array, out: Float32Array): Float32Array {
  let max = -Infinity;
  for (let i = 0; i < logits.length; ++i) if (logits[i] > max) max = logits[i];
  let sum = 0;
  for (let i = 0; i < logits.length; ++i) sum += Math.exp(logits[i] - max);
  const shift = max + Math.log(sum);
  for (let i = 0; i < logits.length; ++i) out[i] = logits[i] - shift;
  return out;
}

/** −Σ p log p in nats, of log-probabilities; 0 log 0 is 0. */
export function entropyOf(logprobs: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < logprobs.length; ++i) {
    const p = Math.exp(logprobs[i]);
    if (p > 0) sum -= p * logprobs[i];
  }
  return Math.max(0, sum); // rounding may leave a certain outcome just below it
}

/** KL(p ‖ q) = Σ p (log p − log q) in nats, of log-probabilities; at least 0. */
export function divergenceOf(p: Float32Array, q: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; ++i) {
    const probability = Math.exp(p[i]);
    if (probability > 0) sum += probability * (p[i] - q[i]);
  }
  return Math.max(0, sum);
}

/** Indices of the `ids.length` largest log-probabilities, largest first, the smaller index first among equals; written to `ids` and `values`. */
export function topOf(logprobs: Float32Array, ids: Int32Array, values: Float32Array): void {
  const count = ids.length;
  let filled = 0;
  for (let i = 0; i < logprobs.length; ++i) {
    const value = logprobs[i];
    if (filled === count && !(value > values[count - 1])) continue;
    let place = filled < count ? filled++ : count - 1;
    for (; place > 0 && value > values[place - 1]; --place) {
      values[place] = values[place - 1];
      ids[place] = ids[place - 1];
    }
    values[place] = value;
    ids[place] = i;
  }
}
