import {dtypes} from "../../capture/trace/dtype.ts";
import {countOf} from "../../capture/trace/safetensorsHeader.ts";
import type {NamedArray} from "./namedArray.ts";

/** Bytes of an array as it lies, row-major: `length` of them from one on, in pieces. */
type Part = (from: number, length: number) => AsyncIterable<Uint8Array>;

/** What of one axis is read. */
interface Range {
  readonly from: number;
  readonly count: number;
}

/** An array that lies where any part of it can be read, so that some places of an axis cost what they hold. */
export function storedArray(whole: Pick<NamedArray, "name" | "dtype" | "shape">, part: Part): NamedArray {
  return boxOf(
    whole,
    part,
    whole.shape.map((count) => ({from: 0, count}))
  );
}

function boxOf(whole: Pick<NamedArray, "name" | "dtype" | "shape">, part: Part, box: readonly Range[]): NamedArray {
  return {
    ...whole,
    shape: box.map(({count}) => count),
    bytes: () => boxBytes(whole, part, box),
    along: (axis, from, count) => boxOf(whole, part, box.with(axis, {from: box[axis].from + from, count}))
  };
}

/** Runs of neighbours: along the last axis that is not whole, with all that lies behind it. */
async function* boxBytes(
  {dtype, shape}: Pick<NamedArray, "dtype" | "shape">,
  part: Part,
  box: readonly Range[]
): AsyncIterable<Uint8Array> {
  const cut = Math.max(
    0,
    box.findLastIndex(({count}, axis) => count < shape[axis])
  );
  const placeBytes = countOf(shape.slice(cut + 1)) * dtypes[dtype].bytes;
  const {from, count} = box[cut] ?? {from: 0, count: 1}; // a single number has no axis
  const runs = countOf(box.slice(0, cut).map((range) => range.count));
  for (let run = 0; run < runs; ++run) {
    let [rest, place, stride] = [run, 0, shape[cut] ?? 1];
    for (let axis = cut - 1; axis >= 0; --axis) {
      place += (box[axis].from + (rest % box[axis].count)) * stride;
      rest = Math.floor(rest / box[axis].count);
      stride *= shape[axis];
    }
    yield* part((place + from) * placeBytes, count * placeBytes);
  }
}

/** How many bytes lie together when one place of an axis is read. */
export const runBytes = ({dtype, shape}: Pick<NamedArray, "dtype" | "shape">, axis: number): number =>
  countOf(shape.slice(axis + 1)) * dtypes[dtype].bytes;
