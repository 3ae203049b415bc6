import {once} from "node:events";
import {stat} from "node:fs/promises";
import {Worker} from "node:worker_threads";
import {z} from "zod";
import {parseJson} from "../../capture/trace/json.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {listed, type ArrayFile} from "./namedArray.ts";
import {TRACE_KEY} from "./traceArrays.ts";

/** Whether bytes begin as a Parquet file does. */
export const isParquet = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 4)).toString("latin1") === "PAR1";

/**
 * Opens a Parquet table with a row for each step (and init, and token) as one array `state` [steps, inits, tokens, width]: of a column of lists
 * (`state`, `states`), or of columns whose names differ in their number (`pc1`, `pc2` …). Throws a TraceFormatError for any other table, one whose
 * rows do not fill steps × inits × tokens, and one that promises far more than it can hold.
 */
export async function openParquet(path: string): Promise<ArrayFile> {
  const {size} = await stat(path);
  const table = await openTable(path, size);
  try {
    const {rows, columns, texts} = table;
    const state = stateColumns(columns);
    const axes = AXES.filter((name) => columns.includes(name));
    const asked = [...axes, ...["token_id", "text"].filter((name) => columns.includes(name)), ...state];
    refuseBomb(rows * asked.length, size);
    const read = await table.read(asked);
    const {shape, placeOf} = placesOf(axes, (name) => numbersOf(read, name), rows);
    const {width, data} = packedStates(read, state, {rows, placeOf});
    const about = aboutOf(texts.get(TRACE_KEY));
    return {
      format: "parquet",
      arrays: new Map([
        [
          "state",
          {
            name: "state",
            dtype: "F32",
            shape: [...shape, width],
            async *bytes() {
              yield new Uint8Array(data.buffer);
            }
          }
        ]
      ]),
      unread: new Map(),
      texts: new Map(),
      ...about,
      tokens: tokensOf(read, shape, placeOf),
      notes: [
        `the states are the columns ${listed(state)} of ${rows} rows${state[0] === "pc1" ? ", principal components: distances are those among them" : ""}`
      ],
      close: async () => {}
    };
  } finally {
    table.close();
  }
}

const AXES = ["step", "init", "token"] as const;
const MS_FREE = 1500;
const MS_PER_MB = 500;
const FREE_BYTES = 48 * 2 ** 20;
const TIMES_ITS_SIZE = 3;
const CELL_BYTES = 16; // of a number among JavaScript's, and where it is put

/** A table of so many numbers out of so few bytes is no table of states. */
function refuseBomb(cells: number, size: number): void {
  if (!Number.isSafeInteger(cells) || cells * CELL_BYTES > FREE_BYTES + CELL_BYTES * TIMES_ITS_SIZE * size)
    throw new TraceFormatError(`invalid table: ${cells} values out of ${size} bytes`);
}

const columnSchema = z.union([
  z.object({numbers: z.instanceof(Float64Array)}),
  z.object({texts: z.array(z.string())}),
  z.object({lists: z.instanceof(Float64Array), width: z.number()})
]);
type Columns = ReadonlyMap<string, z.infer<typeof columnSchema>>;

interface Table {
  readonly rows: number;
  readonly columns: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
  read(names: readonly string[]): Promise<Columns>;
  close(): void;
}

interface Described {
  readonly rows: number;
  readonly schema: readonly {readonly name: string; readonly type: string; readonly children: number}[];
  readonly texts: readonly (readonly [string, string])[];
}

/** A file in a thread of its own: hyparquet trusts what files say of their lengths. */
async function openTable(path: string, size: number): Promise<Table> {
  const megabytes = size / 2 ** 20;
  const thread = new Worker(new URL("parquetThread.mjs", import.meta.url), {
    workerData: {path},
    execArgv: [],
    stderr: true,
    resourceLimits: {maxOldGenerationSizeMb: Math.ceil(96 + 4 * TIMES_ITS_SIZE * megabytes), maxYoungGenerationSizeMb: 16}
  });
  const late = () => void thread.terminate();
  let timer = setTimeout(late, 10 * MS_FREE); // it has to start first
  async function told<T>(): Promise<T> {
    try {
      const message = await Promise.race([
        once(thread, "message").then(([one]) => one as {error?: string} & T),
        once(thread, "exit").then(() => undefined)
      ]);
      if (message === undefined) throw new Refusal(`too slow: Parquet of ${size} bytes took too long`, {kind: "late"});
      if (message.error !== undefined) throw new Error(message.error);
      return message;
    } catch (cause) {
      if (cause instanceof Refusal) throw cause;
      throw new TraceFormatError(`not a readable Parquet file: ${(cause as Error).message}`, {cause});
    } finally {
      clearTimeout(timer);
    }
  }
  try {
    const {described} = await told<{described: Described}>();
    return {
      rows: described.rows,
      columns: topLevel(described.schema),
      texts: new Map(described.texts),
      async read(names) {
        timer = setTimeout(late, MS_FREE + MS_PER_MB * megabytes);
        thread.postMessage(names);
        return (await told<{columns: Columns}>()).columns;
      },
      close: late
    };
  } catch (error) {
    late();
    throw error;
  }
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

/** The columns that hold the states: one of lists, or the only ones that are numbered from 0 or 1 on. */
function stateColumns(columns: readonly string[]): readonly string[] {
  const single = ["state", "states"].find((name) => columns.includes(name));
  if (single) return [single];
  const series = new Map<string, number[]>();
  for (const name of columns) {
    const [, stem, number] = /^(.*?)_?(\d{1,6})$/.exec(name) ?? [];
    if (stem) series.set(stem, [...(series.get(stem) ?? []), Number(number)]);
  }
  const whole = [...series].filter(
    ([, numbers]) => numbers.length > 1 && numbers.every((number, i) => number === numbers[0] + i) && numbers[0] <= 1
  );
  const [found] = whole.filter(([stem]) => stem === "pc").concat(whole);
  if (!columns.includes("step") || !found || (whole.length > 1 && found[0] !== "pc"))
    throw new TraceFormatError(
      `no states in the table: it holds ${listed(columns)}; expected step, and state or columns such as pc1, pc2 …`
    );
  return columns.filter((name) => new RegExp(`^${found[0].replace(/[^\w]/g, "\\$&")}_?\\d{1,6}$`).test(name));
}

function numbersOf(read: Columns, name: string): Float64Array {
  const column = read.get(name);
  if (!column || !("numbers" in column)) throw new TraceFormatError(`invalid column ${name}: expected numbers`);
  return column.numbers;
}

interface Places {
  readonly shape: readonly [steps: number, inits: number, tokens: number];
  /** Where a row's state stands among all of them. */
  readonly placeOf: (row: number) => number;
}

/** Each row's place, by the values of its axes in their order; an axis without a column has one place. */
function placesOf(axes: readonly string[], columnOf: (name: string) => Float64Array, rows: number): Places {
  const indices = AXES.map((name) => {
    if (!axes.includes(name)) return {size: 1, of: () => 0};
    const values = columnOf(name);
    const order = new Map([...new Set(values)].sort((a, b) => a - b).map((value, i) => [value, i]));
    if ([...order.keys()].some((value) => !Number.isSafeInteger(value)))
      throw new TraceFormatError(`invalid column ${name}: expected whole numbers`);
    return {size: order.size, of: (row: number) => order.get(values[row])!};
  });
  const [steps, inits, tokens] = indices.map(({size}) => size);
  const placeOf = (row: number): number => (indices[0].of(row) * inits + indices[1].of(row)) * tokens + indices[2].of(row);
  const seen = new Uint8Array(rows);
  if (rows === 0 || steps * inits * tokens !== rows)
    throw new TraceFormatError(`invalid rows: ${rows}; ${steps} steps, ${inits} inits and ${tokens} tokens make ${steps * inits * tokens}`);
  for (let row = 0; row < rows; ++row)
    if (seen[placeOf(row)]++) throw new TraceFormatError(`invalid row ${row}: its step, init and token are there twice`);
  return {shape: [steps, inits, tokens], placeOf};
}

function packedStates(
  read: Columns,
  columns: readonly string[],
  {rows, placeOf}: {readonly rows: number; readonly placeOf: Places["placeOf"]}
): {readonly width: number; readonly data: Float32Array} {
  const [first] = columns;
  const only = read.get(first)!;
  const isList = "lists" in only;
  const width = isList ? only.width : columns.length;
  if (width === 0) throw new TraceFormatError(`invalid column ${first}: expected lists of one length`);
  const data = new Float32Array(rows * width);
  const source = isList ? [] : columns.map((name) => numbersOf(read, name));
  for (let row = 0; row < rows; ++row) {
    const at = placeOf(row) * width;
    for (let k = 0; k < width; ++k) data[at + k] = isList ? only.lists[row * width + k] : source[k][row];
  }
  return {width, data};
}

/** How the tokens read, where the table says it. */
function tokensOf(read: Columns, [, , tokens]: Places["shape"], placeOf: Places["placeOf"]): ArrayFile["tokens"] {
  const [ids, texts] = [read.get("token_id"), read.get("text")];
  if (!ids || !("numbers" in ids) || !texts || !("texts" in texts)) return undefined;
  const found: {id: number; text: string}[] = [];
  ids.numbers.forEach((id, row) => {
    found[placeOf(row) % tokens] ??= {id, text: texts.texts[row]};
  });
  return found.every(({id}) => Number.isSafeInteger(id) && id >= 0) ? found : undefined;
}

const aboutSchema = z.object({title: z.string().nullable(), prompt: z.string().nullable(), model: z.object({name: z.string()})});

/** What an export of ours says of its run. */
function aboutOf(trace: string | undefined): Pick<ArrayFile, "about"> {
  if (trace === undefined) return {};
  try {
    return {about: aboutSchema.safeParse(parseJson(trace)).data};
  } catch {
    return {}; // it may be cut; the rows count
  }
}
