import * as tf from "@tensorflow/tfjs-core";
import type {Heads, Ops} from "../../model/ops.ts";
import {MASKED, maskOf, type Placement} from "../attention.ts";
import type {Batch} from "../engine.ts";

export const widthOf = (x: tf.Tensor): number => x.shape[x.shape.length - 1]!;

/** Attention and its parts in TensorFlow.js, for one batch. */
export function tfjsAttention(options: Batch & Placement): Pick<Ops<tf.Tensor>, "attention" | "scores" | "maskedSoftmax" | "mix"> {
  const {inits, tokens} = options;
  /** [inits, heads, positions, head width] of rows. */
  const headsOf = (x: tf.Tensor, heads: number): tf.Tensor =>
    tf.transpose(tf.reshape(x, [inits, positionsIn(x, inits), heads, widthOf(x) / heads]), [0, 2, 1, 3]);
  /** Queries, or what becomes of them, with those that share a key's head one after the other as one long sequence. */
  const grouped = (x: tf.Tensor, {heads, kvHeads}: Heads): tf.Tensor =>
    heads === kvHeads ? x : tf.reshape(x, [inits, kvHeads, (heads / kvHeads) * tokens, widthOf(x)]);

  const scores = (q: tf.Tensor, k: tf.Tensor, heads: Heads): tf.Tensor => {
    const products = tf.matMul(grouped(headsOf(q, heads.heads), heads), headsOf(k, heads.kvHeads), false, true);
    return tf.reshape(tf.mul(products, 1 / Math.sqrt(widthOf(q) / heads.heads)), [inits, heads.heads, tokens, positionsIn(k, inits)]);
  };
  const maskedSoftmax = (products: tf.Tensor): tf.Tensor =>
    tf.softmax(tf.add(products, tf.tensor2d(maskOf(tokens, options, MASKED), [tokens, widthOf(products)])));
  const mix = (weights: tf.Tensor, v: tf.Tensor, {heads, kvHeads}: Heads): tf.Tensor => {
    const width = widthOf(v) / kvHeads;
    const mixed = tf.reshape(tf.matMul(grouped(weights, {heads, kvHeads}), headsOf(v, kvHeads)), [inits, heads, tokens, width]);
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [inits * tokens, heads * width]);
  };
  return {
    scores,
    maskedSoftmax,
    mix,
    attention: (q, k, v, {name, ...heads}) => {
      const [keys, values] = withPast(options, name, [k, v]);
      return mix(maskedSoftmax(scores(q, keys, heads)), values, heads);
    }
  };
}

const positionsIn = (x: tf.Tensor, inits: number): number => x.size / inits / widthOf(x);

/** Keys and values with the cache's before them; the cache is shown the call's own. */
function withPast(
  {inits, tokens, cache}: Batch & Placement,
  name: string,
  [k, v]: readonly [tf.Tensor, tf.Tensor]
): readonly [tf.Tensor, tf.Tensor] {
  if (!cache) return [k, v];
  const past = cache.length > 0 ? cache.past(name) : undefined;
  cache.keep(name, {keys: floatsOf(k), values: floatsOf(v)});
  if (!past) return [k, v];
  const after = (earlier: Float32Array, x: tf.Tensor) =>
    tf.concat([tf.tensor3d(earlier, [inits, cache.length, widthOf(x)]), tf.reshape(x, [inits, tokens, widthOf(x)])], 1);
  return [after(past.keys, k), after(past.values, v)];
}

/** A copy: the backend may reuse the memory. */
const floatsOf = (x: tf.Tensor): Float32Array => x.dataSync<"float32">().slice();
