import {statesOf, type States} from "../../analysis/states.ts";
import {decodeFloats, type Dtype} from "../../capture/trace/dtype.ts";
import {countOf, TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {viewOf} from "../../capture/trace/viewOf.ts";
import {elementsOf, listed, type ArrayFile, type NamedArray} from "./namedArray.ts";
import {openArrays} from "./openArrays.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {rearranged} from "./rearranged.ts";
import type {Unclear} from "../contract/importSchemas.ts";
import {refuseUnlike, seriesOf, stacked} from "./stackedSteps.ts";

/** Which array of a bare file holds the states, and what its axes are. */
export interface BareStatesOptions {
  /**
   * The array's name, or that of a series with # for the number; defaults to `state`, else `states`, else the only array of numbers
   * with 2 to 4 axes, else the only series of arrays, one a step.
   */
  readonly array?: string;
  /**
   * The names of the axes, in their order: of step, init, token and width, the first and the last always among them.
   * Defaults by count: step,width; step,token,width; step,init,token,width.
   */
  readonly axes?: readonly string[];
}

/** The array of a bare file that holds states, in the order of its shape: [steps, inits, tokens, width]. */
export interface BareState {
  readonly array: NamedArray;
  readonly shape: readonly [steps: number, inits: number, tokens: number, width: number];
  /** `state_normed` where the array is named so, else `state`. */
  readonly site: string;
  /** What had to be assumed to read it so. */
  readonly notes: readonly string[];
  /** What the file holds beside and is not read, a line each with the reason. */
  readonly unread: readonly string[];
}

interface LoadedStates {
  readonly states: States;
  /** The precision of the numbers: `bf16` also where a float32 or float64 file holds nothing but bfloat16 numbers. */
  readonly dtype: "f64" | "f32" | "bf16" | "f16";
  /** The element type of the file. */
  readonly container: Dtype;
  readonly site: string;
  /** The array's name in the file. */
  readonly array: string;
  /** What the file holds beside and was not read, a line each. */
  readonly unread: readonly string[];
}

const AXES = ["step", "init", "token", "width"] as const;
const otherNames: Readonly<Record<string, string>> = {
  steps: "step",
  inits: "init",
  batch: "init",
  tokens: "token",
  positions: "token",
  hidden: "width"
};
const defaultAxes: Readonly<Record<number, readonly string[]>> = {2: ["step", "width"], 3: ["step", "token", "width"], 4: AXES};
const precisionOf: Readonly<Partial<Record<Dtype, LoadedStates["dtype"]>>> = {F64: "f64", F32: "f32", BF16: "bf16", F16: "f16"};

/**
 * Loads the states of a bare safetensors, .npy, .npz or Parquet file. Throws a TraceFormatError that names the file and what is
 * wrong: no such array, axes that do not fit, a number beyond float32, none that float32 can tell from zero, too much for memory. NaN and Infinity stay, for whoever judges.
 */
export const loadStates = (path: string, options: BareStatesOptions = {}): Promise<LoadedStates> => withState(path, options, load);

/** What `use` makes of the states of a bare file while it is open; its refusals name the file. */
export async function withState<T>(path: string, options: BareStatesOptions, use: (state: BareState) => Promise<T>): Promise<T> {
  const file = await openArrays(path);
  try {
    return await use(findState(file, options));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new TraceFormatError(`${path}: ${error.message}`, {cause: error});
  } finally {
    await file.close();
  }
}

/** The states of an open file, all at once. */
export async function load({array, shape, site, unread}: BareState): Promise<LoadedStates> {
  const [steps, inits, tokens, width] = shape;
  const count = countOf(shape);
  const data = new Float32Array(count);
  let at = 0;
  for await (const numbers of floatPieces(array)) {
    if (at + numbers.length > count) throw new TraceFormatError(`invalid ${array.name}: more than ${count} numbers`);
    data.set(numbers, at);
    at += numbers.length;
  }
  if (at !== count) throw new TraceFormatError(`truncated array ${array.name}: ${at} numbers; expected ${count}`);
  const precision = precisionOf[array.dtype] ?? "f32";
  const dtype = precision !== "f16" && isBfloat16(data) ? "bf16" : precision;
  return {states: statesOf({steps, inits, tokens, width}, data), dtype, container: array.dtype, site, array: array.name, unread};
}

const MAX_FLOAT32 = 2 ** 128 * (1 - 2 ** -25); // from here on a number rounds to infinity
const LEAST_FLOAT32 = 2 ** -126; // below, float32 has fewer digits, and at last none

/**
 * All numbers of an array as float32, piece by piece. Throws a TraceFormatError for float64 numbers that are all too small for float32: they would be
 * zeros, and their states at rest. A small number beside larger ones loses nothing that shows.
 */
export async function* floatPieces(array: NamedArray): AsyncIterable<Float32Array> {
  let largest = 0;
  for await (const piece of elementsOf(array)) {
    const own = largestOf(array.dtype, piece);
    refuseBeyond(array.name, own);
    if (Math.abs(own) > Math.abs(largest)) largest = own;
    yield decodeFloats(array.dtype, piece);
  }
  if (largest !== 0 && Math.abs(largest) < LEAST_FLOAT32)
    throw new TraceFormatError(
      `invalid ${array.name}: ${largest} is its largest number, too small for float32; expected at least 1.1754944e-38`
    );
}

/** The float64 number of largest magnitude, NaN and Infinity left out; 0 of any other type, all of which float32 can hold. */
function largestOf(dtype: Dtype, bytes: Uint8Array): number {
  let largest = 0;
  if (dtype === "F64")
    for (const value of viewOf(Float64Array, bytes)) if (Math.abs(value) > Math.abs(largest) && Number.isFinite(value)) largest = value;
  return largest;
}

function refuseBeyond(name: string, largest: number): void {
  if (Math.abs(largest) >= MAX_FLOAT32)
    throw new TraceFormatError(`invalid ${name}: ${largest} is beyond float32; expected at most 3.4028235e38`);
}

/** Numbers of an array as float32; NaN and Infinity stay. Throws a TraceFormatError that names a float64 number beyond float32's range. */
export function floatsOf({name, dtype}: Pick<NamedArray, "name" | "dtype">, bytes: Uint8Array): Float32Array {
  refuseBeyond(name, largestOf(dtype, bytes));
  return decodeFloats(dtype, bytes);
}

/**
 * Whether every number is one of bfloat16, so that it may be stored as such without loss; undefined where none tells: zeros, infinities and NaN are
 * of any precision.
 */
export function isBfloat16(values: Float32Array): boolean | undefined {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let tells = false;
  for (let i = 0; i < bits.length; ++i) {
    if (bits[i] & 0xffff) return false;
    tells ||= (bits[i] & 0x7fffffff) !== 0 && (bits[i] & 0x7f800000) !== 0x7f800000;
  }
  return tells || undefined;
}

/** Finds the states among a file's arrays. Throws a TraceFormatError that names the arrays there are, or the axes allowed. */
export function findState(file: ArrayFile, {array: name, axes}: BareStatesOptions = {}): BareState {
  const array = name === undefined ? likeliest(file) : named(file, name);
  if (!precisionOf[array.dtype]) throw new TraceFormatError(`invalid ${array.name}: ${array.dtype}; expected floating-point numbers`);
  const order = axisOrder(array, axes);
  const shape = AXES.map((axis) => (order.includes(axis) ? array.shape[order.indexOf(axis)] : 1));
  if (shape.some((size) => size < 1))
    throw new TraceFormatError(`invalid ${array.name}: [${array.shape.join(", ")}]; expected no empty axis`);
  const inOrder = AXES.filter((axis) => order.includes(axis)).map((axis) => order.indexOf(axis));
  return {
    array: rearranged(array, inOrder),
    shape: shape as unknown as BareState["shape"],
    site: array.name === "state_normed" ? "state_normed" : "state",
    notes: [`the axes of ${array.name} [${array.shape.join(", ")}] were taken as ${order.join(",")}`],
    unread: unreadLines(file)
  };
}

const MAX_NOTES = 20;

function unreadLines({unread}: ArrayFile): string[] {
  const lines = [...unread].slice(0, MAX_NOTES).map(([other, reason]) => `${other} was not read: ${reason}`);
  return unread.size > MAX_NOTES ? [...lines, `${unread.size - MAX_NOTES} further parts were not read`] : lines;
}

/** The array of that name, or the series with # for its number. */
function named({arrays, unread}: ArrayFile, name: string): NamedArray {
  const array = arrays.get(name);
  if (array) return array;
  const reason = unread.get(name);
  if (reason !== undefined) throw new TraceFormatError(`invalid array ${name}: ${reason}`);
  const series = seriesOf(arrays.values(), {least: 2}).filter((one) => one.name === name);
  refuseUnlike(series);
  if (series.length === 1) return stacked(series[0]);
  throw new TraceFormatError(`missing array: ${name}; the file holds ${listed(arrays.keys())}`);
}

const OWN_NAMES = ["state", "states"];

function likeliest({arrays, unread}: ArrayFile): NamedArray {
  for (const name of OWN_NAMES) {
    const found = arrays.get(name);
    if (found) return found;
    const reason = unread.get(name);
    if (reason !== undefined) throw new TraceFormatError(`invalid array ${name}: ${reason}`);
  }
  const {single, series, candidates} = candidatesOf(arrays);
  const names = new Set(candidates);
  if (names.size === 1) refuseUnlike(series);
  if (candidates.length !== 1)
    throw new TraceFormatError(
      candidates.length === 0
        ? `missing array: state; the file holds ${listed(arrays.keys())}`
        : `missing array: state; expected --array with one of ${listed(names)}`
    );
  return single[0] ?? stacked(series[0]);
}

/** What may hold the states where nothing is named so: single arrays, and series of one a step; `candidates` are the names of both. */
function candidatesOf(arrays: ArrayFile["arrays"]) {
  const floats = [...arrays.values()].filter(({dtype}) => precisionOf[dtype]);
  const series = seriesOf(floats.filter(({shape}) => shape.length + 1 in defaultAxes));
  const inSeries = new Set(series.flatMap((one) => one.arrays));
  const single = floats.filter((array) => array.shape.length in defaultAxes && !inSeries.has(array));
  return {single, series, candidates: [...single.map(({name}) => name), ...series.map(({name}) => name)]};
}

/** Orders that the axes of an array may well have, by their count, the likeliest first. */
const likelyOrders: Readonly<Record<number, readonly (readonly (typeof AXES)[number][])[]>> = {
  3: [
    ["step", "token", "width"],
    ["step", "init", "width"],
    ["token", "step", "width"],
    ["init", "step", "width"]
  ],
  4: [AXES, ["step", "token", "init", "width"], ["init", "step", "token", "width"], ["token", "step", "init", "width"]]
};

/** What a person has to say of a file before its states can be read for certain; undefined where it is certain, or cannot be read at all. */
export function unclearOf(file: ArrayFile, {array: name, axes}: BareStatesOptions = {}): Unclear | undefined {
  const isNamed = name !== undefined || OWN_NAMES.some((own) => file.arrays.has(own) || file.unread.has(own));
  if (!isNamed) {
    const {candidates} = candidatesOf(file.arrays);
    if (candidates.length > 1) return {arrays: candidates.slice(0, MOST_ASKED)};
  }
  if (axes) return undefined;
  const {name: found, shape} = name === undefined ? likeliest(file) : named(file, name);
  const isOurs = shape.length === 4 && OWN_NAMES.includes(found) && shape[0] > 1 && file.format !== "npy"; // as it is documented
  const orders = likelyOrders[shape.length];
  return isOurs || !orders ? undefined : {array: found, shape: [...shape], orders: orders.map((order) => [...order])};
}

const MOST_ASKED = 50; // arrays to choose from

/** What the axes of an array are, in its order. */
function axisOrder({name, shape}: NamedArray, axes: readonly string[] | undefined): readonly string[] {
  if (axes) {
    const given = axes.map((axis) => (Object.hasOwn(otherNames, axis) ? otherNames[axis] : axis));
    const known = given.filter((axis) => (AXES as readonly string[]).includes(axis));
    if (
      known.length !== shape.length ||
      new Set(given).size !== given.length ||
      given.length !== shape.length ||
      !given.includes("step") ||
      !given.includes("width")
    )
      throw new TraceFormatError(
        `invalid axes: ${axes.join(",")} for [${shape.join(", ")}]; expected ${shape.length} of ${AXES.join(",")} in the array's order, step and width among them`
      );
    return given;
  }
  const order = defaultAxes[shape.length];
  if (!order) throw new TraceFormatError(`invalid ${name}: [${shape.join(", ")}]; expected 2 to 4 axes, as [steps, inits, tokens, width]`);
  if (shape.length > 2 && shape[0] === 1 && shape[1] > 1)
    throw new TraceFormatError(
      `invalid ${name}: [${shape.join(", ")}] is one step of ${shape[1]} ${order[1]}s as ${order.join(",")}; where the first axis is a batch, say --axes ${["init", "step", ...order.slice(2)].join(",")}`
    );
  return order;
}
