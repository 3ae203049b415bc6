import * as tf from "@tensorflow/tfjs-core";
import {expect, it} from "vitest";
import {trainingBackend} from "../../../capture/engine/tfjs/trainingBackend.ts";
import {initialStates} from "../../../capture/loop/initialState.ts";
import {gradientsOf} from "../../../capture/train/gradients.ts";
import {randomAt} from "../../../capture/train/randomAt.ts";
import {recipeSchema} from "../../../capture/train/recipe.ts";
import {clock} from "../../../capture/train/tasks/clock.ts";
import {isOfFamily, modelOf} from "../../../capture/train/trainedModel.ts";
import {firstState, type TrainingState} from "../../../capture/train/trainingState.ts";
import {assign, variablesOf} from "../../../capture/train/variables.ts";

const [rows, tokens, width] = [2, 4, 12];

const recipeWith = (changes: object) =>
  recipeSchema.parse({task: "clock", updates: 1, rows, tokens, model: {width, heads: 2, hidden: 20, prelude: 0, ...changes}});

/** The loss of a changed model after two steps, with weights of its own or those that are given. */
function lossOf(changes: object, trained?: TrainingState["trained"]): number {
  const model = modelOf(recipeWith(changes), clock);
  const start = initialStates(model, {inits: rows, tokens, seed: 1});
  const drawn = clock.draw(randomAt(1, "rows"), {rows, tokens, start});
  const variables = variablesOf(model);
  assign(variables, model, trained ?? firstState(model, {seed: 3}).trained);
  const depth = {before: 1, through: 1};
  const {loss} = gradientsOf(model, variables, {rows, tokens, ids: drawn.ids, start, depth, answers: new Map([[2, drawn.answers(2)]])});
  tf.disposeVariables();
  return loss;
}

it("a sum in place of the adapter is an adapter of two identities, and embeddings as they stand are heard as much less as they are shorter", async () => {
  await trainingBackend(() => {});
  const {trained} = firstState(modelOf(recipeWith({}), clock), {seed: 3});
  const adapterOf = (ofInput: number) =>
    new Map(trained).set("adapter", {
      ...trained.get("adapter")!,
      value: Float32Array.from({length: 2 * width * width}, (_, i) => {
        const [row, column] = [Math.floor(i / (2 * width)), i % (2 * width)];
        return column === row ? 1 : column === row + width ? ofInput : 0;
      })
    });
  const own = lossOf({}, adapterOf(1));
  expect(lossOf({injection: "add"}, trained)).toBeCloseTo(own, 6);
  const plain = lossOf({injection: "add", embedding: "plain"}, trained);
  expect(plain).toBeCloseTo(lossOf({}, adapterOf(1 / Math.sqrt(width))), 6);
  expect(Math.abs(plain - own)).toBeGreaterThan(1e-3);
});

it("only the authors' own model is one that the family knows", () => {
  const changes = [{}, {init: "fan-in"}, {start: "zero"}, {norm: "pre"}, {injection: "none"}, {injection: "add"}, {embedding: "plain"}];
  expect(changes.map((change) => isOfFamily(recipeWith(change)))).toEqual([true, true, true, false, false, false, false]);
});
