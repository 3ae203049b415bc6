import {join} from "node:path";
import {dtypes} from "../../capture/trace/dtype.ts";
import {originOf, type TraceReader} from "../../capture/trace/reader.ts";
import {countOf, openSafetensors} from "../../capture/trace/safetensors.ts";
import {READOUT_FILE, STATES_FILE} from "../../capture/trace/writer.ts";
import {fileBytes, type NamedArray} from "./namedArray.ts";

/** Where a trace's description stands in an exported file: safetensors metadata, or a text member of an archive. */
export const TRACE_KEY = "orrery_trace";

/**
 * All tensors of a trace as they lie on disk, states first, readout after; what has a step axis ends at the last step
 * written. Throws a RangeError for a run that has written nothing.
 */
export async function traceArrays({dir, trace}: TraceReader): Promise<readonly NamedArray[]> {
  if (trace.steps_written < 0) throw new RangeError("invalid run: nothing is written yet; expected at least the initial state");
  const states = await arraysOf(join(dir, STATES_FILE), trace.steps_written, 4);
  return trace.readout ? [...states, ...(await arraysOf(join(dir, READOUT_FILE), trace.steps_written, 3))] : states;
}

/** Tensors of at least `stepAxes` axes have the steps as their first. */
async function arraysOf(path: string, lastStep: number, stepAxes: number): Promise<NamedArray[]> {
  const file = await openSafetensors(path, {partial: true});
  await file.close();
  return [...file.tensors].map(([name, {dtype, shape, begin}]) => {
    const [rows, ...slab] = shape;
    const kept = shape.length >= stepAxes ? [Math.min(rows, lastStep + 1 - originOf(name)), ...slab] : shape;
    const length = countOf(kept) * dtypes[dtype].bytes;
    return {name, dtype, shape: kept, bytes: () => fileBytes(path, file.dataStart + begin, length)};
  });
}
