import type {Run} from "../../api/contract/contract.ts";
import {padded, type Field} from "../plot/field.ts";
import type {Tensors} from "../source/safetensors.ts";
import type {Spot} from "../state/view.ts";

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

/** Everything of one run that the views draw, as far as it has been computed. */
export interface RunData extends Run {
  /** Fields by name: distance, step_norm, step_cosine, entropy, kl_prev, kl_final, rank. */
  readonly fields: Readonly<Record<string, Field>>;
  readonly readout: Readout | undefined;
  /** Texts of the prompt's tokens. */
  readonly names: readonly string[];
  /** The last step there is. */
  readonly lastStep: number;
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
    return {id, text: words.get(id) ?? `#${id}`, logProbability: logProbabilities[at + k]};
  });
}

/** Every three-dimensional tensor of a message as a field of that name. */
export function fieldsOf({tensors, metadata}: Tensors): Record<string, Field> {
  const fields: Record<string, Field> = {};
  const firstStep = Number(metadata.first_step ?? 0); // sites inside a step begin at step 1
  for (const [name, {shape, data}] of Object.entries(tensors)) {
    if (shape.length === 3)
      fields[name] = {
        steps: shape[0] + firstStep,
        inits: shape[1],
        tokens: shape[2],
        values: padded(data as Float32Array, firstStep * shape[1] * shape[2])
      };
  }
  return fields;
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
