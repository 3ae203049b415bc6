/** Keys and values of positions at one attention, rows `[init][position][kvHeads · head width]`; keys are rotated. */
export interface KeysValues {
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

/**
 * What attention sees beside the tokens of a call. Attentions are told apart by the names that the model's functions give them
 * (`core.0`); which step, slot or strategy their keys come from is the cache's own affair.
 */
export interface AttentionCache {
  /** Earlier positions that every attention of the call sees. */
  readonly length: number;
  /** Keys and values of the earlier positions, [inits, length, kvHeads · head width]. */
  past(attention: string): KeysValues;
  /** Takes those of the call's own tokens, [inits, tokens, kvHeads · head width]; the arrays are the cache's to keep. */
  keep(attention: string, made: KeysValues): void;
}

/** What the attentions of several steps see of earlier positions, one sequence at a time: rows are picked where they lie. */
export interface StepsCache {
  /** Earlier positions that every attention sees at each of the steps. */
  readonly length: number;
  /** Rows of all earlier positions [entries, kvHeads · head width]. */
  readonly all: KeysValues;
  /** Which of them each attention sees at each step, [steps, attentions, length]. */
  readonly entries: Int32Array;
  /** Takes those of the call's own tokens, [steps, tokens, attentions · kvHeads · head width]; the arrays are the cache's to keep. */
  keep(made: KeysValues): void;
}

/** Where a call's tokens stand in their sequence, and what they see there. */
export interface Placement {
  /** Each token's place in the sequence, the same for all inits; defaults to 0, 1, 2, …, or to what follows the cache's length. */
  readonly positions?: readonly number[];
  /** Tokens at the start of the call that see one another in both directions; the others see what lies before them. Defaults to 0. */
  readonly prefix?: number;
  /** Earlier positions; defaults to none. */
  readonly cache?: AttentionCache;
}

/** What is left out is −∞ in torch; a large number instead, as a backend may make NaN of the difference of two infinities. */
export const MASKED = -1e30;

/** 0 where a token may see a key, `masked` where not: [tokens, length + tokens], earlier positions first. */
export function maskOf(tokens: number, {prefix = 0, cache}: Placement, masked: number): Float32Array {
  const length = cache?.length ?? 0;
  const keys = length + tokens;
  return Float32Array.from({length: tokens * keys}, (_, i) => {
    const [query, key] = [Math.floor(i / keys), (i % keys) - length];
    return key <= query || (query < prefix && key < prefix) ? 0 : masked;
  });
}

/** Whether attention is anything but causal over the call's own tokens. */
export const isPlaced = ({prefix = 0, cache}: Placement): boolean => prefix > 0 || cache !== undefined;

/** Each token's place in its sequence. */
export const positionsOf = (tokens: number, {positions, cache}: Placement): readonly number[] =>
  positions ?? Array.from({length: tokens}, (_, i) => (cache?.length ?? 0) + i);
