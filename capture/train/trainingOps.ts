import * as tf from "@tensorflow/tfjs-core";
import {MASKED, maskOf} from "../engine/attention.ts";
import type {Batch} from "../engine/engine.ts";
import {widthOf} from "../engine/tfjs/tfjsAttention.ts";
import {tfjsOps, type TfjsWeights} from "../engine/tfjs/tfjsOps.ts";
import {tfjsProduct} from "../engine/tfjs/tfjsProduct.ts";
import type {Ops, Rope} from "../model/ops.ts";
import {ropeTablesOf} from "../model/rope.ts";
import {attention, rmsNorm, silu, turned} from "./fused.ts";

/** The model's operations for training: the engine's, with those in their place whose gradients are written down. Call them within tf.tidy, and `dispose` at the end. */
export function trainingOps(weights: TfjsWeights, batch: Batch): {readonly ops: Ops<tf.Tensor>; dispose(): void} {
  const plain = tfjsOps(weights, batch);
  const mask = tf.tensor2d(maskOf(batch.tokens, {}, MASKED), [batch.tokens, batch.tokens]);
  const turns = new Map<string, Turn>(); // made at the first use, of use to every block
  const turnOf = (rope: Rope, heads: number, width: number): Turn => {
    const key = JSON.stringify([rope, heads, width]);
    const found = turns.get(key) ?? turnTables(rope, {heads, width, ...batch});
    turns.set(key, found);
    return found;
  };
  const ops: Ops<tf.Tensor> = {
    ...plain,
    linear: (x, name, bias) => {
      const product = tfjsProduct(x, weights.get(name)!);
      return bias === undefined ? product : tf.add(product, weights.get(bias)!);
    },
    rmsNorm: (x, name, eps) => (name === undefined ? plain.rmsNorm(x, name, eps) : rmsNorm(x, weights.get(name)!, eps)),
    silu: (x) => silu(x),
    rope: (x, rope, heads) => turned(x, turnOf(rope, heads, widthOf(x))),
    attention: (q, k, v, heads) =>
      heads.heads === heads.kvHeads ? attention(q, k, v, {...batch, heads: heads.heads, mask}) : plain.attention(q, k, v, heads)
  };
  return {ops, dispose: () => tf.dispose([mask, ...[...turns.values()].flatMap((turn) => Object.values(turn))])};
}

interface Turn {
  /** Of each feature's pair, [inits · tokens, width]. */
  readonly cos: tf.Tensor;
  readonly sin: tf.Tensor;
  /** Takes a feature to the other one of its pair, the first one's with the sign turned, [width, width]. */
  readonly partner: tf.Tensor;
}

function turnTables(rope: Rope, {heads, width, inits, tokens}: Batch & {readonly heads: number; readonly width: number}): Turn {
  const headWidth = width / heads;
  const half = headWidth / 2;
  const angles = ropeTablesOf(rope, {headWidth, positions: Array.from({length: tokens}, (_, i) => i)});
  const partner = new Float32Array(width * width);
  const pairOf = new Int32Array(width);
  for (let head = 0; head < heads; ++head)
    for (let j = 0; j < half; ++j) {
      const [a, b] = rope.pairs === "neighbours" ? [2 * j, 2 * j + 1] : [j, j + half];
      const [first, second] = [head * headWidth + a, head * headWidth + b];
      partner[first * width + second] = -1;
      partner[second * width + first] = 1;
      pairOf[first] = j;
      pairOf[second] = j;
    }
  const rows = inits * tokens;
  const spread = (table: Float32Array) =>
    Float32Array.from({length: rows * width}, (_, i) => table[(Math.floor(i / width) % tokens) * half + pairOf[i % width]]);
  const kept = (values: Float32Array, size: number) => tf.keep(tf.tensor2d(values, [size, width]));
  return {cos: kept(spread(angles.cos), rows), sin: kept(spread(angles.sin), rows), partner: kept(partner, width)};
}
