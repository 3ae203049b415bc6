import {initialStates} from "../loop/initialState.ts";
import type {Model} from "../model/family.ts";
import type {Recipe} from "./recipe.ts";

/** Where the rows' loops start, [rows, tokens, carriedWidth]: drawn, or zeros; zeros, too, where the model makes its start of the tokens. */
export function startOf(
  {model: {start}, tokens}: Pick<Recipe, "model" | "tokens">,
  model: Model,
  {rows, seed}: {readonly rows: number; readonly seed: number}
): Float32Array {
  const isDrawn = start === "random" && model.parts.every(({start}) => start.from === "noise");
  return isDrawn ? initialStates(model, {inits: rows, tokens, seed}) : new Float32Array(rows * tokens * model.carriedWidth);
}
