import {statesOf, type States} from "../../analysis/states.ts";
import {decodeFloats, dtypes, type Dtype} from "../../capture/trace/dtype.ts";
import {countOf, TraceFormatError} from "../../capture/trace/safetensors.ts";
import {listed, slabsOf, type ArrayFile, type NamedArray} from "./namedArray.ts";
import {openArrays} from "./openArrays.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** Which array of a bare file holds the states, and what its axes are. */
export interface BareStatesOptions {
  /** The array's name; defaults to `state`, else `states`, else the only array of numbers with 2 to 4 axes. */
  readonly array?: string;
  /**
   * The names of the axes, in their order: of step, init, token and width, the first and the last always.
   * Defaults by count: step,width; step,token,width; step,init,token,width.
   */
  readonly axes?: readonly string[];
}

/** The array of a bare file that holds states, with its shape as [steps, inits, tokens, width]. */
export interface BareState {
  readonly array: NamedArray;
  readonly shape: readonly [steps: number, inits: number, tokens: number, width: number];
  /** `state_normed` where the array is named so, else `state`. */
  readonly site: string;
}

export interface LoadedStates {
  readonly states: States;
  /** The precision of the numbers: `bf16` also where a float32 or float64 file holds nothing but bfloat16 numbers. */
  readonly dtype: "f64" | "f32" | "bf16" | "f16";
  /** The element type of the file. */
  readonly container: Dtype;
  readonly site: string;
  /** The array's name in the file. */
  readonly array: string;
}

const AXES = ["step", "init", "token", "width"] as const;
const defaultAxes: Readonly<Record<number, readonly string[]>> = {2: ["step", "width"], 3: ["step", "token", "width"], 4: AXES};
const precisionOf: Readonly<Partial<Record<Dtype, LoadedStates["dtype"]>>> = {F64: "f64", F32: "f32", BF16: "bf16", F16: "f16"};
const MAX_LOADED_BYTES = 4 * 2 ** 30; // float32 numbers in memory at once; a longer run is imported, and read in slices

/**
 * Loads the states of a bare safetensors, .npy or .npz file. Throws a TraceFormatError that names the file and what is
 * wrong: no such array, axes that do not fit, a number that is not finite, too much for memory.
 */
export async function loadStates(path: string, options: BareStatesOptions = {}): Promise<LoadedStates> {
  const file = await openArrays(path);
  try {
    return await load(findState(file, options));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new TraceFormatError(`${path}: ${error.message}`, {cause: error});
  } finally {
    await file.close();
  }
}

async function load({array, shape, site}: BareState): Promise<LoadedStates> {
  const [steps, inits, tokens, width] = shape;
  const count = countOf(shape);
  if (4 * count > MAX_LOADED_BYTES)
    throw new TraceFormatError(
      `invalid ${array.name}: ${4 * count} bytes as float32; at most ${MAX_LOADED_BYTES} are loaded at once, so import it and read it in slices`
    );
  const data = new Float32Array(count);
  let at = 0;
  for await (const slab of slabsOf(array, width * dtypes[array.dtype].bytes)) {
    const row = decodeFloats(array.dtype, slab);
    const wrong = row.findIndex((x) => !Number.isFinite(x));
    if (wrong >= 0) throw new TraceFormatError(`invalid ${array.name}: ${row[wrong]} at number ${at + wrong}; expected finite numbers`);
    data.set(row, at);
    at += width;
  }
  const precision = precisionOf[array.dtype] ?? "f32";
  const dtype = precision !== "f16" && isBfloat16(data) ? "bf16" : precision;
  return {states: statesOf({steps, inits, tokens, width}, data), dtype, container: array.dtype, site, array: array.name};
}

/** Whether every number is one of bfloat16, so that it may be stored as such without loss. */
export function isBfloat16(values: Float32Array): boolean {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; ++i) if (bits[i] & 0xffff) return false;
  return true;
}

/** Finds the states among a file's arrays. Throws a TraceFormatError that names the arrays there are, or the axes allowed. */
export function findState({arrays}: ArrayFile, {array: name, axes}: BareStatesOptions = {}): BareState {
  const array = name === undefined ? likeliest(arrays) : arrays.get(name);
  if (!array) throw new TraceFormatError(`missing array: ${name ?? "state"}; the file holds ${listed(arrays.keys())}`);
  if (!precisionOf[array.dtype]) throw new TraceFormatError(`invalid ${array.name}: ${array.dtype}; expected floating-point numbers`);
  return {array, shape: stateShape(array, axes), site: array.name === "state_normed" ? "state_normed" : "state"};
}

function likeliest(arrays: ReadonlyMap<string, NamedArray>): NamedArray | undefined {
  const named = arrays.get("state") ?? arrays.get("states");
  if (named) return named;
  const candidates = [...arrays.values()].filter(({dtype, shape}) => precisionOf[dtype] && shape.length in defaultAxes);
  return candidates.length === 1 ? candidates[0] : undefined;
}

function stateShape({name, shape}: NamedArray, axes: readonly string[] | undefined): BareState["shape"] {
  const given = axes ?? defaultAxes[shape.length];
  if (!given) throw new TraceFormatError(`invalid ${name}: [${shape.join(", ")}]; expected 2 to 4 axes, as [steps, inits, tokens, width]`);
  const inOrder = given.join(",") === AXES.filter((axis) => given.includes(axis)).join(",");
  if (!inOrder || given.length !== shape.length || given[0] !== "step" || given.at(-1) !== "width")
    throw new TraceFormatError(
      `invalid axes: ${given.join(",")} for [${shape.join(", ")}]; expected ${shape.length} of ${AXES.join(",")} in this order, step and width among them`
    );
  if (shape.some((size) => size < 1)) throw new TraceFormatError(`invalid ${name}: [${shape.join(", ")}]; expected no empty axis`);
  const sizeOf = (axis: string): number => (given.includes(axis) ? shape[given.indexOf(axis)] : 1);
  return [sizeOf("step"), sizeOf("init"), sizeOf("token"), sizeOf("width")];
}
