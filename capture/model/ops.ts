/**
 * The operations that the model is written in. A value is, to the model, rows of numbers: one row per position,
 * inits × tokens rows in all; `T` is whatever an interpreter computes with. Weights are named, not passed.
 *
 * Attention weights ([inits, heads, tokens, tokens]) and row statistics ([rows, 1]) are values too. Element-wise
 * operations take two values of the same shape, or one with a last axis of 1, which is repeated.
 */
export interface Ops<T> {
  /** Rows of a weight table, by token id. */
  gather(table: string, ids: T): T;
  /** x Wᵀ + b, with W [out, in]. */
  linear(x: T, weight: string, bias?: string): T;
  /** x / √(mean(x²) + ε) · w, over each row. */
  rmsNorm(x: T, weight: string, eps: number): T;
  /** 1 / √(mean(x²) + ε) of each row. */
  inverseRms(x: T, eps: number): T;
  /** mean(a · b) of each row. */
  meanProduct(a: T, b: T): T;
  /** Every row times a weight vector. */
  times(x: T, weight: string): T;
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  /** x times a number. */
  scale(x: T, factor: number): T;
  /** Sum over the last axis, which stays with size 1. */
  sum(x: T): T;
  /** Side by side: rows of a, continued by rows of b. */
  concat(a: T, b: T): T;
  /** Equal parts of every row. */
  split(x: T, parts: number): T[];
  /** x · sigmoid(x). */
  silu(x: T): T;
  sigmoid(x: T): T;
  /** Each head's interleaved pairs (2j, 2j+1) rotated by position · base^(−2j / head width). */
  rope(x: T): T;
  /** mix(causalSoftmax(scores(q, k)), v), in one operation where the interpreter has one. */
  attention(q: T, k: T, v: T): T;
  /** q·k / √(head width) for every init, head and pair of tokens. */
  scores(q: T, k: T): T;
  /** Softmax over the last axis, with the keys after each query left out. */
  causalSoftmax(scores: T): T;
  /** Attention weights times the values, heads side by side again. */
  mix(weights: T, v: T): T;
  /** The value itself, under a name by which it can be recorded or replaced. */
  site(name: string, x: T): T;
}
