import {statesOf, type States} from "../../analysis/states.ts";
import {precisionOf, type Precision} from "../../analysis/patterns/rounding.ts";
import {dtypes} from "../../capture/trace/dtype.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {CHUNK_BYTES} from "../runs/siteRows.ts";
import {floatsOf, type BareState} from "./bareStates.ts";
import {elementsOf, type NamedArray} from "./namedArray.ts";

/** The trajectories of a bare file that are read some tokens at a time. */
export interface BareChunks {
  readonly shape: Omit<States, "data">;
  /** How many tokens are read at once. */
  readonly atOnce: number;
  /** Whole trajectories of tokens, in the order given. */
  read(tokens: readonly number[]): Promise<States>;
}

interface ChunkOptions {
  /** Bytes of float32 numbers in memory at once; defaults to 256 MiB. */
  readonly most?: number;
}

/** The states of a bare file by token; undefined where all fit into memory at once, or where they do not lie in the file as steps of tokens. */
export function bareChunks(
  {array, shape: [steps, inits, tokens, width]}: BareState,
  {most = CHUNK_BYTES}: ChunkOptions = {}
): BareChunks | undefined {
  const perToken = 4 * steps * inits * width;
  const {part} = array;
  if (!part || perToken * tokens <= most) return undefined;
  return {
    shape: {steps, inits, tokens, width},
    atOnce: Math.max(1, Math.floor(most / perToken)),
    async read(chosen) {
      const data = new Float32Array(steps * inits * chosen.length * width);
      let at = 0;
      for (let row = 0; row < steps * inits; ++row) {
        for (const [from, count] of runsOf(chosen)) {
          const read = await numbersOf(array, {from: (row * tokens + from) * width, count: count * width, into: data.subarray(at)});
          at += read;
        }
      }
      return statesOf({steps, inits, tokens: chosen.length, width}, data);
    }
  };
}

/** Runs of neighbours in a list: where each begins, and how many they are. */
function runsOf(tokens: readonly number[]): [from: number, count: number][] {
  const runs: [number, number][] = [];
  for (const token of tokens) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === token) ++last[1];
    else runs.push([token, 1]);
  }
  return runs;
}

/** Reads so many numbers from one on; how many they are. Throws a TraceFormatError where the file ends before. */
async function numbersOf(array: NamedArray, {from, count, into}: {from: number; count: number; into: Float32Array}): Promise<number> {
  const {bytes} = dtypes[array.dtype];
  let at = 0;
  for await (const piece of elementsOf({...array, bytes: () => array.part!(from * bytes, count * bytes)})) {
    const numbers = floatsOf(array, piece);
    into.set(numbers, at);
    at += numbers.length;
  }
  if (at !== count) throw new TraceFormatError(`truncated array ${array.name}: ${at} numbers; expected ${count}`);
  return at;
}

/** The narrowest format that holds every number of an array; reading ends with the first piece that needs float32. */
export async function precisionOfArray(array: NamedArray): Promise<Precision> {
  if (array.dtype === "BF16") return "bfloat16";
  if (array.dtype === "F16") return "float16";
  const found = new Set<Precision>();
  for await (const piece of elementsOf(array)) {
    const numbers = floatsOf(array, piece);
    if (numbers.some((x) => x !== 0)) found.add(precisionOf(numbers)); // zeros are of every format
    if (found.size > 1 || found.has("float32")) return "float32";
  }
  return [...found][0] ?? "float32";
}
