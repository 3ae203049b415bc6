import * as tf from "@tensorflow/tfjs-core";
import type {Heads, Ops} from "../../model/ops.ts";
import {ropeTablesOf} from "../../model/rope.ts";
import {MASKED, maskOf, positionsOf, type Placement} from "../attention.ts";
import type {Batch} from "../engine.ts";

/** Weights by the model's names for them; where they are variables, gradients flow into them. */
export type TfjsWeights = ReadonlyMap<string, tf.Tensor>;

export interface TfjsOpsOptions extends Batch, Placement {
  /** What becomes of a named value; defaults to the value itself. */
  readonly onSite?: (name: string, value: tf.Tensor) => tf.Tensor;
}

/** The operations in TensorFlow.js, for one batch. Call within tf.tidy; every operation has a gradient. */
export function tfjsOps(weights: TfjsWeights, options: TfjsOpsOptions): Ops<tf.Tensor> {
  const {inits, tokens, cache, onSite = (_, value) => value} = options;
  const rows = inits * tokens;
  const positions = positionsOf(tokens, options);

  const weight = (name: string): tf.Tensor => {
    const found = weights.get(name);
    if (!found) throw new Error(`unknown weight: ${name}`);
    return found;
  };
  const widthOf = (x: tf.Tensor): number => x.shape[x.shape.length - 1]!;
  /** [inits, heads, positions, head width] of rows; for queries that share keys, those of one key's heads one after the other. */
  const headsOf = (x: tf.Tensor, heads: number): tf.Tensor =>
    tf.transpose(tf.reshape(x, [inits, x.size / inits / widthOf(x), heads, widthOf(x) / heads]), [0, 2, 1, 3]);
  const queriesOf = (q: tf.Tensor, {heads, kvHeads}: Heads): tf.Tensor => {
    const apart = headsOf(q, heads);
    return heads === kvHeads ? apart : tf.reshape(apart, [inits, kvHeads, (heads / kvHeads) * tokens, widthOf(q) / heads]);
  };
  const scores = (q: tf.Tensor, k: tf.Tensor, heads: Heads) => {
    const products = tf.mul(
      tf.matMul(queriesOf(q, heads), headsOf(k, heads.kvHeads), false, true),
      1 / Math.sqrt(widthOf(q) / heads.heads)
    );
    return tf.reshape(products, [inits, heads.heads, tokens, k.size / inits / widthOf(k)]);
  };
  const maskedSoftmax = (products: tf.Tensor) => {
    const keys = widthOf(products);
    return tf.softmax(tf.add(products, tf.tensor2d(maskOf(tokens, options, MASKED), [tokens, keys])));
  };
  const mix = (attention: tf.Tensor, v: tf.Tensor, {heads, kvHeads}: Heads) => {
    const grouped = heads === kvHeads ? attention : tf.reshape(attention, [inits, kvHeads, (heads / kvHeads) * tokens, widthOf(attention)]);
    const mixed = tf.matMul(grouped, headsOf(v, kvHeads));
    const width = widthOf(v) / kvHeads;
    return tf.reshape(tf.transpose(tf.reshape(mixed, [inits, heads, tokens, width]), [0, 2, 1, 3]), [rows, heads * width]);
  };
  /** Rows with the cache's before them, which the cache is shown beside. */
  const withPast = (name: string, k: tf.Tensor, v: tf.Tensor): readonly [tf.Tensor, tf.Tensor] => {
    if (!cache) return [k, v];
    const past = cache.length > 0 ? cache.past(name) : undefined;
    cache.keep(name, {keys: floatsOf(k), values: floatsOf(v)});
    if (!past) return [k, v];
    const after = (earlier: Float32Array, x: tf.Tensor) =>
      tf.concat([tf.tensor3d(earlier, [inits, cache.length, widthOf(x)]), tf.reshape(x, [inits, tokens, widthOf(x)])], 1);
    return [after(past.keys, k), after(past.values, v)];
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
    rope: (x, rope, heads) => {
      const width = widthOf(x);
      const half = width / heads / 2;
      const neighbours = rope.pairs === "neighbours";
      const table = (values: Float32Array) => tf.tensor(values, neighbours ? [1, tokens, 1, half, 1] : [1, tokens, 1, 1, half]);
      const {cos, sin} = ropeTablesOf(rope, {headWidth: 2 * half, positions});
      const [c, s] = [table(cos), table(sin)];
      const axis = neighbours ? 4 : 3;
      const [a, b] = tf.split(tf.reshape(x, [inits, tokens, heads, ...(neighbours ? [half, 2] : [2, half])]), 2, axis);
      const turned = tf.concat([tf.sub(tf.mul(a, c), tf.mul(b, s)), tf.add(tf.mul(b, c), tf.mul(a, s))], axis);
      return tf.reshape(turned, [rows, width]);
    },
    attention: (q, k, v, {name, ...heads}) => {
      const [keys, values] = withPast(name, k, v);
      return mix(maskedSoftmax(scores(q, keys, heads)), values, heads);
    },
    scores,
    maskedSoftmax,
    mix,
    site: onSite
  };
}

/** A copy: the backend may reuse the memory. */
const floatsOf = (x: tf.Tensor): Float32Array => x.dataSync<"float32">().slice();
