import {PATTERNS, type Pattern} from "../../api/contract/choices.ts";
import type {Points} from "../plot/field.ts";
import type {Tensors} from "../source/safetensors.ts";

/** The traces that a census kept, as one picture: the tokens of all of them side by side. */
export interface KeptPoints {
  readonly points: Points;
  readonly labelOf: (init: number, token: number) => Pattern;
  /** Which prompt a token of the picture is of, which token of it, and its text. */
  readonly placeOf: (token: number) => {readonly prompt: number; readonly token: number; readonly text: string};
  readonly texts: readonly string[];
  /** Prompts that are drawn, of those whose traces were kept. */
  readonly drawn: number;
  readonly kept: number;
  /** How far a UMAP picture can be trusted, 0 to 1; undefined for components. */
  readonly trustworthiness: number | undefined;
}

export function keptPoints({tensors, metadata}: Tensors): KeptPoints {
  const {points, prompt, token: tokenOf, label} = tensors;
  const [steps, inits, tokens, dims] = points.shape;
  const texts = JSON.parse(metadata.texts) as string[];
  return {
    points: {steps, inits, tokens, dims, values: points.data as Float32Array},
    labelOf: (init, token) => PATTERNS[label.data[init * tokens + token]],
    placeOf: (token) => ({prompt: prompt.data[token], token: tokenOf.data[token], text: texts[token]}),
    texts,
    drawn: Number(metadata.drawn),
    kept: Number(metadata.kept),
    trustworthiness: metadata.trustworthiness === undefined ? undefined : Number(metadata.trustworthiness)
  };
}

/** A row for each state: prompt, token, text, init, label, step, and its place. */
export function* keptRows({points: {steps, inits, tokens, values}, labelOf, placeOf}: KeptPoints): Generator<readonly (string | number)[]> {
  for (let step = 0, at = 0; step < steps; ++step)
    for (let init = 0; init < inits; ++init)
      for (let k = 0; k < tokens; ++k, at += 2) {
        const {prompt, token, text} = placeOf(k);
        yield [prompt, token, text, init, labelOf(init, k), step, values[at], values[at + 1]];
      }
}
