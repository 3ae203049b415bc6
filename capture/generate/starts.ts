import {initialStates} from "../loop/initialState.ts";
import {isDrawn} from "../model/notOffered.ts";
import type {Model} from "../model/family.ts";
import type {GenerateSpec} from "./generateSpec.ts";

/** The initial states [count, carriedWidth] of positions from `from` on; `own` is the model's own start of them. */
export type StartsOf = (from: number, own: Float32Array) => Float32Array;

const FIRST_TOKENS = 256; // drawn at once; doubled as needed

/**
 * Starts that depend on the seed and the position alone, so that a position starts the same in a draft, in its verification and in a
 * capture of the whole text with the same seed.
 */
export function startsOf(model: Model, {seed, init: {kind, scale}}: Pick<GenerateSpec, "seed" | "init">): StartsOf {
  if (!isDrawn(model)) {
    return (_, own) => initialStates(model, {inits: 1, tokens: own.length / model.carriedWidth, seed, kind, scale, start: own});
  }
  let drawn = new Float32Array(0);
  return (from, own) => {
    const [begin, end] = [from * model.carriedWidth, from * model.carriedWidth + own.length];
    if (end > drawn.length) {
      const tokens = FIRST_TOKENS * 2 ** Math.max(0, Math.ceil(Math.log2(end / model.carriedWidth / FIRST_TOKENS)));
      drawn = initialStates(model, {inits: 1, tokens, seed, kind, scale}) as Float32Array<ArrayBuffer>; // the first tokens stay the same
    }
    return drawn.slice(begin, end);
  };
}
