/** How positions become angles. */
export interface Rope {
  /** Features that turn together: neighbours (2j, 2j + 1), or one of each half (j, j + width / 2). */
  readonly pairs: "neighbours" | "halves";
  readonly base: number;
  /** Slows down the low frequencies; defaults to none. */
  readonly scaling?: RopeScaling;
}

/** Llama 3's scaling: wavelengths beyond `original / lowFactor` are `factor` times as long, those below `original / highFactor` stay, and between them the two are mixed. */
export interface RopeScaling {
  readonly factor: number;
  readonly lowFactor: number;
  readonly highFactor: number;
  /** Positions that the model was first trained for. */
  readonly original: number;
}

/** How many heads queries have, and keys and values: a multiple of these share each of them, neighbours together. */
export interface Heads {
  readonly heads: number;
  readonly kvHeads: number;
}

/**
 * The operations that models are written in. A value is, to a model, rows of numbers: one row per position,
 * inits × tokens rows in all; `T` is whatever an interpreter computes with. Weights are named, not passed. Where a row
 * stands in its sequence, what it may see and what a cache holds is the interpreter's to know, not the model's.
 *
 * Attention weights ([inits, heads, tokens, tokens]) and row statistics ([rows, 1]) are values too. Element-wise
 * operations take two values of the same shape, or one with a last axis of 1, which is repeated.
 */
export interface Ops<T> {
  /** Rows of a weight table, by token id. */
  gather(table: string, ids: T): T;
  /** x Wᵀ + b, with W [out, in]. */
  linear(x: T, weight: string, bias?: string): T;
  /** x / √(mean(x²) + ε) · w, over each row; without a weight, not multiplied. */
  rmsNorm(x: T, weight: string | undefined, eps: number): T;
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
  /** Every row cut into pieces of these sizes. */
  split(x: T, sizes: readonly number[]): T[];
  /** x · sigmoid(x). */
  silu(x: T): T;
  sigmoid(x: T): T;
  /** Each of `heads` heads' pairs of features rotated by position · frequency. */
  rope(x: T, rope: Rope, heads: number): T;
  /**
   * mix(maskedSoftmax(scores(q, k)), v), in one operation where the interpreter has one. `name` tells the attentions of a pass apart:
   * under it a cache keeps keys and values, and what it kept of earlier tokens comes before those of the call.
   */
  attention(q: T, k: T, v: T, heads: Heads & {readonly name: string}): T;
  /** q·k / √(head width) for every init, head and pair of tokens. */
  scores(q: T, k: T, heads: Heads): T;
  /** Softmax over the last axis, with the keys left out that a query may not see. */
  maskedSoftmax(scores: T): T;
  /** Attention weights times the values, heads side by side again. */
  mix(weights: T, v: T, heads: Heads): T;
  /** The value itself, under a name by which it can be recorded or replaced. */
  site(name: string, x: T): T;
}
