import {decodeFloats} from "../../capture/trace/dtype.ts";
import {parseHeader} from "../../capture/trace/safetensorsHeader.ts";

/** What a projection's message holds. */
export interface DrawnRuns {
  /** Of each run: `shape` [steps, inits, tokens, dims]. */
  readonly runs: readonly {readonly shape: readonly number[]; readonly points: Float32Array}[];
  readonly explained: readonly number[] | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads the message that `projectionMessage` makes of so many runs. */
export function drawnRuns(message: Uint8Array, runs: number): DrawnRuns {
  const {tensors, dataStart, metadata} = parseHeader(message);
  const read = (name: string): Float32Array | undefined => {
    const info = tensors.get(name);
    return info && decodeFloats(info.dtype, message.subarray(dataStart + info.begin, dataStart + info.end));
  };
  const names = Array.from({length: runs}, (_, run) => (run === 0 ? "points" : `points.${run}`));
  const explained = read("explained");
  return {
    runs: names.map((name) => ({shape: tensors.get(name)!.shape, points: read(name)!})),
    explained: explained ? [...explained] : null,
    metadata
  };
}
