import {once} from "node:events";
import {Worker} from "node:worker_threads";
import {machineBytes} from "../../capture/service/sizeBounds.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";

/** Some rows of columns, by name: numbers, texts, or lists of one length (`width` 0 where their lengths differ) one after the other. */
export type Columns = ReadonlyMap<
  string,
  | {readonly numbers: Float64Array}
  | {readonly texts: readonly string[]}
  | {readonly lists: Float32Array | Float64Array; readonly width: number}
>;

/** A column of a row group. */
interface Chunk {
  /** Numbers that it holds, those of lists counted each. */
  readonly values: number;
  /** Bytes of it, as they lie, decompressed, or as float32 numbers, whichever is most. */
  readonly bytes: number;
  /** Whether its pages can be read by themselves. */
  readonly isIndexed: boolean;
  /** Whether its numbers may be beyond float32. */
  readonly isDouble: boolean;
}

export interface RowGroup {
  /** Its first row among all. */
  readonly first: number;
  readonly rows: number;
  readonly chunks: ReadonlyMap<string, Chunk>;
  /** The most bytes of a chunk that are read at once. */
  readonly mostBytes: number;
}

/** An open Parquet file, of which rows are read when they are asked for. */
export interface ParquetTable {
  readonly rows: number;
  readonly columns: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
  readonly groups: readonly RowGroup[];
  /** Rows of one group, from `from` to `to` (not included) of all. Throws a TraceFormatError for what is damaged or too large at once. */
  read(group: RowGroup, names: readonly string[], rows: {readonly from: number; readonly to: number}): Promise<Columns>;
  close(): void;
}

interface Described {
  readonly rows: number;
  readonly schema: readonly {readonly name: string; readonly children: number}[];
  readonly texts: readonly (readonly [string, string])[];
  readonly groups: readonly Pick<RowGroup, "rows" | "chunks">[];
}

const MS_FREE = 1500; // of the processor: on a busy machine a thread waits for its turn for minutes
const MS_PER_MB = 500;
const WATCH_MS = 100;
const HEAP_MB = 512;
const HEAP_FACTOR = 4; // a list's numbers take eight bytes each there, in arrays that grow

/** What a column of a row group may take on any machine. */
export const LEAST_CHUNK_BYTES = 128 * 2 ** 20;
const MEMORY_SHARE = 16; // a column takes up to eleven times its bytes while it is read

export interface TableOptions {
  /** The most bytes of one column that are decompressed at once: those of a row group, but where its pages can be read by themselves. Defaults to a sixteenth of the machine's memory, and at least 128 MiB. */
  readonly mostBytes?: number;
}

/** A file in a thread of its own: hyparquet trusts what files say of their lengths. */
export async function openParquetTable(
  path: string,
  size: number,
  {mostBytes = Math.max(LEAST_CHUNK_BYTES, Math.floor(machineBytes() / MEMORY_SHARE))}: TableOptions = {}
): Promise<ParquetTable> {
  const heapMegabytes = HEAP_MB + Math.ceil((HEAP_FACTOR * Math.min(size, mostBytes)) / 2 ** 20);
  const thread = new Worker(new URL("parquetThread.mjs", import.meta.url), {
    workerData: {path, mostBytes},
    execArgv: [],
    stderr: true,
    resourceLimits: {maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 16}
  });
  const close = () => void thread.terminate();
  async function told<T>(milliseconds: number): Promise<T> {
    const begun = process.cpuUsage();
    const watch = setInterval(() => {
      const {user, system} = process.cpuUsage(begun);
      if (user + system > 1000 * milliseconds) close();
    }, WATCH_MS);
    const over = new AbortController(); // listeners that were not called go with it
    try {
      const message = await Promise.race([
        once(thread, "message", over).then(([one]) => one as {error?: string} & T),
        once(thread, "exit", over).then(() => undefined)
      ]);
      if (message === undefined) throw new Refusal(`too slow: Parquet of ${size} bytes took too long`, {kind: "late"});
      if (message.error !== undefined) throw new Error(message.error);
      return message;
    } catch (cause) {
      if (cause instanceof Refusal) throw cause;
      throw new TraceFormatError(`not a readable Parquet file: ${(cause as Error).message}`, {cause});
    } finally {
      clearInterval(watch);
      over.abort();
    }
  }
  try {
    const {described} = await told<{described: Described}>(10 * MS_FREE); // it has to start first
    return {
      rows: described.rows,
      columns: topLevel(described.schema),
      texts: new Map(described.texts),
      groups: rowGroups(described, mostBytes),
      async read(group, names, {from, to}) {
        const chunks = names.map((name) => chunkOf(group, name));
        const megabytes = chunks.reduce((sum, {bytes}) => sum + bytes, 0) / 2 ** 20;
        thread.postMessage({names, from, to, isSingle: chunks.every(({isDouble}) => !isDouble)});
        return (await told<{columns: Columns}>(MS_FREE + MS_PER_MB * megabytes)).columns;
      },
      close
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** A column of a row group. Throws a TraceFormatError where it is not there, and where it is too large to be read and cannot be read by parts. */
export function chunkOf({first, rows, chunks, mostBytes}: RowGroup, name: string): Chunk {
  const chunk = chunks.get(name);
  if (!chunk) throw new TraceFormatError(`invalid row group from row ${first} on: it has no column ${name}`);
  if (chunk.bytes > mostBytes && !chunk.isIndexed)
    throw new TraceFormatError(
      `invalid row group: ${rows} rows, whose column ${name} takes ${chunk.bytes} bytes; expected at most ${mostBytes}, so write it in row groups of ${Math.max(1, Math.floor((rows * mostBytes) / chunk.bytes))} rows`
    );
  return chunk;
}

/** Row groups with where each begins. Throws a TraceFormatError where they are not as many rows as the table. */
function rowGroups({rows, groups}: Described, mostBytes: number): RowGroup[] {
  let first = 0;
  const placed = groups.map((group) => {
    const begin = first;
    first += group.rows;
    return {...group, first: begin, mostBytes};
  });
  if (placed.some((group) => !(Number.isSafeInteger(group.rows) && group.rows >= 0)) || first !== rows)
    throw new TraceFormatError(`invalid row groups: they hold ${groups.map((group) => group.rows).slice(0, 5)} … rows of ${rows}`);
  return placed.filter((group) => group.rows > 0);
}

/** The names of the columns at the top: the schema is a tree, written root first. */
function topLevel(schema: Described["schema"]): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const {children = 0} = schema[at++] ?? {};
    for (let i = 0; i < children && at < schema.length; ++i) skip();
  };
  while (at < schema.length) {
    names.push(schema[at].name);
    skip();
  }
  return names;
}
