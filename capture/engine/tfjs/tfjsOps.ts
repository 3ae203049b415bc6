import * as tf from "@tensorflow/tfjs-core";
import type {Ops, Rope} from "../../model/ops.ts";
import {ropeTablesOf} from "../../model/rope.ts";
import {positionsOf, type Placement} from "../attention.ts";
import type {Batch} from "../engine.ts";
import {tfjsAttention, widthOf} from "./tfjsAttention.ts";

/** Weights by the model's names for them; where they are variables, gradients flow into them. */
export type TfjsWeights = ReadonlyMap<string, tf.Tensor>;

interface TfjsOpsOptions extends Batch, Placement {
  /** What becomes of a named value; defaults to the value itself. */
  readonly onSite?: (name: string, value: tf.Tensor) => tf.Tensor;
}

/** The operations in TensorFlow.js, for one batch. Call within tf.tidy; every operation has a gradient. */
export function tfjsOps(weights: TfjsWeights, options: TfjsOpsOptions): Ops<tf.Tensor> {
  const {onSite = (_, value) => value} = options;
  const weight = (name: string): tf.Tensor => {
    const found = weights.get(name);
    if (!found) throw new Error(`unknown weight: ${name}`);
    return found;
  };
  const inverseRms = (x: tf.Tensor, eps: number) => tf.rsqrt(tf.add(tf.mean(tf.mul(x, x), -1, true), eps));
  return {
    gather: (table, ids) => tf.gather(weight(table), tf.cast(ids, "int32")),
    linear: (x, name, bias) => {
      const product = tf.matMul(x, weight(name), false, true);
      return bias === undefined ? product : tf.add(product, weight(bias));
    },
    rmsNorm: (x, name, eps) => {
      const normed = tf.mul(x, inverseRms(x, eps));
      return name === undefined ? normed : tf.mul(normed, weight(name));
    },
    inverseRms,
    meanProduct: (a, b) => tf.mean(tf.mul(a, b), -1, true),
    times: (x, name) => tf.mul(x, weight(name)),
    add: (a, b) => tf.add(a, b),
    sub: (a, b) => tf.sub(a, b),
    mul: (a, b) => tf.mul(a, b),
    scale: (x, factor) => tf.mul(x, factor),
    sum: (x) => tf.sum(x, -1, true),
    concat: (a, b) => tf.concat([a, b], -1),
    split: (x, sizes) => tf.split(x, [...sizes], -1),
    silu: (x) => tf.mul(x, tf.sigmoid(x)),
    sigmoid: (x) => tf.sigmoid(x),
    rope: (x, rope, heads) => turned(x, {rope, heads, ...options}),
    ...tfjsAttention(options),
    site: onSite
  };
}

/** Each head's pairs of features, rotated by the angles of the position. */
function turned(x: tf.Tensor, {rope, heads, ...batch}: Batch & Placement & {readonly rope: Rope; readonly heads: number}): tf.Tensor {
  const {inits, tokens} = batch;
  const half = widthOf(x) / heads / 2;
  const {cos, sin} = ropeTablesOf(rope, {headWidth: 2 * half, positions: positionsOf(tokens, batch)});
  const isNeighbours = rope.pairs === "neighbours";
  const [axis, pairs, across] = isNeighbours ? [4, [half, 2], [half, 1]] : [3, [2, half], [1, half]];
  const [c, s] = [cos, sin].map((table) => tf.tensor(table, [1, tokens, 1, ...across]));
  const [a, b] = tf.split(tf.reshape(x, [inits, tokens, heads, ...pairs]), 2, axis);
  const rotated = tf.concat([tf.sub(tf.mul(a, c), tf.mul(b, s)), tf.add(tf.mul(b, c), tf.mul(a, s))], axis);
  return tf.reshape(rotated, [inits * tokens, widthOf(x)]);
}
