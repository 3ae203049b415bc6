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

/** Each head's pairs (a, b) of features, rotated by the angles of the position to (a cos − b sin, b cos + a sin): x cos + reversed x (−sin, sin). */
function turned(x: tf.Tensor, {rope, heads, ...batch}: Batch & Placement & {readonly rope: Rope; readonly heads: number}): tf.Tensor {
  const {inits, tokens} = batch;
  const half = widthOf(x) / heads / 2;
  const {cos, sin} = ropeTablesOf(rope, {headWidth: 2 * half, positions: positionsOf(tokens, batch)});
  const [axis, pairs] = rope.pairs === "neighbours" ? [4, [half, 2]] : [3, [2, half]];
  const ofPairs = (table: Float32Array, {sign}: {readonly sign: 1 | -1}) => {
    const both = new Float32Array(2 * table.length);
    table.forEach((value, i) => {
      const first = axis === 4 ? 2 * i : 2 * i - (i % half);
      both[first] = sign * value;
      both[axis === 4 ? first + 1 : first + half] = value;
    });
    return tf.tensor(both, [1, tokens, 1, ...pairs]);
  };
  const paired = tf.reshape(x, [inits, tokens, heads, ...pairs]);
  const rotated = tf.add(tf.mul(paired, ofPairs(cos, {sign: 1})), tf.mul(tf.reverse(paired, axis), ofPairs(sin, {sign: -1})));
  return tf.reshape(rotated, [inits * tokens, widthOf(x)]);
}
