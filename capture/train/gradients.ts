import * as tf from "@tensorflow/tfjs-core";
import {BEGIN, HEAD, lensStage, stagesOf, STEP, type Stage} from "../engine/stages.ts";
import type {Model} from "../model/family.ts";
import type {Ops} from "../model/ops.ts";
import type {Depth} from "./depth.ts";
import {NOTHING} from "./tasks/task.ts";
import {trainingOps} from "./trainingOps.ts";

/** What one update is made of. */
export interface TrainingBatch {
  readonly rows: number;
  readonly tokens: number;
  /** Token ids [rows, tokens]. */
  readonly ids: Int32Array;
  /** Where the loops start, [rows, tokens, carriedWidth]. */
  readonly start: Float32Array;
  readonly depth: Depth;
  /** The right tokens [rows, tokens] after each step at which the loss looks, by step; see Drawn. */
  readonly answers: ReadonlyMap<number, Int32Array>;
}

interface Gradients {
  readonly loss: number;
  /** By the model's names for its weights, each as long as the weight in the model. A weight without a part in the loss is not there. */
  readonly byWeight: ReadonlyMap<string, Float32Array>;
}

/**
 * The mean cross-entropy of the answers, and its gradient through the last `through` steps only: what comes before them runs
 * without one, and its state counts as a constant. The prelude has its gradient through the input of those steps.
 */
export function gradientsOf(model: Model, variables: ReadonlyMap<string, tf.Variable>, batch: TrainingBatch): Gradients {
  const stages = stagesOf(model);
  const {rows, tokens, depth} = batch;
  const {ops, dispose} = trainingOps(variables, {inits: rows, tokens});
  const pass = passOf(stages, ops);
  const byWeight = new Map<string, Float32Array>();
  const loss = tf.tidy((): tf.TensorContainer => {
    const ids = tf.tensor1d(batch.ids, "int32");
    const start = tf.tensor2d(batch.start, [rows * tokens, model.carriedWidth]);
    const state = tf.tidy(() => pass.steps(pass.begin(ids, start), depth.before));
    const {value, grads} = tf.variableGrads(
      () => lossOf(model, pass, {...batch, from: {...pass.begin(ids, start), state}}),
      [...variables.values()]
    );
    for (const [name, variable] of variables) {
      const gradient = grads[variable.name];
      if (gradient) byWeight.set(name, gradient.dataSync<"float32">().slice()); // a copy: the backend reuses its memory
    }
    return value.dataSync()[0];
  }) as number;
  dispose();
  return {loss, byWeight};
}

interface Looped {
  readonly state: tf.Tensor;
  /** What every step is given again; absent where nothing is injected. */
  readonly input?: tf.Tensor;
}

/** The model's stages over variables, for one batch. */
interface Pass {
  /** The input of the ids, and the state that the loop starts from: the given one, or the model's own where it makes one of the ids. */
  begin(ids: tf.Tensor, start: tf.Tensor): Looped;
  step(looped: Looped): Looped;
  /** The state after some steps. Call within tf.tidy; states on the way are freed. */
  steps(looped: Looped, count: number): tf.Tensor;
  logits(state: tf.Tensor): tf.Tensor;
}

function passOf(stages: ReadonlyMap<string, Stage>, ops: Ops<tf.Tensor>): Pass {
  const build = (stage: string, ...inputs: readonly tf.Tensor[]) => stages.get(stage)!.build<tf.Tensor>(ops, inputs);
  const lens = [...stages.keys()].find((name) => name.startsWith(lensStage("")))!; // the model's own comes first
  const isInjected = stages.get(STEP)!.inputs.length > 1;
  const step = ({state, input}: Looped): Looped => ({state: build(STEP, state, ...(input ? [input] : []))[0], input});
  return {
    begin: (ids, start) => {
      const made = [...build(BEGIN, ids)];
      const input = isInjected ? made.shift() : undefined;
      return {state: made[0] ?? start, input};
    },
    step,
    steps: (looped, count) => {
      let {state} = looped;
      for (let i = 0; i < count; ++i) {
        const next = tf.tidy(() => step({...looped, state}).state);
        if (i > 0) state.dispose();
        state = next;
      }
      return state;
    },
    logits: (state) => build(HEAD, build(lens, state)[0])[0]
  };
}

interface LossBatch extends TrainingBatch {
  readonly from: Looped;
}

/** The mean over the steps that have answers of the mean cross-entropy over the positions that have one. */
function lossOf({vocab}: Model, pass: Pass, {depth, answers, from}: LossBatch): tf.Scalar {
  let looped = from;
  const losses: tf.Scalar[] = [];
  for (let step = depth.before + 1; step <= depth.before + depth.through; ++step) {
    looped = pass.step(looped);
    const asked = answers.get(step);
    if (asked) losses.push(crossEntropy(pass.logits(looped.state), asked, vocab));
  }
  return tf.mul(tf.addN(losses), 1 / losses.length);
}

function crossEntropy(logits: tf.Tensor, answers: Int32Array, vocab: number): tf.Scalar {
  const right = new Float32Array(answers.length * vocab); // a table instead of a look-up: its gradient is a product
  let asked = 0;
  for (let i = 0; i < answers.length; ++i) {
    if (answers[i] === NOTHING) continue;
    right[i * vocab + answers[i]] = 1;
    asked += 1;
  }
  const logprobs = tf.logSoftmax(logits as tf.Tensor2D);
  return tf.mul(tf.sum(tf.mul(logprobs, tf.tensor2d(right, [answers.length, vocab]))), -1 / asked);
}
