import type {Gram} from "../../../analysis/patterns/path/gram.ts";
import {MOST_STATES, type JudgedProducts, type PathProducts} from "../../../analysis/patterns/pathProducts.ts";
import {headerOf, parseHeader, TraceFormatError} from "../../../capture/trace/safetensorsHeader.ts";
import {bytesAt} from "../../files/places.ts";
import {viewOf} from "../../../capture/trace/viewOf.ts";

/**
 * gram.safetensors: the products of all paths, one after the other. `counts` I32 [paths, 8] says for each how many states it has, from where it stands
 * still and where it is not finite (−1 for nowhere), the rows of its late part and how many lie before it, the rows of its approach (0 where that is the
 * late part) and the first of them, and how many coordinates are weighed, whose numbers `weighed` I32 has. `numbers` F64 [paths, 3] are
 * floor, scale and the dimensions that rounding errs in (an older file has no third one, and 1 stands for it).
 * `products` F64 has for each part the lower triangle of its Gram matrix, then its states along the last one, then the last one's square.
 */
const COUNTS = 8;
const NUMBERS = 3;
const OLDER_NUMBERS = 2;
const NOWHERE = -1;

/** Numbers that a part of so many rows takes. */
const partSize = (rows: number): number => (rows === 0 ? 0 : (rows * (rows + 1)) / 2 + rows + 1);

/** The file's bytes; the same paths give the same. */
export function encodeProducts(paths: readonly PathProducts[]): Uint8Array {
  const counts = Int32Array.from(paths.flatMap(countsOf));
  const weighed = Int32Array.from(paths.flatMap(({judged}) => judged?.weighed ?? []));
  const numbers = Float64Array.from(
    paths.flatMap(({judged}) => (judged ? [judged.floor, judged.scale, judged.floorDimensions] : [0, 0, 0]))
  );
  const products = new Float64Array(paths.reduce((sum, path) => sum + partsOf(path).reduce((all, {size}) => all + partSize(size), 0), 0));
  let at = 0;
  for (const path of paths) for (const part of partsOf(path)) at = pack(part, products, at);
  const tensors = [
    {name: "numbers", dtype: "F64", shape: [paths.length, NUMBERS], data: numbers},
    {name: "products", dtype: "F64", shape: [products.length], data: products},
    {name: "counts", dtype: "I32", shape: [paths.length, COUNTS], data: counts},
    {name: "weighed", dtype: "I32", shape: [weighed.length], data: weighed}
  ] as const;
  const header = headerOf(tensors);
  return Buffer.concat([header, ...tensors.map(({data}) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))]);
}

function countsOf({rows, stillFrom = NOWHERE, badFrom = NOWHERE, judged}: PathProducts): number[] {
  if (!judged) return [rows, stillFrom, badFrom, 0, 0, 0, 0, 0];
  const {late, skipped, approach, first, weighed} = judged;
  return [rows, stillFrom, badFrom, late.size, skipped, approach === late ? 0 : approach.size, first, weighed.length];
}

const partsOf = ({judged}: PathProducts): Gram[] =>
  judged ? (judged.approach === judged.late ? [judged.late] : [judged.late, judged.approach]) : [];

function pack({size, values, towardLast, lastSquared}: Gram, into: Float64Array, from: number): number {
  let at = from;
  for (let i = 0; i < size; ++i) {
    into.set(values.subarray(i * size, i * size + i + 1), at);
    at += i + 1;
  }
  into.set(towardLast, at);
  into[at + size] = lastSquared;
  return at + size + 1;
}

/** Reads a file of so many paths. Throws a TraceFormatError that names it where it is damaged, or holds others. */
export async function readProducts(path: string, count: number): Promise<PathProducts[]> {
  const bytes = await bytesAt(path);
  try {
    return decodeProducts(bytes, count);
  } catch (error) {
    throw error instanceof TraceFormatError ? new TraceFormatError(`${path}: ${error.message}`, {cause: error}) : error;
  }
}

function decodeProducts(bytes: Uint8Array, count: number): PathProducts[] {
  const {tensors, dataStart, dataBytes} = parseHeader(bytes);
  if (bytes.length !== dataStart + dataBytes)
    throw new TraceFormatError(`truncated or padded file: ${bytes.length} bytes; the header promises ${dataStart + dataBytes}`);
  const bytesOf = (name: string, dtype: string): Uint8Array => {
    const info = tensors.get(name);
    if (info?.dtype !== dtype) throw new TraceFormatError(`invalid tensor ${name}: ${info?.dtype ?? "none"}; expected ${dtype}`);
    return bytes.subarray(dataStart + info.begin, dataStart + info.end);
  };
  const parts = {
    counts: viewOf(Int32Array, bytesOf("counts", "I32")),
    weighed: viewOf(Int32Array, bytesOf("weighed", "I32")),
    numbers: viewOf(Float64Array, bytesOf("numbers", "F64")),
    products: viewOf(Float64Array, bytesOf("products", "F64"))
  };
  const perPath = parts.numbers.length === count * OLDER_NUMBERS ? OLDER_NUMBERS : NUMBERS;
  if (parts.counts.length !== count * COUNTS || parts.numbers.length !== count * perPath)
    throw new TraceFormatError(`invalid counts: ${parts.counts.length / COUNTS} paths; expected ${count}`);
  if (![...parts.numbers].every(Number.isFinite) || !parts.products.every(Number.isFinite))
    throw new TraceFormatError("invalid products: NaN or Infinity; expected finite numbers");
  const places = {products: 0, weighed: 0};
  const paths = Array.from({length: count}, (_, i) => unpackPath(i, {...parts, perPath}, places));
  if (places.products !== parts.products.length || places.weighed !== parts.weighed.length)
    throw new TraceFormatError(`invalid products: ${parts.products.length} numbers; the counts promise ${places.products}`);
  return paths;
}

interface Parts {
  readonly counts: Int32Array;
  readonly weighed: Int32Array;
  readonly numbers: Float64Array;
  /** Numbers of each path. */
  readonly perPath: number;
  readonly products: Float64Array;
}

/** The next path; `places` go on behind it. */
function unpackPath(
  i: number,
  {counts, weighed, numbers, perPath, products}: Parts,
  places: {products: number; weighed: number}
): PathProducts {
  const own = counts.subarray(i * COUNTS, (i + 1) * COUNTS);
  const [rows, stillFrom, badFrom, late, skipped, approach, first, many] = own;
  const isSane =
    rows >= 1 &&
    [stillFrom, badFrom].every((step) => step >= NOWHERE && step < rows) &&
    [late, approach].every((size) => size >= 0 && size <= MOST_STATES && size <= rows) &&
    [skipped, first].every((row) => row >= 0 && row < rows) &&
    many >= 0 &&
    many <= weighed.length - places.weighed &&
    partSize(late) + partSize(approach) <= products.length - places.products;
  if (!isSane)
    throw new TraceFormatError(`invalid counts of path ${i}: ${[...own].join(", ")}; expected those of ${products.length} products`);
  const found = {rows, ...(stillFrom === NOWHERE ? {} : {stillFrom}), ...(badFrom === NOWHERE ? {} : {badFrom})};
  if (late === 0) return found;
  const take = (size: number): Gram => {
    const gram = unpack(products, places.products, size);
    places.products += partSize(size);
    return gram;
  };
  const [floor, scale, floorDimensions = 1] = numbers.subarray(i * perPath, (i + 1) * perPath);
  const lateGram = take(late);
  const judged: JudgedProducts = {
    weighed: [...weighed.subarray(places.weighed, places.weighed + many)],
    floor,
    floorDimensions,
    scale,
    late: lateGram,
    skipped,
    approach: approach === 0 ? lateGram : take(approach),
    first
  };
  places.weighed += many;
  return {...found, judged};
}

function unpack(products: Float64Array, from: number, size: number): Gram {
  const values = new Float64Array(size * size);
  let at = from;
  for (let i = 0; i < size; ++i) for (let j = 0; j <= i; ++j) values[i * size + j] = values[j * size + i] = products[at++];
  return {size, values, towardLast: products.slice(at, at + size), lastSquared: products[at + size]};
}
