import * as tf from "@tensorflow/tfjs-core";
import type {Checkpoint} from "../../model/checkpoint.ts";
import type {Model} from "../../model/family.ts";
import type {Taps} from "../../model/site.ts";
import type {EngineInfo} from "../engine.ts";
import type {Runner, RunOptions} from "../runner.ts";
import {stagesOf, type Stage} from "../stages.ts";
import {tfjsBackend} from "./backend.ts";
import {tfjsOps, type TfjsWeights} from "./tfjsOps.ts";

interface TfjsRunnerOptions {
  readonly log: (line: string) => void;
}

/** Interprets the model by computing every operation at once in TensorFlow.js. */
export async function tfjsRunner(checkpoint: Checkpoint, {log}: TfjsRunnerOptions): Promise<Runner> {
  const info = await tfjsBackend(log);
  return runnerOver(checkpoint.model, {weights: await weightTensors(checkpoint), info});
}

/** The model over weights that are loaded already, variables among them; they are disposed of with the runner. */
export function runnerOver(model: Model, {weights, info}: {readonly weights: TfjsWeights; readonly info: EngineInfo}): Runner {
  const stages = stagesOf(model);
  return {
    info,
    run: async (stage, inputs, options) => runStage(stages.get(stage)!, weights, inputs, options),
    dispose: async () => tf.dispose([...weights.values()])
  };
}

function runStage(
  stage: Stage,
  weights: TfjsWeights,
  inputs: readonly (Float32Array | readonly number[])[],
  {step, taps, ...batch}: RunOptions
): Float32Array[] {
  const rows = batch.inits * batch.tokens;
  const outputs = tf.tidy(() => {
    const ops = tfjsOps(weights, {...batch, onSite: (site, value) => tapped(taps, site, step, value)});
    const values = inputs.map((input) =>
      input instanceof Float32Array ? tf.tensor2d(input, [rows, input.length / rows]) : tf.tensor1d(input as number[], "int32")
    );
    return [...stage.build<tf.Tensor>(ops, values)];
  });
  const arrays = outputs.map((output) => output.dataSync<"float32">().slice()); // a copy: the backend may reuse the memory
  tf.dispose(outputs);
  return arrays;
}

function tapped({tap, records, changes}: Taps, site: string, step: number, value: tf.Tensor): tf.Tensor {
  if (!records.includes(site) && !changes.includes(site)) return value;
  const changed = tap(site, step, value.dataSync<"float32">().slice());
  if (changed === undefined || !changes.includes(site)) return value;
  if (changed.length !== value.size) throw new RangeError(`invalid value for ${site}: ${changed.length} numbers; expected ${value.size}`);
  return tf.tensor(changed, value.shape);
}

async function weightTensors(checkpoint: Checkpoint): Promise<TfjsWeights> {
  const weights = new Map<string, tf.Tensor>();
  for (const {name, shape} of checkpoint.weights.values()) weights.set(name, tf.tensor(await checkpoint.read(name), [...shape]));
  return weights;
}
