import {stat} from "node:fs/promises";
import {z} from "zod";
import {parseJson} from "../../capture/trace/json.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {listed, type ArrayFile} from "./namedArray.ts";
import {placeColumns, placesOf} from "./parquetPlaces.ts";
import {parquetStates} from "./parquetStates.ts";
import {chunkOf, openParquetTable, type ParquetTable, type TableOptions} from "./parquetTable.ts";
import {TRACE_KEY} from "./traceArrays.ts";

/** Whether bytes begin as a Parquet file does. */
export const isParquet = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 4)).toString("latin1") === "PAR1";

/**
 * Opens a Parquet table with a row for each step (and init, and token) as one array `state` [steps, inits, tokens, width]: of a column of lists
 * (`state`, `states`), or of columns whose names differ in their number (`pc1`, `pc2` …). The columns that place the rows are read, the states
 * are not: they are, row group by row group, when the array is gone through. Throws a TraceFormatError for any other table, one whose
 * rows do not fill steps × inits × tokens, one that promises far more than it can hold, and one whose row groups are too large to be read each.
 */
export async function openParquet(path: string, options?: TableOptions): Promise<ArrayFile> {
  const {size} = await stat(path);
  const table = await openParquetTable(path, size, options);
  try {
    const columns = stateColumns(table.columns);
    refuseBomb(table, [...placeColumns(table), ...columns], size);
    const places = await placesOf(table);
    const state = await parquetStates(table, columns, places);
    return {
      format: "parquet",
      arrays: new Map([["state", state]]),
      unread: new Map(),
      texts: new Map(),
      ...aboutOf(table.texts.get(TRACE_KEY)),
      tokens: places.tokens,
      notes: [
        `the states are the columns ${listed(columns)} of ${table.rows} rows${columns[0] === "pc1" ? ", principal components: distances are those among them" : ""}`
      ],
      close: async () => table.close()
    };
  } catch (error) {
    table.close();
    throw error;
  }
}

const CELL_BYTES = 16; // of a number as it was read, and where it is put
const FREE_BYTES = 48 * 2 ** 20;
const TIMES_ITS_SIZE = 3;

/** A table of so many numbers out of so few bytes is no table of states; nor is one whose columns cannot be read. */
function refuseBomb({groups}: ParquetTable, names: readonly string[], size: number): void {
  const values = groups.reduce((sum, group) => sum + names.reduce((all, name) => all + chunkOf(group, name).values, 0), 0);
  if (!Number.isSafeInteger(values) || values * CELL_BYTES > FREE_BYTES + CELL_BYTES * TIMES_ITS_SIZE * size)
    throw new TraceFormatError(`invalid table: ${values} values out of ${size} bytes`);
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
