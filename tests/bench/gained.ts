import {matrixOf, type Matrix} from "../../analysis/matrix.ts";
import {toBfloat16} from "../../analysis/patterns/path/rounding.ts";
import {statesOf, type States} from "../../analysis/states.ts";
import type {Engine} from "../../capture/engine/engine.ts";
import {onnxRunner} from "../../capture/engine/onnx/onnxRunner.ts";
import {engineOver} from "../../capture/engine/runner.ts";
import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {initialStates} from "../../capture/loop/initialState.ts";
import type {Checkpoint} from "../../capture/model/checkpoint.ts";
import {ownPrefix} from "../../capture/model/family.ts";
import {partOf} from "../../capture/model/parts.ts";
import {seedAt} from "../../capture/train/randomAt.ts";
import {joined} from "../support/inChunks.ts";

const LOOPED = /^(core|low|high)\.\d+\./; // blocks that every step passes, by the families' own names

/** A model whose loop turns its state over `gain` times as strongly: all matrices of the recurrent blocks, and the adapter's part that reads the state, multiplied by it; what is injected stays as it was trained. */
export async function gainedEngine(folder: string, gain: number): Promise<Engine> {
  const checkpoint = await loadCheckpoint(folder);
  const gained: Checkpoint = {
    ...checkpoint,
    read: async (name, from = 0, count) => {
      const numbers = await checkpoint.read(name, from, count);
      const [, columns] = checkpoint.weights.get(name)!.shape;
      if (columns === undefined) return numbers;
      if (LOOPED.test(name)) return numbers.map((x) => gain * x);
      return name === "adapter" ? numbers.map((x, i) => ((from + i) % columns < checkpoint.model.width ? gain * x : x)) : numbers;
    }
  };
  // Weights that lie in a file beside the graph would be read from there, as they are.
  const runner = await onnxRunner(gained, {dtype: "f32", device: "cpu", largeBytes: Infinity, threads: 1, log: () => {}});
  return engineOver(runner, {kind: "onnx", compute: "f32", checkpoint: gained});
}

export interface CourseOptions {
  /** Token ids of prompts, all of them equally many. */
  readonly prompts: readonly (readonly number[])[];
  /** Initial states of each prompt. */
  readonly inits: number;
  /** Steps that are seen. */
  readonly steps: number;
  /** Steps after them. */
  readonly further: number;
  /** States that are kept at the end of those. */
  readonly kept: number;
  /** Whether the loop rounds its state to bfloat16 at every step. */
  readonly rounded: boolean;
  readonly seed: number;
}

/** A prompt's states from step 0, and the last states of each of its paths, in the order [init][token]. */
export interface PromptCourse {
  readonly seen: States;
  readonly ends: readonly Matrix[];
}

/** The courses of all prompts, which go through the loop together. */
export async function coursesOf(
  engine: Engine,
  {prompts, inits, steps, further, kept, rounded, seed}: CourseOptions
): Promise<PromptCourse[]> {
  const {model} = engine;
  const tokens = prompts[0].length;
  const prefix = ownPrefix(model, tokens);
  const [starts, inputs]: [Float32Array[], Float32Array[]] = [[], []];
  for (const [i, ids] of prompts.entries()) {
    const {input, start} = await engine.begin(ids, {prefix});
    starts.push(initialStates(model, {inits, tokens, seed: seedAt(seed, "measured start", i), start}));
    for (let init = 0; init < inits; ++init) inputs.push(input);
  }
  const stored = (states: Float32Array): Float32Array => (rounded ? toBfloat16(states) : states);
  const input = joined(inputs);
  const batch = {inits: prompts.length * inits, tokens, prefix};
  let carried = stored(joined(starts));
  const seen = [partOf(model, carried)];
  let last: Float32Array[] = [];
  for (let step = 1; step <= steps + further; ++step) {
    carried = stored(await engine.step(carried, input, batch));
    if (step <= steps) seen.push(partOf(model, carried));
    last = [...last.slice(last.length < kept ? 0 : 1), carried];
  }
  const ends = last.map((states) => partOf(model, states));
  const size = inits * tokens * model.width;
  return prompts.map((_, i) => ({
    seen: statesOf(
      {steps: steps + 1, inits, tokens, width: model.width},
      joined(seen.map((states) => states.subarray(i * size, (i + 1) * size)))
    ),
    ends: Array.from({length: inits * tokens}, (_, row) => {
      const from = i * size + row * model.width;
      return matrixOf(ends.length, model.width, joined(ends.map((states) => states.subarray(from, from + model.width))));
    })
  }));
}
