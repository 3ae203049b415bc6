import {z} from "zod";
import {dtypes, type Dtype} from "../../capture/trace/dtype.ts";
import {parseJson} from "../../capture/trace/json.ts";
import {openTrace, parseTexts, parseTrace} from "../../capture/trace/reader.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import type {StepTensor} from "../../capture/trace/stepFile.ts";
import {listed, type ArrayFile, type NamedArray} from "./namedArray.ts";
import {TENSORS_KEY, TEXTS_KEY, TRACE_KEY, traceArrays} from "./traceArrays.ts";
import {writeTrace, type Writing, type IncomingArray} from "./writeTrace.ts";

const nameSchema = z.string().regex(/^[a-z][\w.]{0,127}$/, "expected a tensor's name"); // no name that a header gives a meaning to
const tensorsSchema = z.record(
  nameSchema,
  z.object({dtype: z.enum(Object.keys(dtypes) as [Dtype, ...Dtype[]]), file: z.enum(["states", "readout"])})
);

/** Whether a file was exported from a trace, so that it can be imported as that very trace. */
export const isExported = ({texts}: ArrayFile): boolean => texts.has(TRACE_KEY);

/** Writes the trace that a safetensors or .npz file was exported from, bit for bit. Throws a TraceFormatError where file and description disagree. */
export async function importExported(file: ArrayFile, dir: string, {owner, room, progress}: Writing = {}): Promise<Trace> {
  const trace = parseTrace(await jsonAt(file, TRACE_KEY), TRACE_KEY);
  const tensors = await parsed(file, TENSORS_KEY, tensorsSchema);
  const arrays = Object.entries(tensors).map(([name, {dtype, file: place}]) => {
    const array = file.arrays.get(name);
    if (!array) throw new TraceFormatError(`missing array: ${name}; the file holds ${listed(file.arrays.keys())}`);
    return incomingOf(array, dtype, place);
  });
  const texts = file.texts.has(TEXTS_KEY) ? parseTexts(await jsonAt(file, TEXTS_KEY), TEXTS_KEY) : undefined;
  return writeTrace(dir, trace, {arrays, texts, owner, room, progress});
}

/** Writes a trace folder anew: what is not a trace's own is left behind, and what contradicts it is refused. */
export async function importTrace(from: string, dir: string, {owner, room, progress}: Writing = {}): Promise<Trace> {
  const reader = await openTrace(from);
  try {
    const arrays = (await traceArrays(reader)).map((array) => incomingOf(array, array.dtype, array.file));
    return await writeTrace(dir, reader.trace, {arrays, texts: await reader.readTexts(), owner, room, progress});
  } finally {
    await reader.close();
  }
}

const stepAxes = {states: 4, readout: 3} as const; // tensors of at least so many axes have the steps as their first

function incomingOf(array: NamedArray, dtype: Dtype, file: IncomingArray["file"]): IncomingArray {
  if (!(dtype === "F32" || dtype === "BF16" || dtype === "F16" || dtype === "I32"))
    throw new TraceFormatError(`invalid ${array.name}: ${dtype}; a trace holds F32, BF16, F16 or I32`);
  return {array, name: array.name, file, dtype: dtype satisfies StepTensor["dtype"], stepped: array.shape.length >= stepAxes[file]};
}

async function parsed<T>(file: ArrayFile, key: string, schema: z.ZodType<T>): Promise<T> {
  const result = schema.safeParse(await jsonAt(file, key));
  if (result.success) return result.data;
  const {path, message} = result.error.issues[0];
  throw new TraceFormatError(`invalid ${key}: ${path.join(".") || "value"}: ${message.toLowerCase()}`);
}

async function jsonAt({texts}: ArrayFile, key: string): Promise<unknown> {
  const text = await texts.get(key)?.();
  if (text === undefined) throw new TraceFormatError(`missing ${key}`);
  try {
    return parseJson(text);
  } catch (cause) {
    throw new TraceFormatError(`invalid ${key}: ${(cause as Error).message}`, {cause});
  }
}
