import {engineOver} from "../engine/runner.ts";
import type {Engine} from "../engine/engine.ts";
import {runnerOver} from "../engine/tfjs/tfjsRunner.ts";
import {trainingBackend} from "../engine/tfjs/trainingBackend.ts";
import type {Model} from "../model/family.ts";
import {Refusal} from "../trace/refusal.ts";
import {adamW, clip, gradientNorm} from "./adamW.ts";
import {writeCheckpoint} from "./checkpointFiles.ts";
import {drawDepth} from "./depth.ts";
import {gradientsOf} from "./gradients.ts";
import {startOf} from "./startOf.ts";
import {measure, type MeasureOptions} from "./measure.ts";
import {checkProbe, keepProbe} from "./probe.ts";
import {randomAt, seedAt} from "./randomAt.ts";
import type {Recipe} from "./recipe.ts";
import {openTraining} from "./trainingFolder.ts";
import {tasks} from "./tasks/tasks.ts";
import type {Task} from "./tasks/task.ts";
import {modelOf} from "./trainedModel.ts";
import type {LogLine} from "./logLine.ts";
import {appendLog} from "./trainingLog.ts";
import {saveState, type TrainingState} from "./trainingState.ts";
import {assign, variablesOf} from "./variables.ts";

interface TrainingProgress {
  /** Updates that are done. */
  readonly update: number;
  readonly loss: number;
  /** Until the last update, by the pace so far; null while there is none. */
  readonly secondsLeft: number | null;
}

interface TrainOptions extends Pick<MeasureOptions, "correlationOf"> {
  /** Stops after an update, with what is done saved. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Told, in one line, what the user should know; defaults to nobody. */
  readonly log?: (line: string) => void;
}

/**
 * Trains what a recipe asks for into a folder, or goes on with the run that is there: to the same bits as without the stop, on the same backend. The folder
 * is a checkpoint of its model from the first save on. Answers with the updates that are done: fewer than the recipe's where the signal stopped it. Throws a
 * Refusal where the loss is no number; the folder then holds the last state that was saved.
 */
export async function train(
  recipe: Recipe,
  dir: string,
  {signal, onProgress = () => {}, log = () => {}, correlationOf}: TrainOptions
): Promise<number> {
  const task: Task = tasks[recipe.task];
  checkProbe(recipe, task);
  const model = modelOf(recipe, task);
  const folder = await openTraining(dir, recipe, model);
  try {
    const info = await trainingBackend(log);
    const variables = variablesOf(model);
    const values = new Map([...folder.state.trained].map(([name, {value}]) => [name, value]));
    const engine = engineOver(runnerOver(model, {weights: variables, info}), {
      kind: "tfjs",
      compute: "f32",
      checkpoint: {model, read: async (name) => values.get(name)!, close: async () => {}}
    });
    try {
      return await run({recipe, dir, task, model, variables, engine, state: folder.state, signal, onProgress, correlationOf});
    } finally {
      await engine.dispose();
    }
  } finally {
    await folder.close();
  }
}

interface Run extends TrainOptions {
  readonly recipe: Recipe;
  readonly dir: string;
  readonly task: Task;
  readonly model: Model;
  readonly variables: ReturnType<typeof variablesOf>;
  readonly engine: Engine;
  readonly state: TrainingState;
  readonly onProgress: (progress: TrainingProgress) => void;
}

async function run(parts: Run): Promise<number> {
  const {recipe, dir, model, variables, state, signal, onProgress} = parts;
  const {trained} = state;
  let saved = state.update;
  assign(variables, model, trained);
  const save = async (update: number) => {
    await writeCheckpoint(dir, parts);
    await keepProbe(dir, parts, update);
    await saveState(dir, {update, trained}); // last: a run that is killed before it goes on from the state before, and makes the two again
    saved = update;
  };
  if (state.update === 0) {
    await appendLog(dir, {...nothingYet, measured: await measure(parts.engine, parts)});
    if (signal?.aborted) return 0; // there is nothing to save
    await save(0);
  }
  const begun = performance.now(); // of updates: the first look and save take as long as many of them
  for (let update = state.update + 1; update <= recipe.updates; ++update) {
    if (signal?.aborted) {
      if (saved < update - 1) await save(update - 1);
      return update - 1;
    }
    const line = updateOnce(parts, update);
    if (typeof line === "string")
      throw new Refusal(`${line} at update ${update}: the run is stopped; ${dir} keeps the model of update ${saved}`, {kind: "unusable"});
    const isLast = update === recipe.updates;
    const measured = update % recipe.measure_every === 0 || isLast ? await measure(parts.engine, parts) : null;
    await appendLog(dir, {...line, measured});
    if (update % recipe.save_every === 0 || isLast) await save(update);
    const pace = (performance.now() - begun) / (update - state.update) / 1000;
    onProgress({update, loss: line.loss!, secondsLeft: pace * (recipe.updates - update)});
    await new Promise(setImmediate); // signals and messages are heard between two updates
  }
  return recipe.updates;
}

const nothingYet: Omit<LogLine, "measured"> = {update: 0, loss: null, gradient_norm: null, rate: null, before: null, through: null};

/** One update of weights and variables, in place; what is wrong where the loss or its gradient is no number, with nothing changed. */
function updateOnce({recipe, task, model, variables, state: {trained}}: Run, update: number): Omit<LogLine, "measured"> | string {
  const {rows, tokens, seed, optimiser} = recipe;
  const depth = drawDepth(recipe, update, randomAt(seed, "depth", update));
  const start = startOf(recipe, model, {rows, seed: seedAt(seed, "start", update)});
  const drawn = task.draw(randomAt(seed, "rows", update), {rows, tokens, start, families: recipe.families});
  const last = depth.before + depth.through;
  const first = recipe.loss === "last" ? last : depth.before + 1;
  const answers = new Map(Array.from({length: last - first + 1}, (_, i) => [first + i, drawn.answers(first + i)]));
  const {loss, byWeight} = gradientsOf(model, variables, {rows, tokens, ids: drawn.ids, start, depth, answers});
  const norm = gradientNorm(byWeight.values());
  if (!Number.isFinite(loss)) return `the loss is ${loss}`;
  if (!Number.isFinite(norm)) return `the gradient is ${norm} long`;
  clip(byWeight.values(), norm, optimiser.clip);
  const rate = rateAt(recipe, update);
  for (const {name, shape} of model.weights) {
    const gradient = byWeight.get(name);
    const decay = shape.length > 1 ? optimiser.decay : 0;
    if (gradient) adamW(trained.get(name)!, gradient, update, {...optimiser, rate, decay});
  }
  assign(variables, model, trained);
  return {update, loss, gradient_norm: norm, rate, before: depth.before, through: depth.through};
}

/** The rate of an update, from 1: it grows over the warm-up, stays, and falls over the cool-down. */
export function rateAt({updates, optimiser: {rate, warmup, cooldown}}: Pick<Recipe, "updates" | "optimiser">, update: number): number {
  const grown = warmup === 0 ? 1 : Math.min(1, update / warmup);
  const left = cooldown === 0 ? 1 : Math.min(1, (updates - update + 1) / cooldown);
  return rate * Math.min(grown, left);
}
