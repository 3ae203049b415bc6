import {Tensor} from "../../trace/onnxRuntime.ts";
import {ropeTablesOf} from "../../model/rope.ts";
import {maskOf, positionsOf, type Placement} from "../attention.ts";
import type {Batch} from "../engine.ts";
import type {TracedAttention, TracedRope, TracedStage} from "./traceStage.ts";

type Placed = Batch & Placement;

/**
 * Adds to `live` what a graph's inputs need beside the stage's own: shapes, positions, rotations, masks, and keys and values of earlier
 * positions. What is the same as in the call before is not made again.
 */
export function batchFeeds(): (stage: TracedStage, inputs: readonly string[], batch: Placed, live: Map<string, Tensor>) => void {
  const shapes = keptWhile();
  const rotations = keptWhile();
  return (stage, inputs, batch, live) => {
    for (const name of inputs) {
      if (live.has(name)) continue;
      const attention = stage.attentions.find(({pastKeys, pastValues}) => name === pastKeys || name === pastValues);
      const rope = stage.ropes.find(({cos, sin}) => name === cos || name === sin);
      if (attention) giveEarlier(live, attention, batch);
      else if (rope) {
        const tables = () => rotationsOf(rope, batch);
        const {cos, sin} = rotations(placeKey(batch), ropeKey(rope), tables);
        live.set(name, name === rope.cos ? cos : sin);
      } else
        live.set(
          name,
          shapes(batchKey(batch), name, () => batchTensor(name, batch))
        );
    }
  };
}

/** Values by name, all of them kept for as long as the key stays. */
function keptWhile(): <V>(key: string, name: string, make: () => V) => V {
  let last = "";
  let kept = new Map<string, unknown>();
  return <V>(key: string, name: string, make: () => V): V => {
    if (key !== last) kept = new Map();
    last = key;
    if (!kept.has(name)) kept.set(name, make());
    return kept.get(name) as V;
  };
}

const ropeKeys = new WeakMap<TracedRope, string>(); // the same rope has another trace in each stage
function ropeKey(traced: TracedRope): string {
  const key = ropeKeys.get(traced) ?? JSON.stringify([traced.rope, traced.headWidth]);
  ropeKeys.set(traced, key);
  return key;
}

const placeKey = ({tokens, positions, cache}: Placed): string => [tokens, positions?.join(" "), cache?.length].join();

const batchKey = (batch: Placed): string => [placeKey(batch), batch.inits, batch.prefix].join();

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

function rotationsOf({rope, headWidth}: TracedRope, batch: Placed): {readonly cos: Tensor; readonly sin: Tensor} {
  const {cos, sin} = ropeTablesOf(rope, {headWidth, positions: positionsOf(batch.tokens, batch)});
  const dims = [batch.tokens, headWidth / 2];
  return {cos: new Tensor("float32", cos, dims), sin: new Tensor("float32", sin, dims)};
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
