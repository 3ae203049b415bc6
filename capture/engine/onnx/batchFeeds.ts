import {Tensor} from "onnxruntime-node";
import {ropeTablesOf} from "../../model/rope.ts";
import {maskOf, positionsOf, type Placement} from "../attention.ts";
import type {Batch} from "../engine.ts";
import type {TracedAttention, TracedRope, TracedStage} from "./traceStage.ts";

type Placed = Batch & Placement;

/**
 * Adds to `live` what a graph's inputs need beside the stage's own: shapes, positions, rotations, masks, and keys and values of earlier
 * positions. What follows from the batch alone is made once for as long as the batch stays the same.
 */
export function batchFeeds(): (stage: TracedStage, inputs: readonly string[], batch: Placed, live: Map<string, Tensor>) => void {
  let lastKey = "";
  let kept = new Map<string, Tensor>();
  return (stage, inputs, batch, live) => {
    const key = keyOf(batch);
    if (key !== lastKey) kept = new Map();
    lastKey = key;
    for (const name of inputs) {
      if (live.has(name)) continue;
      const attention = stage.attentions.find(({pastKeys, pastValues}) => name === pastKeys || name === pastValues);
      if (attention) {
        giveEarlier(live, attention, batch);
        continue;
      }
      const rope = stage.ropes.find(({cos, sin}) => name === cos || name === sin);
      const id = rope ? `${name} ${JSON.stringify(rope)}` : name;
      if (!kept.has(id))
        for (const [made, tensor] of rope ? rotationsFor(rope, batch) : [[id, batchTensor(name, batch)] as const]) kept.set(made, tensor);
      live.set(name, kept.get(id)!);
    }
  };
}

/** Masks that are given have no key to know them by, and are made each time. */
let masks = 0;
const keyOf = ({inits, tokens, positions, prefix, cache, visible}: Placed): string =>
  [inits, tokens, positions?.join(" "), prefix, cache?.length, visible && ++masks].join();

function batchTensor(name: string, batch: Placed): Tensor {
  const {inits, tokens, cache} = batch;
  switch (name) {
    case "batch_shape":
      return new Tensor("int64", BigInt64Array.of(BigInt(inits), BigInt(tokens), -1n), [3]);
    case "positions":
      // Tables have a row for each token, so that they are as long as the call and not as the model's longest sequence.
      return new Tensor(
        "int64",
        BigInt64Array.from({length: inits * tokens}, (_, row) => BigInt(row % tokens)),
        [inits, tokens]
      );
    case "mask":
      return new Tensor("float32", maskOf(tokens, batch, -Infinity), [tokens, (cache?.length ?? 0) + tokens]);
    default:
      throw new Error(`value not computed: ${name}`);
  }
}

function rotationsFor(traced: TracedRope, batch: Placed): readonly (readonly [string, Tensor])[] {
  const {rope, headWidth} = traced;
  const {cos, sin} = ropeTablesOf(rope, {headWidth, positions: positionsOf(batch.tokens, batch)});
  const dims = [batch.tokens, headWidth / 2];
  const id = JSON.stringify(traced);
  return [
    [`${traced.cos} ${id}`, new Tensor("float32", cos, dims)],
    [`${traced.sin} ${id}`, new Tensor("float32", sin, dims)]
  ];
}

function giveEarlier(live: Map<string, Tensor>, {name, pastKeys, pastValues, width}: TracedAttention, {inits, cache}: Placed): void {
  const length = cache?.length ?? 0;
  const {keys, values} = length > 0 ? cache!.past(name) : {keys: new Float32Array(0), values: new Float32Array(0)};
  for (const [input, rows] of [
    [pastKeys, keys],
    [pastValues, values]
  ] as const) {
    if (rows.length !== inits * length * width)
      throw new RangeError(`invalid cache of ${name}: ${rows.length} numbers; expected ${inits} × ${length} × ${width}`);
    live.set(input, new Tensor("float32", rows, [inits, length, width]));
  }
}
