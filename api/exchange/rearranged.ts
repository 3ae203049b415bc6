import {dtypes} from "../../capture/trace/dtype.ts";
import {countOf} from "../../capture/trace/safetensorsHeader.ts";
import {viewOf} from "../../capture/trace/viewOf.ts";
import {elementsOf, type NamedArray} from "./namedArray.ts";
import {runBytes} from "./storedArray.ts";

const BLOCK_BYTES = 256 * 2 ** 20; // of the result, made at once

/**
 * An array with its axes in another order: axis i of the result is axis `order[i]` of the array. The result is made 256 MiB at a time: of what lies
 * in runs of some length only that is read, else the array once for each block, so that its size costs time and not memory.
 */
export function rearranged(array: NamedArray, order: readonly number[]): NamedArray {
  if (order.every((axis, i) => axis === i)) return array;
  return {
    name: array.name,
    dtype: array.dtype,
    shape: order.map((axis) => array.shape[axis]),
    bytes: () => blocksOf(array, order),
    inAnyOrder: array.inAnyOrder ?? array,
    ...(array.along && {
      along: (axis: number, from: number, count: number) => rearranged(array.along!(order[axis], from, count), order)
    })
  };
}

const LEAST_RUN = 16 * 2 ** 10; // bytes; shorter ones are read as fast with all that lies between them

async function* blocksOf(array: NamedArray, order: readonly number[]): AsyncIterable<Uint8Array> {
  const size = dtypes[array.dtype].bytes;
  const total = countOf(array.shape);
  const first = order.find((axis) => array.shape[axis] > 1);
  if (size * total > BLOCK_BYTES && array.along && first !== undefined && runBytes(array, first) >= LEAST_RUN) {
    const places = array.shape[first];
    const atOnce = Math.max(1, Math.floor((BLOCK_BYTES * places) / (size * total)));
    for (let from = 0; from < places; from += atOnce) yield* blocksOf(array.along(first, from, Math.min(atOnce, places - from)), order);
    return;
  }
  const block = Math.min(total, BLOCK_BYTES / size);
  for (let start = 0; start < total; start += block) {
    const room = new Uint8Array(size * Math.min(block, total - start));
    await gather(array, order, {start, room});
    yield room;
  }
}

const wordOf = {1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array} as const;

/** Puts those elements into `room` that the result has from element `start` on. */
async function gather(array: NamedArray, order: readonly number[], {start, room}: {start: number; room: Uint8Array}): Promise<void> {
  const words = wordOf[dtypes[array.dtype].bytes] as typeof Uint32Array; // copied as bits, whatever they mean
  const into = viewOf(words, room);
  const {shape} = array;
  const strides = stridesOf(shape, order);
  const [length, stride] = [shape.at(-1)!, strides.at(-1)!];
  const outer = new Array<number>(shape.length - 1).fill(0); // the index along all axes but the last
  let base = -start; // where the run along the last axis begins in the room
  let at = 0; // how far the run has come
  for await (const piece of elementsOf(array)) {
    const values = viewOf(words, piece);
    for (let i = 0; i < values.length; ) {
      const count = Math.min(values.length - i, length - at);
      const first = Math.max(0, Math.ceil(-(base + at * stride) / stride)); // elements before lie in an earlier block
      const end = Math.min(count, Math.ceil((into.length - base - at * stride) / stride));
      for (let j = first, to = base + (at + first) * stride; j < end; ++j, to += stride) into[to] = values[i + j];
      i += count;
      at += count;
      if (at < length) continue;
      at = 0;
      base += advance(outer, shape, strides);
    }
  }
}

/** How far apart neighbours along each axis of the array lie in the result. */
function stridesOf(shape: readonly number[], order: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (const axis of order.toReversed()) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Counts the index on by one, the last axis first, and gives how far that goes in the result. */
function advance(index: number[], shape: readonly number[], strides: readonly number[]): number {
  let moved = 0;
  for (let axis = index.length - 1; axis >= 0; --axis) {
    index[axis] += 1;
    moved += strides[axis];
    if (index[axis] < shape[axis]) break;
    moved -= strides[axis] * shape[axis];
    index[axis] = 0;
  }
  return moved;
}
