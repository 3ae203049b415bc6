import {dtypes} from "../../capture/trace/dtype.ts";
import {elementsOf, type NamedArray} from "./namedArray.ts";
import type {NpyHeader} from "./npyHeader.ts";
import {rearranged} from "./rearranged.ts";

/** An array of numbers as its header says, from what is `stored` behind the header: little-endian and row-major, whatever that is. */
export function npyArray(
  name: string,
  {dtype, shape, bigEndian, columnMajor}: NpyHeader,
  stored: (whole: Pick<NamedArray, "name" | "dtype" | "shape">) => NamedArray
): NamedArray {
  if (dtype === "text") throw new TypeError(`invalid array ${name}: text; expected numbers`);
  const asStored = stored({name, dtype, shape: columnMajor ? shape.toReversed() : shape});
  const little = bigEndian && dtypes[dtype].bytes > 1 ? swappedArray(asStored) : asStored;
  return columnMajor ? rearranged(little, shape.map((_, i) => i).toReversed()) : little;
}

const swappedArray = (array: NamedArray): NamedArray => ({
  ...array,
  bytes: () => swapped(array),
  ...(array.along && {along: (...part: Parameters<NonNullable<NamedArray["along"]>>) => swappedArray(array.along!(...part))})
});

const swapOf = {2: "swap16", 4: "swap32", 8: "swap64"} as const;

async function* swapped(array: NamedArray): AsyncIterable<Uint8Array> {
  const swap = swapOf[dtypes[array.dtype].bytes as 2 | 4 | 8];
  for await (const piece of elementsOf(array)) yield Buffer.from(piece)[swap](); // a copy: the piece is not ours
}
