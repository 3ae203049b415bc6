import * as tf from "@tensorflow/tfjs-core";
import type {Batch} from "../engine.ts";
import type {ModelConfig} from "../../families/huginn/config.ts";
import type {Ops} from "../../model/ops.ts";
import {ropeTablesOf} from "../../model/rope.ts";

export type TfjsWeights = ReadonlyMap<string, tf.Tensor>;

export interface TfjsOpsOptions extends Batch {
  /** What becomes of a named value; defaults to the value itself. */
  readonly onSite?: (name: string, value: tf.Tensor) => tf.Tensor;
}

/** The operations in TensorFlow.js, for one batch. Call within tf.tidy; every operation has a gradient. */
export function tfjsOps(
  config: ModelConfig,
  weights: TfjsWeights,
  {inits, tokens, onSite = (_, value) => value}: TfjsOpsOptions
): Ops<tf.Tensor> {
  const {width, heads, headWidth} = config;
  const rows = inits * tokens;
  const pairs = headWidth / 2;

  const weight = (name: string): tf.Tensor => {
    const found = weights.get(name);
    if (!found) throw new Error(`unknown weight: ${name}`);
    return found;
  };
  const headsOf = (x: tf.Tensor): tf.Tensor => tf.transpose(tf.reshape(x, [inits, tokens, heads, headWidth]), [0, 2, 1, 3]);
  const scores = (q: tf.Tensor, k: tf.Tensor) => tf.mul(tf.matMul(headsOf(q), headsOf(k), false, true), 1 / Math.sqrt(headWidth));
  const causalSoftmax = (products: tf.Tensor) => tf.softmax(tf.add(products, causalMask(tokens)));
  const mix = (attention: tf.Tensor, v: tf.Tensor) =>
    tf.reshape(tf.transpose(tf.matMul(attention, headsOf(v)), [0, 2, 1, 3]), [rows, width]);
  const inverseRms = (x: tf.Tensor, eps: number) => tf.rsqrt(tf.add(tf.mean(tf.mul(x, x), -1, true), eps));

  return {
    gather: (table, ids) => tf.gather(weight(table), tf.cast(ids, "int32")),
    linear: (x, name, bias) => {
      const product = tf.matMul(x, weight(name), false, true);
      return bias === undefined ? product : tf.add(product, weight(bias));
    },
    rmsNorm: (x, name, eps) => tf.mul(tf.mul(x, inverseRms(x, eps)), weight(name)),
    inverseRms,
    meanProduct: (a, b) => tf.mean(tf.mul(a, b), -1, true),
    times: (x, name) => tf.mul(x, weight(name)),
    add: (a, b) => tf.add(a, b),
    sub: (a, b) => tf.sub(a, b),
    mul: (a, b) => tf.mul(a, b),
    scale: (x, factor) => tf.mul(x, factor),
    sum: (x) => tf.sum(x, -1, true),
    concat: (a, b) => tf.concat([a, b], -1),
    split: (x, parts) => tf.split(x, parts, -1),
    silu: (x) => tf.mul(x, tf.sigmoid(x)),
    sigmoid: (x) => tf.sigmoid(x),
    rope: (x) => {
      const {cos, sin} = rotations(config, tokens);
      const [even, odd] = tf.split(tf.reshape(x, [inits, tokens, heads, pairs, 2]), 2, -1);
      const turned = tf.concat([tf.sub(tf.mul(even, cos), tf.mul(odd, sin)), tf.add(tf.mul(odd, cos), tf.mul(even, sin))], -1);
      return tf.reshape(turned, [rows, width]);
    },
    attention: (q, k, v) => mix(causalSoftmax(scores(q, k)), v),
    scores,
    causalSoftmax,
    mix,
    site: onSite
  };
}

/** cos and sin for the first positions, to be repeated over inits, heads and the two numbers of a pair. */
function rotations(config: ModelConfig, tokens: number): {readonly cos: tf.Tensor; readonly sin: tf.Tensor} {
  const pairs = config.headWidth / 2;
  const {cos, sin} = ropeTablesOf({...config, blockSize: tokens});
  return {cos: tf.tensor(cos, [1, tokens, 1, pairs, 1]), sin: tf.tensor(sin, [1, tokens, 1, pairs, 1])};
}

const MASKED = -1e30; // not −∞: a backend may make NaN of it

const causalMask = (tokens: number): tf.Tensor =>
  tf.tensor2d(
    Float32Array.from({length: tokens * tokens}, (_, i) => (i % tokens > Math.floor(i / tokens) ? MASKED : 0)),
    [tokens, tokens]
  );
