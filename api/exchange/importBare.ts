import {numberedToken} from "../../capture/trace/numberedToken.ts";
import {basename, extname} from "node:path";
import {safetensorsDtypeOf, type StorageDtype} from "../../capture/trace/dtype.ts";
import {countOf, TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {TRACE_SCHEMA, type Trace} from "../../capture/trace/schema.ts";
import {refuseFullDisk} from "../../capture/trace/writer.ts";
import {software} from "../../capture/software.ts";
import {findState, floatPieces, isBfloat16, type BareState, type BareStatesOptions} from "./bareStates.ts";
import {brokenPaths} from "../runs/brokenPaths.ts";
import type {ArrayFile} from "./namedArray.ts";
import {writeTrace, type Writing, type IncomingArray} from "./writeTrace.ts";
import type {Telling} from "./telling.ts";

/** What a bare file does not say. */
export interface BareImportOptions extends BareStatesOptions, Writing {
  /** Defaults to `unknown`. */
  readonly model?: string;
  readonly prompt?: string;
  readonly title?: string;
  readonly now?: () => Date;
}

/** A trace that was made, and what a person should know of it at once; the trace's own notes hold it too. */
export interface Imported {
  readonly trace: Trace;
  readonly warnings: readonly string[];
}

const LEAST_BYTES = 2; // of a number, where all are of bfloat16
const MAX_AXIS = 200_000; // trace.json names every token, init and step, and has to be read again
const ASSUMED_EPS = 1e-6; // a bare file does not say it, and the numbers are far larger

/** Makes a trace of a file that holds states and perhaps `input` and `ln_f`. What had to be assumed is listed in `imported.notes`. */
export async function importBare(
  file: ArrayFile,
  path: string,
  dir: string,
  {
    model = file.about?.model.name ?? UNNAMED,
    prompt = file.about?.prompt ?? undefined,
    title = file.about?.title ?? (prompt === undefined ? basename(path, extname(path)) : undefined),
    owner,
    room,
    progress,
    now = () => new Date(),
    ...choice
  }: BareImportOptions = {}
): Promise<Imported> {
  const state = findState(file, choice);
  await refuseFullDisk(dir, LEAST_BYTES * countOf(state.shape), "the trace takes at least"); // before the states are read
  const {stored, notes, warnings} = await storageOf(state, {
    names: file.tokens?.map(({text}) => text),
    progress: progress && ((share) => progress(share / 2))
  });
  const [rows, inits, tokens] = state.shape;
  const constants = constantsOf(file, state);
  const announcement = {
    ...importedTrace(state, stored),
    norm: constants.some(({name}) => name === "ln_f") ? {kind: "rms" as const, weight: "ln_f", eps: ASSUMED_EPS} : null,
    title: title ?? null,
    model: {name: model, hash: null, revision: null, config: {}},
    prompt: prompt ?? null,
    tokens: file.tokens ? [...file.tokens] : Array.from({length: tokens}, (_, i) => ({id: i, text: numberedToken(i)})),
    inits: Array.from({length: inits}, () => ({kind: "file" as const, seed: null, scale: null})),
    created: now().toISOString(),
    imported: {
      format: file.format,
      file: basename(path),
      notes: [
        ...warnings,
        ...state.notes,
        ...state.unread,
        ...(file.notes ?? []),
        ...notes,
        `row 0 of ${rows} became step 0; whether it is the initial state is not known`,
        ...(file.tokens ? [] : ["tokens are not known: they are numbered"])
      ]
    }
  };
  return {
    trace: await writeTrace(dir, announcement, {
      ...{arrays: [...constants, incomingState(state, stored)], owner, room},
      progress: progress && ((share) => progress((1 + share) / 2))
    }),
    warnings: [...warnings, ...state.unread]
  };
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
export function importedTrace({array, shape: [rows, inits, tokens, width], site}: BareState, stored: StorageDtype) {
  if (rows < 2) throw new TraceFormatError(`invalid ${array.name}: ${rows} row; expected at least 2 steps`);
  for (const [what, count] of Object.entries({rows, inits, tokens}))
    if (count > MAX_AXIS) throw new TraceFormatError(`invalid ${array.name}: ${count} ${what}; expected at most ${MAX_AXIS}`);
  return {
    schema: TRACE_SCHEMA as typeof TRACE_SCHEMA,
    status: "complete" as const,
    stopped: null,
    steps_written: rows - 1,
    steps: rows - 1,
    width,
    family: null,
    prefix: 0,
    state_is: null,
    trained_steps: null,
    injects_input: null,
    state_parts: [{name: "state", width}],
    sites: [{name: site, phase: "step" as const, first_step: 0 as const, width, per_init: true}],
    scalars: [],
    norm: null,
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

/** What the model of a file is called that names none. */
export const UNNAMED = "unknown";

interface Storage {
  /** The narrowest dtype that holds the numbers without loss. */
  readonly stored: StorageDtype;
  readonly notes: readonly string[];
  /** A line for each trajectory with NaN or Infinity. */
  readonly warnings: readonly string[];
}

interface StorageOptions extends Telling {
  /** How the tokens read; defaults to their numbers. */
  readonly names?: readonly string[];
}

/** How states are to be stored, and what is to be said of them, by a pass over them. */
export async function storageOf({array, shape}: BareState, {names, progress}: StorageOptions = {}): Promise<Storage> {
  const broken = brokenPaths(shape);
  const narrow = array.dtype === "BF16" ? "bf16" : array.dtype === "F16" ? "f16" : undefined;
  let allBfloat16: boolean | undefined;
  let done = 0;
  for await (const numbers of floatPieces(array)) {
    broken.add(numbers);
    progress?.((done += numbers.length) / countOf(shape));
    if (narrow === undefined && allBfloat16 !== false) allBfloat16 = isBfloat16(numbers) ?? allBfloat16;
  }
  const warnings = broken.lines(names);
  if (narrow) return {stored: narrow, notes: [], warnings};
  const container = array.dtype === "F64" ? "float64" : "float32";
  if (allBfloat16)
    return {
      stored: "bf16",
      notes: [`every number of the ${container} file is a bfloat16 number, and is stored as such without loss`],
      warnings
    };
  return {stored: "f32", notes: array.dtype === "F64" ? ["float64 numbers were rounded to float32"] : [], warnings};
}

function constantsOf({arrays}: ArrayFile, {shape: [, , tokens, width]}: BareState): IncomingArray[] {
  const shapes = {ln_f: [width], input: [tokens, width]};
  return Object.entries(shapes).flatMap(([name, shape]): IncomingArray[] => {
    const array = arrays.get(name);
    const fits = array && array.shape.join(",") === shape.join(",") && ["F32", "BF16", "F16"].includes(array.dtype);
    return fits ? [{array, name, file: "states", dtype: array.dtype as IncomingArray["dtype"], stepped: false}] : [];
  });
}
