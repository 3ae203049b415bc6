import {join} from "node:path";
import {statIfThere} from "./ifThere.ts";
import {readJsonFile} from "./jsonFile.ts";
import {openSafetensors} from "./safetensors.ts";
import {countOf, TraceFormatError} from "./safetensorsHeader.ts";
import {siteReader, type SiteReader} from "./siteReader.ts";
import type {SafetensorsFile} from "./tensorPlaces.ts";
import {GRAM_FILE, TRACE_SCHEMA, traceSchema, type Trace} from "./schema.ts";
import {READ_SCHEMAS, upgradeTrace} from "./upgradeTrace.ts";
import {READOUT_FILE, STATES_FILE, TEXTS_FILE, TRACE_FILE} from "./writer.ts";

/** An open trace folder. Reading costs what is asked for, so a trace of any size opens at once. */
export interface TraceReader extends SiteReader {
  readonly dir: string;
  readonly trace: Trace;
  /** The tensors of readout.safetensors up to the steps written, or undefined where the run kept none; of all its rows, or of some, by their number. */
  readReadout(names?: readonly string[], rows?: ReadoutRows): Promise<ReadoutTensors | undefined>;
  /** Their shapes, whatever they hold. */
  readoutShapes(): Promise<ReadonlyMap<string, readonly number[]> | undefined>;
  /** How the readout's tokens read, by id; undefined where the run kept no texts. */
  readTexts(): Promise<ReadonlyMap<number, string> | undefined>;
  close(): Promise<void>;
}

type ReadoutTensors = Record<string, {shape: readonly number[]; data: Float32Array}>;

/** The first row, and the one behind the last; a tensor that has fewer gives what it has. */
interface ReadoutRows {
  readonly first: number;
  readonly end: number;
}

const MAX_TRACE_BYTES = 256 * 2 ** 20; // some kB for each thousand tokens, and the edits of a run

const MAX_TRACE_COMMAS = 2 ** 24; // numbers of the edits, of which each may hold a vector for every token; each takes 8 bytes of memory and as little as 2 of the file

const REMEMBERED = 256; // traces that were read last
const REMEMBERED_BYTES = 2 ** 25; // of their trace.json together: one with many edits is read once for each change, too
const SETTLED_MS = 2000; // a file that was just written may be written again under the same stamp: clocks of disks tick

const remembered = new Map<string, {readonly stamp: string; readonly trace: Trace; readonly bytes: number}>(); // oldest first

/** Reads and checks trace.json alone, once while it stays as it is. Throws a TraceFormatError that names the folder. */
export async function readTrace(dir: string): Promise<Trace> {
  const path = join(dir, TRACE_FILE);
  const found = await statIfThere(path);
  const stamp = found && `${found.mtimeMs}:${found.ctimeMs}:${found.size}:${found.ino}`;
  const known = remembered.get(path);
  if (known && known.stamp === stamp) return known.trace;
  const trace = await readTraceFile(path, dir);
  remembered.delete(path);
  if (stamp !== undefined && Date.now() - found!.ctimeMs > SETTLED_MS) remembered.set(path, {stamp, trace, bytes: found!.size});
  let bytes = [...remembered.values()].reduce((sum, one) => sum + one.bytes, 0);
  for (const [oldest, one] of remembered) {
    if ((remembered.size <= REMEMBERED && bytes <= REMEMBERED_BYTES) || remembered.size === 1) break; // the last one stays, however large
    remembered.delete(oldest);
    bytes -= one.bytes;
  }
  return trace;
}

async function readTraceFile(path: string, dir: string): Promise<Trace> {
  const value = await readJsonFile(path, {maxBytes: MAX_TRACE_BYTES, maxCommas: MAX_TRACE_COMMAS, error: TraceFormatError}).catch(
    async (error: NodeJS.ErrnoException) => {
      const {code} = (error.cause ?? error) as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
      if (code === "ENOTDIR")
        throw new TraceFormatError(`not a trace: ${dir} is a file; expected a folder, which orrery import makes of it`, {cause: error});
      const keepsNone = await statIfThere(join(dir, GRAM_FILE));
      throw new TraceFormatError(
        keepsNone
          ? `missing states: ${dir} keeps what labels are made of (${GRAM_FILE}); analyze and census read it, all else needs states`
          : `not a trace: ${dir} has no ${TRACE_FILE}`,
        {cause: error}
      );
    }
  );
  return parseTrace(value, path);
}

/** The content of a trace.json of any version that is read. Throws a TraceFormatError that names `source`. */
export function parseTrace(value: unknown, source: string): Trace {
  const schema = typeof value === "object" && value !== null ? (value as {schema?: unknown}).schema : undefined;
  if (typeof schema === "string" && schema !== TRACE_SCHEMA && upgradeTrace(value) === value)
    throw new TraceFormatError(`unsupported trace: ${source} has schema ${schema.slice(0, 80)}; this program reads ${READ_SCHEMAS}`);
  const parsed = traceSchema.safeParse(upgradeTrace(value));
  if (parsed.success) return parsed.data;
  const {path, message} = parsed.error.issues[0];
  throw new TraceFormatError(`not a trace: ${source}: ${path.join(".") || "trace"}: ${message.toLowerCase()}`);
}

/** Opens a trace folder, whole or partial. Throws a TraceFormatError where a file is missing, broken or contradicts trace.json. */
export async function openTrace(dir: string): Promise<TraceReader> {
  const trace = await readTrace(dir);
  const partial = trace.status === "partial";
  const states = await openSafetensors(join(dir, STATES_FILE), {partial}).catch((error: {readonly cause?: NodeJS.ErrnoException}) => {
    throw error.cause?.code === "ENOENT" ? new TraceFormatError(`not a trace: ${dir} has no ${STATES_FILE}`, {cause: error}) : error;
  });
  try {
    return {
      dir,
      trace,
      ...siteReader(trace, states),
      readReadout: (names, rows) => readReadout(dir, trace, names, rows),
      readoutShapes: () => readoutShapes(dir, trace),
      readTexts: () => readTexts(dir),
      close: () => states.close()
    };
  } catch (error) {
    await states.close();
    throw error;
  }
}

async function readTexts(dir: string): Promise<ReadonlyMap<number, string> | undefined> {
  const path = join(dir, TEXTS_FILE);
  try {
    return parseTexts(await readJsonFile(path, {maxBytes: MAX_TRACE_BYTES, error: TraceFormatError}), path);
  } catch (error) {
    if (error instanceof TraceFormatError) return undefined; // none, or damaged: ids are shown, or the model is asked
    throw error;
  }
}

/** Texts by token id. Throws a TraceFormatError that names `source`. */
export function parseTexts(value: unknown, source: string): ReadonlyMap<number, string> {
  const refuse = (): never => {
    throw new TraceFormatError(`invalid ${source}: expected texts by token id`);
  };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse();
  const texts = new Map<number, string>();
  for (const [id, words] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    if (typeof words !== "string" || !/^\d{1,9}$/.test(id)) return refuse(); // by hand: a schema took 10 µs for each of maybe 100,000
    texts.set(Number(id), words);
  }
  return texts;
}

const ALL_ROWS: ReadoutRows = {first: 0, end: Infinity};

async function readReadout(
  dir: string,
  trace: Trace,
  names?: readonly string[],
  {first, end}: ReadoutRows = ALL_ROWS
): Promise<ReadoutTensors | undefined> {
  return openReadout(dir, trace, async (shapeOf, file) => {
    const tensors: ReadoutTensors = {};
    for (const name of names ?? file.tensors.keys()) {
      const [kept, ...slab] = shapeOf(name);
      const [from, to] = [Math.min(first, kept), Math.min(end, kept)];
      const numbers = countOf(slab);
      tensors[name] = {shape: [to - from, ...slab], data: await file.readFloats(name, from * numbers, (to - from) * numbers)};
    }
    return tensors;
  });
}

const readoutShapes = (dir: string, trace: Trace): Promise<ReadonlyMap<string, readonly number[]> | undefined> =>
  openReadout(dir, trace, async (shapeOf, {tensors}) => new Map([...tensors.keys()].map((name) => [name, shapeOf(name)])));

/** Has the readout's file read, each of its tensors cut to the steps written; undefined where the run kept none. */
async function openReadout<T>(
  dir: string,
  trace: Trace,
  read: (shapeOf: (name: string) => readonly number[], file: SafetensorsFile) => Promise<T>
): Promise<T | undefined> {
  if (!trace.readout) return undefined;
  const file = await openSafetensors(join(dir, READOUT_FILE), {partial: trace.status === "partial"});
  const shapeOf = (name: string): readonly number[] => {
    const shape = file.tensors.get(name)?.shape ?? [0];
    const [rows, ...slab] = shape;
    if (shape.length > 2 && (slab[0] !== trace.inits.length || slab[1] !== trace.tokens.length))
      throw new TraceFormatError(
        `invalid ${name}: [${shape.join(", ")}]; trace.json promises [steps, ${trace.inits.length}, ${trace.tokens.length}, …]`
      );
    return [Math.min(rows, trace.steps_written + 1), ...slab];
  };
  try {
    return await read(shapeOf, file);
  } finally {
    await file.close();
  }
}
