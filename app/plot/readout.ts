import {numberedToken} from "../../api/contract/choices.ts";
import type {Tensors} from "../source/safetensors.ts";
import type {Field} from "./field.ts";
import type {Spot} from "./spot.ts";

/** The most likely tokens at each state: `ids` and `logProbabilities` by [step][init][token][rank]. */
export interface Readout {
  readonly steps: number;
  readonly inits: number;
  readonly tokens: number;
  readonly top: number;
  readonly ids: ArrayLike<number>;
  readonly logProbabilities: ArrayLike<number>;
  /** Texts of all ids that occur. */
  readonly words: ReadonlyMap<number, string>;
}

export interface TopWord {
  readonly id: number;
  readonly text: string;
  readonly logProbability: number;
}

/** The most likely next tokens at a state, likeliest first. */
export function topWordsAt({inits, tokens, top, ids, logProbabilities, words}: Readout, {step, init, token}: Spot): TopWord[] {
  const at = ((step * inits + init) * tokens + token) * top;
  return Array.from({length: top}, (_, k) => {
    const id = ids[at + k];
    return {id, text: words.get(id) ?? numberedToken(id), logProbability: logProbabilities[at + k]};
  });
}

/** The readout of a message, with the texts of its ids; undefined when it has none. */
export function readoutOf({tensors}: Tensors, words: ReadonlyMap<number, string>): Readout | undefined {
  const {top_ids, top_logprobs} = tensors;
  if (!top_ids || !top_logprobs) return undefined;
  const [steps, inits, tokens, top] = top_ids.shape;
  return {steps, inits, tokens, top, ids: top_ids.data, logProbabilities: top_logprobs.data, words};
}

/**
 * Rank of the last step's best token among the top tokens of each step, from 1; one more than the number kept where it is not
 * among them. It says from which step on the answer is there.
 */
export function rankField({steps, inits, tokens, top, ids}: Readout): Field {
  const values = new Float32Array(steps * inits * tokens);
  const paths = inits * tokens;
  for (let path = 0; path < paths; ++path) {
    const answer = ids[((steps - 1) * paths + path) * top];
    for (let step = 0; step < steps; ++step) {
      const at = (step * paths + path) * top;
      let rank = 0;
      while (rank < top && ids[at + rank] !== answer) ++rank;
      values[step * paths + path] = rank + 1;
    }
  }
  return {steps, inits, tokens, values};
}
