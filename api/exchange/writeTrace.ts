import {decodeFloats, dtypes, encodeFloats, type Dtype, type StorageDtype} from "../../capture/trace/dtype.ts";
import {firstStepOf} from "../../capture/trace/slice.ts";
import {countOf, TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import type {StepTensor} from "../../capture/trace/stepFile.ts";
import {createTrace, type TraceWriter} from "../../capture/trace/writer.ts";
import {viewOf} from "../../capture/trace/viewOf.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {floatsOf} from "./bareStates.ts";
import {slabPieces, type NamedArray} from "./namedArray.ts";
import type {Telling} from "./telling.ts";

/** An array on its way into a trace: where it goes, and in which dtype. */
export interface IncomingArray {
  readonly array: NamedArray;
  readonly name: string;
  readonly file: "states" | "readout";
  readonly dtype: StepTensor["dtype"];
  /** Whether the first axis is the step. */
  readonly stepped: boolean;
}

/** Whose a trace is to be, and what it may take. */
export interface Belonging {
  /** As a server with users knows them; as the file says where it is left out. */
  readonly owner?: string;
  /** Bytes that there is room for; defaults to any number. */
  readonly room?: number;
}

/** How a trace is written. */
export interface Writing extends Belonging, Telling {}

/** What a trace folder is made of, beside its description. */
interface TraceParts extends Writing {
  readonly arrays: readonly IncomingArray[];
  /** How the readout's tokens read, by id. */
  readonly texts?: ReadonlyMap<number, string>;
}

/**
 * Writes a trace folder from arrays, piece by piece. A run that is partial stays so. Throws a TraceFormatError for an array
 * that contradicts the trace: other inits, tokens or width, another number of steps, numbers that its dtype cannot hold.
 */
export async function writeTrace(
  dir: string,
  described: Trace,
  {arrays, texts, owner, room = Infinity, progress}: TraceParts
): Promise<Trace> {
  const trace = owner === undefined ? described : {...described, owner};
  if (trace.status === "complete" && trace.steps_written !== trace.steps)
    throw new TraceFormatError(`invalid steps_written: ${trace.steps_written}; expected ${trace.steps} of a run that is complete`);
  if (trace.steps_written < 0 || trace.steps_written > trace.steps)
    throw new TraceFormatError(`invalid steps_written: ${trace.steps_written}; expected 0 to ${trace.steps}`);
  if (!arrays.some(({file, stepped}) => file === "states" && stepped))
    throw new TraceFormatError(`missing state: the trace promises ${trace.steps_written} steps`); // or a small file could promise any number
  for (const incoming of arrays) checkShape(trace, incoming);
  const bytes = arrays.reduce((sum, {array, dtype}) => sum + countOf(array.shape) * dtypes[dtype].bytes, 0);
  if (bytes > room) throw new Refusal(`too little disk: the run takes ${bytes} bytes, and there is room for ${room}`, {kind: "full"});
  const {status, stopped, steps_written: stepsWritten, step_ms: stepMs, ...announcement} = trace;
  const tensorsOf = (file: IncomingArray["file"]): StepTensor[] =>
    arrays
      .filter((incoming) => incoming.file === file)
      .sort((a, b) => Number(a.stepped) - Number(b.stepped))
      .map((incoming) => stepTensorOf(trace, incoming));
  const writer = await createTrace(dir, announcement, {states: tensorsOf("states"), readout: tensorsOf("readout")});
  try {
    let done = 0;
    const wrote = (count: number): void => progress?.((done += count) / Math.max(1, bytes));
    for (const incoming of arrays) await writeArray(writer, incoming, wrote);
    if (texts) await writer.writeTexts(texts);
    for (let step = 0; step <= stepsWritten; ++step) await writer.finishStep(step, stepMs[step - 1] ?? 0);
    return status === "complete" ? await writer.complete() : await writer.stop(stopped ?? "imported from a run that was not complete");
  } catch (error) {
    await writer.stop("import failed"); // closes the files; the folder is thrown away
    throw error;
  }
}

function stepTensorOf(trace: Trace, {array, name, dtype, stepped}: IncomingArray): StepTensor {
  const [rows, ...slab] = array.shape;
  return stepped ? {name, dtype, shape: slab, steps: rows, firstStep: firstStepOf(trace, name)} : {name, dtype, shape: array.shape};
}

function checkShape(trace: Trace, {array: {shape}, name, file, stepped}: IncomingArray): void {
  if (!stepped) return;
  const expected = [trace.steps_written + 1 - firstStepOf(trace, name), trace.inits.length, trace.tokens.length];
  const wide = name === "state" || name === "state_normed";
  const fits =
    expected.every((size, axis) => shape[axis] === size) &&
    (!wide || shape[3] === trace.width) &&
    (file === "readout" || shape.length === 4);
  if (!fits)
    throw new TraceFormatError(
      `invalid ${name}: [${shape.join(", ")}]; the trace promises [${[...expected, ...(wide ? [trace.width] : [])].join(", ")}${wide ? "" : ", …"}]`
    );
}

async function writeArray(
  writer: TraceWriter,
  {array, name, file, dtype, stepped}: IncomingArray,
  wrote: (bytes: number) => void
): Promise<void> {
  const [rows, ...slab] = array.shape;
  const slabElements = countOf(stepped ? slab : array.shape);
  const firstStep = firstStepOf(writer.trace, name);
  if (slabElements === 0 || (stepped && rows === 0)) return;
  for await (const {slab: row, from, bytes} of slabPieces(array, slabElements)) {
    const numbers = dtype === "I32" ? integersOf(array, bytes) : storedFloats(array, bytes, dtype);
    const step = stepped ? firstStep + row : undefined;
    if (file === "readout") await writer.writeReadout(name, numbers, step, from);
    else if (numbers instanceof Float32Array) await writer.writeState(name, numbers, step, from);
    else throw new TraceFormatError(`invalid ${name}: ${array.dtype}; expected floating-point numbers`);
    wrote(numbers.length * dtypes[dtype].bytes);
  }
}

function integersOf({name, dtype}: NamedArray, bytes: Uint8Array): Int32Array {
  if (dtype !== "I32") throw new TraceFormatError(`invalid ${name}: ${dtype}; expected I32`);
  return viewOf(Int32Array, bytes);
}

const storageOf: Readonly<Partial<Record<Dtype, StorageDtype>>> = {F32: "f32", BF16: "bf16", F16: "f16"};

function storedFloats({name, dtype: from}: NamedArray, bytes: Uint8Array, to: StepTensor["dtype"]): Float32Array {
  const values = floatsOf({name, dtype: from}, bytes);
  const storage = storageOf[to];
  if (storage && storage !== "f32" && from !== to) {
    const kept = decodeFloats(to, encodeFloats(storage, values));
    const lost = values.findIndex((value, i) => !Object.is(value, kept[i]));
    if (lost >= 0) throw new TraceFormatError(`invalid ${name}: ${values[lost]} is no ${to} number; expected what ${to} holds`);
  }
  return values;
}
