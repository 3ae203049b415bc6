import {statesOf, type States} from "../../analysis/states.ts";
import {precisionOf, type Precision} from "../../analysis/patterns/path/rounding.ts";
import {countOf} from "../../capture/trace/safetensorsHeader.ts";
import {CHUNK_BYTES} from "../runs/siteRows.ts";
import {floatPieces, floatsOf, type BareState} from "./bareStates.ts";
import {slabPieces, type NamedArray} from "./namedArray.ts";

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

/** Whether the states are few enough to be read at once. */
export const fitsMemory = ({shape}: BareState): boolean => 4 * countOf(shape) <= CHUNK_BYTES;

/** The states of a bare file by token; a RangeError where the array can only be read from its beginning. */
export function bareChunks({array, shape: [steps, inits, tokens, width]}: BareState, {most = CHUNK_BYTES}: ChunkOptions = {}): BareChunks {
  const perToken = 4 * steps * inits * width;
  if (!array.along) throw new RangeError(`invalid ${array.name}: it can only be read from its beginning`);
  const axis = array.shape.length - 2; // of the tokens: the last but one, where there are more than one
  return {
    shape: {steps, inits, tokens, width},
    atOnce: Math.max(1, Math.floor(most / perToken)),
    async read(chosen) {
      const data = new Float32Array(steps * inits * chosen.length * width);
      let at = 0;
      for (const [from, count] of runsOf(chosen)) {
        const some = tokens === 1 ? array : array.along!(axis, from, count);
        for await (const {slab, from: element, bytes} of slabPieces(some, count * width))
          data.set(floatsOf(array, bytes), (slab * chosen.length + at) * width + element);
        at += count;
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

/** The narrowest format that holds every number of an array; reading ends with the first piece that needs float32. */
export async function precisionOfArray(array: NamedArray): Promise<Precision> {
  if (array.dtype === "BF16") return "bfloat16";
  if (array.dtype === "F16") return "float16";
  const found = new Set<Precision>();
  for await (const numbers of floatPieces(array.inAnyOrder ?? array)) {
    if (numbers.some((x) => x !== 0)) found.add(precisionOf(numbers)); // zeros are of every format
    if (found.size > 1 || found.has("float32")) return "float32";
  }
  return [...found][0] ?? "float32";
}
