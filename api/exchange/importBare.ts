import {basename} from "node:path";
import {decodeFloats, safetensorsDtypeOf, type StorageDtype} from "../../capture/trace/dtype.ts";
import {TraceFormatError} from "../../capture/trace/safetensors.ts";
import {TRACE_SCHEMA, type Trace} from "../../capture/trace/schema.ts";
import {software} from "../../capture/software.ts";
import {findState, isBfloat16, type BareState, type BareStatesOptions} from "./bareStates.ts";
import {elementsOf, type ArrayFile, type NamedArray} from "./namedArray.ts";
import {writeTrace, type IncomingArray} from "./writeTrace.ts";

/** What a bare file does not say. */
export interface BareImportOptions extends BareStatesOptions {
  /** Defaults to `unknown`. */
  readonly model?: string;
  readonly prompt?: string;
  readonly title?: string;
  readonly now?: () => Date;
}

/** Makes a trace of a file that holds states and perhaps `input` and `ln_f`. What had to be assumed is listed in `imported.notes`. */
export async function importBare(
  file: ArrayFile,
  path: string,
  dir: string,
  {model = "unknown", prompt, title, now = () => new Date(), ...choice}: BareImportOptions = {}
): Promise<Trace> {
  const state = findState(file, choice);
  const {stored, notes} = await storageOf(state.array);
  const [rows, inits, tokens] = state.shape;
  const announcement = {
    ...importedTrace(state, stored),
    title: title ?? null,
    model: {name: model, hash: null, revision: null, config: {}},
    prompt: prompt ?? null,
    tokens: Array.from({length: tokens}, (_, i) => ({id: i, text: `#${i}`})),
    inits: Array.from({length: inits}, () => ({kind: "file" as const, seed: null, scale: null})),
    created: now().toISOString(),
    imported: {
      format: file.format,
      file: basename(path),
      notes: [
        ...notes,
        `row 0 of ${rows} became step 0; whether it is the initial state is not known`,
        "tokens are not known: they are numbered"
      ]
    }
  };
  return writeTrace(dir, announcement, [...constantsOf(file, state), incomingState(state, stored)]);
}

/** The states as they go into a trace, whatever their axes were. */
export const incomingState = ({array, shape, site}: BareState, stored: StorageDtype): IncomingArray => ({
  array: {...array, shape},
  name: site,
  file: "states",
  dtype: safetensorsDtypeOf[stored],
  stepped: true
});

/** The fields that are the same for everything made elsewhere. Throws a TraceFormatError for a single row, which is no trajectory. */
export function importedTrace({array, shape: [rows, , , width], site}: BareState, stored: StorageDtype) {
  if (rows < 2) throw new TraceFormatError(`invalid ${array.name}: ${rows} row; expected at least 2 steps`);
  return {
    schema: TRACE_SCHEMA as typeof TRACE_SCHEMA,
    status: "complete" as const,
    stopped: null,
    steps_written: rows - 1,
    steps: rows - 1,
    width,
    sites: [site],
    compute_dtype: stored, // the least that the numbers prove
    storage_dtype: stored,
    engine: {name: "unknown", version: "unknown", device: "unknown", threads: 0},
    readout: null,
    edits: [],
    exit_rule: null,
    software,
    step_ms: []
  };
}

/** The narrowest dtype that holds an array without loss, by a pass over it, and what is to be said of it. */
export async function storageOf(array: NamedArray): Promise<{readonly stored: StorageDtype; readonly notes: readonly string[]}> {
  if (array.dtype === "BF16") return {stored: "bf16", notes: []};
  if (array.dtype === "F16") return {stored: "f16", notes: []};
  const container = array.dtype === "F64" ? "float64" : "float32";
  for await (const piece of elementsOf(array)) {
    if (isBfloat16(decodeFloats(array.dtype, piece))) continue;
    return {stored: "f32", notes: array.dtype === "F64" ? ["float64 numbers were rounded to float32"] : []};
  }
  return {stored: "bf16", notes: [`every number of the ${container} file is a bfloat16 number, and is stored as such without loss`]};
}

function constantsOf({arrays}: ArrayFile, {shape: [, , tokens, width]}: BareState): IncomingArray[] {
  const shapes = {ln_f: [width], input: [tokens, width]};
  return Object.entries(shapes).flatMap(([name, shape]): IncomingArray[] => {
    const array = arrays.get(name);
    const fits = array && array.shape.join(",") === shape.join(",") && ["F32", "BF16", "F16"].includes(array.dtype);
    return fits ? [{array, name, file: "states", dtype: array.dtype as IncomingArray["dtype"], stepped: false}] : [];
  });
}
