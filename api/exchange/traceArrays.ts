import {join} from "node:path";
import {dtypes} from "../../capture/trace/dtype.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {firstStepOf} from "../../capture/trace/slice.ts";
import {openSafetensors} from "../../capture/trace/safetensors.ts";
import {countOf} from "../../capture/trace/safetensorsHeader.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import {READOUT_FILE, STATES_FILE} from "../../capture/trace/writer.ts";
import {arrayBytes, fileBytes, type NamedArray} from "./namedArray.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {Telling} from "./telling.ts";

/** Where a trace's description stands in an exported file: safetensors metadata, or a text member of an archive. */
export const TRACE_KEY = "orrery_trace";
/** Beside it: for each tensor, the dtype and the file of the trace that it comes from. */
export const TENSORS_KEY = "orrery_tensors";
/** And how the readout's tokens read, by id, where the trace keeps it. */
export const TEXTS_KEY = "orrery_texts";

/** A tensor of a trace, with the file that holds it. */
interface TraceArray extends NamedArray {
  readonly file: "states" | "readout";
}

/** The texts that let a file with a trace's tensors be imported as that very trace. */
export async function traceTexts(reader: TraceReader, arrays: readonly TraceArray[]): Promise<Readonly<Record<string, string>>> {
  const texts = await reader.readTexts();
  return {
    [TRACE_KEY]: JSON.stringify(reader.trace),
    [TENSORS_KEY]: JSON.stringify(Object.fromEntries(arrays.map(({name, dtype, file}) => [name, {dtype, file}]))),
    ...(texts && {[TEXTS_KEY]: JSON.stringify(Object.fromEntries(texts))})
  };
}

/**
 * All tensors of a trace as they lie on disk, states first, readout after; what has a step axis ends at the last step
 * written. Throws a Refusal for a run that has written nothing.
 */
export async function traceArrays({dir, trace}: TraceReader): Promise<readonly TraceArray[]> {
  if (trace.steps_written < 0) throw new Refusal("invalid run: nothing is written yet; expected at least the initial state");
  const states = await arraysOf("states", join(dir, STATES_FILE), {trace, stepAxes: 4});
  return trace.readout ? [...states, ...(await arraysOf("readout", join(dir, READOUT_FILE), {trace, stepAxes: 3}))] : states;
}

export const bytesOfAll = (arrays: readonly Pick<NamedArray, "dtype" | "shape">[]): number =>
  arrays.reduce((sum, array) => sum + arrayBytes(array), 0);

/** Reads arrays of a list one after another, and tells the share of all their bytes that has been read. */
export function tellingReader(
  arrays: readonly NamedArray[],
  progress?: Telling["progress"]
): (array: NamedArray) => AsyncIterable<Uint8Array> {
  const all = bytesOfAll(arrays);
  let done = 0;
  return async function* (array) {
    for await (const piece of array.bytes()) {
      yield piece;
      progress?.((done += piece.length) / all);
    }
  };
}

/** Tensors of at least `stepAxes` axes have the steps as their first. */
async function arraysOf(
  file: TraceArray["file"],
  path: string,
  {trace, stepAxes}: {trace: Trace; stepAxes: number}
): Promise<TraceArray[]> {
  const opened = await openSafetensors(path, {partial: true});
  await opened.close();
  return [...opened.tensors].map(([name, {dtype, shape, begin}]) => {
    const [rows, ...slab] = shape;
    const kept = shape.length >= stepAxes ? [Math.min(rows, trace.steps_written + 1 - firstStepOf(trace, name)), ...slab] : shape;
    const length = countOf(kept) * dtypes[dtype].bytes;
    return {name, dtype, shape: kept, file, bytes: () => fileBytes(path, opened.dataStart + begin, length)};
  });
}
