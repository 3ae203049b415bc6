import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import {beforeAll, describe, expect, it} from "vitest";
import {trainingBackend} from "../../../capture/engine/tfjs/trainingBackend.ts";
import {initialStates} from "../../../capture/loop/initialState.ts";
import {encodeSafetensors} from "../../../capture/trace/safetensors.ts";
import {gradientsOf, type TrainingBatch} from "../../../capture/train/gradients.ts";
import {randomAt} from "../../../capture/train/randomAt.ts";
import {recipeSchema} from "../../../capture/train/recipe.ts";
import {clock} from "../../../capture/train/tasks/clock.ts";
import {configOf, modelOf} from "../../../capture/train/trainedModel.ts";
import {firstState} from "../../../capture/train/trainingState.ts";
import {assign, variablesOf} from "../../../capture/train/variables.ts";
import {pythonWith} from "../../support/python.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

/** Runs the script that it is given, with the arguments that follow. */
const RUN = 'import runpy, sys; del sys.argv[0]; runpy.run_path(sys.argv[0], run_name="__main__")';

const recipe = recipeSchema.parse({
  task: "clock",
  updates: 1,
  rows: 3,
  tokens: 5,
  model: {width: 12, heads: 2, hidden: 20},
  depth: {kind: "uniform", most: 3, through: 3},
  loss: "every"
});
const model = modelOf(recipe, clock);

/** A batch with two steps before those that a gradient goes through, and weights large enough that every one of them matters. */
function example() {
  const {rows, tokens} = recipe;
  const {trained} = firstState(model, {seed: 3});
  const random = randomAt(5, "weights");
  for (const {value} of trained.values()) for (let i = 0; i < value.length; ++i) value[i] += 0.4 * (random() - 0.5);
  const start = initialStates(model, {inits: rows, tokens, seed: 1});
  const drawn = clock.draw(randomAt(1, "rows"), {rows, tokens, start});
  const answers = new Map([3, 4, 5].map((step) => [step, drawn.answers(step)]));
  const batch: TrainingBatch = {rows, tokens, ids: drawn.ids, start, depth: {before: 2, through: 3}, answers};
  return {trained, batch};
}

describe("gradientsOf", () => {
  beforeAll(async () => void (await trainingBackend(() => {})));

  it("has a gradient by every weight, right by central differences where no step is without one", () => {
    const {trained, batch} = example();
    const whole = {...batch, depth: {before: 0, through: 5}}; // a difference moves what comes before, too
    const variables = variablesOf(model);
    const lossAt = () => {
      assign(variables, model, trained);
      return gradientsOf(model, variables, whole);
    };
    const {byWeight} = lossAt();
    expect([...byWeight.keys()].sort()).toEqual(model.weights.map(({name}) => name).sort());
    let worst = 0;
    for (const [name, {value}] of trained) {
      const direction = Float32Array.from(value, (_, i) => Math.cos(3 * i + 1)); // any one that no symmetry of the model hides
      const along = direction.reduce((sum, d, i) => sum + d * byWeight.get(name)![i], 0);
      const before = value.slice();
      const moved = (by: number) => {
        value.set(before.map((x, i) => x + by * direction[i]));
        const {loss} = lossAt();
        value.set(before);
        return loss;
      };
      const size = 2e-3;
      const difference = (moved(size) - moved(-size)) / (2 * size);
      worst = Math.max(worst, Math.abs(along - difference) / (Math.abs(difference) + 0.05));
    }
    console.log(`gradients against central differences: at most ${(100 * worst).toFixed(2)} % apart, over ${trained.size} weights`);
    expect(worst).toBeLessThan(0.02);
    tf.disposeVariables();
  });

  it("leaves the steps before out of the gradient, and not out of the loss", () => {
    const {trained, batch} = example();
    const variables = variablesOf(model);
    assign(variables, model, trained);
    const cut = gradientsOf(model, variables, batch);
    const whole = gradientsOf(model, variables, {...batch, depth: {before: 0, through: 5}});
    expect(cut.loss).toBeCloseTo(whole.loss, 5);
    expect(cut.byWeight.get("adapter")).not.toEqual(whole.byWeight.get("adapter"));
    tf.disposeVariables();
  });

  it("keeps no tensor when it is done", () => {
    const {trained, batch} = example();
    const variables = variablesOf(model);
    assign(variables, model, trained);
    const before = tf.memory().numTensors;
    gradientsOf(model, variables, batch);
    expect(tf.memory().numTensors).toBe(before);
    tf.disposeVariables();
  });

  const python = pythonWith("torch", "safetensors");
  it.skipIf(!python)("are PyTorch's own to 1e-5", async () => {
    const {trained, batch} = example();
    const variables = variablesOf(model);
    assign(variables, model, trained);
    const {loss, byWeight} = gradientsOf(model, variables, batch);
    const dir = await temporaryFolder();
    const weights = Object.fromEntries(
      model.weights.map(({name, source, sourceShape}) => [source, {shape: sourceShape, data: trained.get(name)!.value}])
    );
    const {rows, tokens} = batch;
    const rest = {
      ids: {shape: [rows, tokens], data: batch.ids},
      start: {shape: [rows, tokens, model.width], data: batch.start},
      ...Object.fromEntries([...batch.answers].map(([step, answers]) => [`answers.${step}`, {shape: [rows, tokens], data: answers}]))
    };
    await writeFile(join(dir, "model.safetensors"), encodeSafetensors(weights));
    await writeFile(join(dir, "batch.safetensors"), encodeSafetensors(rest));
    await writeFile(join(dir, "config.json"), JSON.stringify({...configOf(recipe, clock), ...batch.depth}));
    const torch = JSON.parse(python!(RUN, join(import.meta.dirname, "../../bench/peers/train.py"), "gradients", dir)) as {
      loss: number;
      gradients: Record<string, number[]>;
    };
    let worst = 0;
    for (const {name, source} of model.weights)
      torch.gradients[source].forEach((g, i) => {
        worst = Math.max(worst, Math.abs(g - byWeight.get(name)![i]));
      });
    console.log(`gradients against PyTorch's: at most ${worst.toExponential(1)} apart; loss ${loss} and ${torch.loss}`);
    expect(worst).toBeLessThan(1e-5);
    expect(loss).toBeCloseTo(torch.loss, 5);
    tf.disposeVariables();
  });
});
