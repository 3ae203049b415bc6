import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {ByteWriter, ParquetWriter, parquetWriteBuffer, schemaFromColumnData} from "hyparquet-writer";
import {describe, expect, it, onTestFinished} from "vitest";
import {loadStates} from "../../../api/exchange/bareStates.ts";
import {importRun} from "../../../api/exchange/importRun.ts";
import type {NamedArray} from "../../../api/exchange/namedArray.ts";
import {openArrays} from "../../../api/exchange/openArrays.ts";
import {openParquet} from "../../../api/exchange/parquetFile.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

type ColumnData = Parameters<typeof parquetWriteBuffer>[0]["columnData"];

const STEPS = 6;
const TOKENS = 4;
const WIDTH = 5;
const rowsOf = (): number[] => Array.from({length: STEPS * TOKENS}, (_, row) => row);
const stateAt = (step: number, token: number): number[] => Array.from({length: WIDTH}, (_, k) => 100 * step + 10 * token + k);

/** Rows in the order of steps, or of tokens, with states as lists or as columns. */
function columnsOf({order = "step", isList = true, offsetIndex = false} = {}): ColumnData {
  const places = rowsOf().map((row) =>
    order === "step" ? [Math.floor(row / TOKENS), row % TOKENS] : [row % STEPS, Math.floor(row / STEPS)]
  );
  const states = places.map(([step, token]) => stateAt(step, token));
  const own: ColumnData = isList
    ? [{name: "state", data: states, offsetIndex}]
    : Array.from({length: WIDTH}, (_, k) => ({name: `x_${k}`, data: states.map((state) => state[k]), type: "FLOAT", offsetIndex}));
  return [
    {name: "step", data: places.map(([step]) => step), offsetIndex},
    {name: "token", data: places.map(([, token]) => token), offsetIndex},
    ...own
  ];
}
const expected = rowsOf().flatMap((row) => stateAt(Math.floor(row / TOKENS), row % TOKENS));

async function fileOf(bytes: Uint8Array | ArrayBuffer): Promise<string> {
  const path = join(await temporaryFolder(), "table.parquet");
  await writeFile(path, new Uint8Array(bytes));
  return path;
}
const tableOf = (columnData: ColumnData, rowGroupSize = 4, pageSize?: number): Promise<string> =>
  fileOf(parquetWriteBuffer({columnData, rowGroupSize, pageSize}));

/** The states of a file, block by block. */
async function blocksOf({arrays}: {readonly arrays: ReadonlyMap<string, NamedArray>}): Promise<{sizes: number[]; numbers: number[]}> {
  const [sizes, numbers]: [number[], number[]] = [[], []];
  const array = arrays.get("state")!;
  for await (const bytes of array.bytes()) {
    const block = array.dtype === "F64" ? new Float64Array(bytes.slice().buffer) : new Float32Array(bytes.slice().buffer);
    sizes.push(block.length / WIDTH);
    numbers.push(...block);
  }
  return {sizes, numbers};
}

async function opened(path: string, options?: Parameters<typeof openParquet>[1]) {
  const file = await openParquet(path, options);
  onTestFinished(() => file.close());
  return file;
}

describe("row groups of a Parquet table", () => {
  it.each([true, false])("are read one at a time where they are in order, as lists: %s", async (isList) => {
    const file = await opened(await tableOf(columnsOf({isList})));
    const {sizes, numbers} = await blocksOf(file);
    expect(sizes).toEqual([4, 4, 4, 4, 4, 4]);
    expect(numbers).toEqual(expected);
    expect((await blocksOf(file)).numbers).toEqual(expected); // and once more, as an import goes through them twice
  });

  it.each([true, false])("in another order give each state its place, as lists: %s", async (isList) => {
    const {numbers} = await blocksOf(await opened(await tableOf(columnsOf({order: "token", isList}), 5)));
    expect(numbers).toEqual(expected);
  });

  it("become a trace that holds every state", async () => {
    const path = await tableOf(columnsOf(), 3);
    const out = join(await temporaryFolder(), "run");
    await importRun(path, {out});
    const reader = await openTrace(out);
    expect([...(await reader.readSite("state")).data]).toEqual(expected);
    await reader.close();
  });

  it("are refused in one line where one is larger than may be held, with how large it may be", async () => {
    const path = await tableOf(columnsOf(), 24);
    await expect(openParquet(path, {mostBytes: 500})).rejects.toThrow(
      /^invalid row group: 24 rows, whose column state takes \d{3} bytes; expected at most 500, so write it in row groups of \d+ rows$/
    );
  });

  it("larger than may be held are read by pages where these can be read by themselves", async () => {
    const path = await tableOf(columnsOf({offsetIndex: true}), 24, 64);
    expect((await blocksOf(await opened(path, {mostBytes: 400}))).numbers).toEqual(expected);
  });

  it("cost nothing for columns that are not asked for, damaged or not", async () => {
    const words = rowsOf().map((row) => `junk ${row}`);
    const path = await tableOf([{name: "junk", data: words, codec: "UNCOMPRESSED"}, ...columnsOf()]);
    const bytes = await readFile(path);
    for (let at = bytes.indexOf("junk 1"); at > 0 && at < bytes.indexOf("junk 23"); at = bytes.indexOf("junk 1", at + 1))
      bytes.fill(0xff, at - 8, at + 6);
    expect((await blocksOf(await opened(await fileOf(bytes)))).numbers).toEqual(expected);
  });
});

/** A table whose writer is changed before it says what it wrote. */
async function lying(lie: (writer: ParquetWriter) => void): Promise<string> {
  const columnData = columnsOf();
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({writer: bytes, schema: schemaFromColumnData({columnData})});
  await writer.write({columnData, rowGroupSize: 8});
  lie(writer);
  await writer.finish();
  return fileOf(bytes.getBytes());
}

it("a column of numbers with some missing in a later page of its group has NaN there", async () => {
  const columns = columnsOf({isList: false}).map((column) =>
    column.name === "x_1" ? {...column, data: [...column.data].map((value, row) => (row === 20 ? null : value)), nullable: true} : column
  );
  const {numbers} = await blocksOf(await opened(await tableOf(columns, STEPS * TOKENS, 16)));
  expect(numbers).toEqual(expected.map((value, at) => (at === 20 * WIDTH + 1 ? NaN : value)));
});

type Lie = readonly [what: string, lie: (writer: ParquetWriter) => void, message: RegExp];
const lies: readonly Lie[] = [
  [
    "a row group that is said to be longer",
    (w: ParquetWriter) => void ((w.row_groups[1].num_rows += 3n), (w.num_rows += 3n)),
    /of the rows 8 to 19 of step are there/
  ],
  ["fewer rows than its groups", (w: ParquetWriter) => void (w.num_rows -= 1n), /invalid row groups: they hold 8,8,8 … rows of 23/],
  ["a negative group", (w: ParquetWriter) => void (w.row_groups[0].num_rows = -8n), /invalid row groups/],
  [
    "a column beyond its end",
    (w: ParquetWriter) => void (w.row_groups[2].columns[2].meta_data!.data_page_offset = 1n << 40n),
    /not a readable Parquet file: bytes \d+ to \d+ of a file of \d+/
  ],
  [
    "a column of a million million bytes",
    (w: ParquetWriter) => void (w.row_groups[2].columns[2].meta_data!.total_compressed_size = 1n << 40n),
    /invalid row group: 8 rows, whose column state takes 1099511627776 bytes/
  ],
  [
    "a column of too many values",
    (w: ParquetWriter) => void (w.row_groups[2].columns[2].meta_data!.num_values = 1n << 33n),
    /invalid row group: 8 rows, whose column state takes 34359738368 bytes/
  ],
  [
    "a group without its column",
    (w: ParquetWriter) => void w.row_groups[1].columns.pop(),
    /invalid row group from row 8 on: it has no column state/
  ]
];

describe("a damaged Parquet table", () => {
  it.each(lies)("with %s is refused in one line", async (_, lie, message) => {
    const error = await loadStates(await lying(lie)).catch((thrown: Error) => thrown);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain("\n");
  });

  it("with no row groups, a footer of huge length, an end in the middle of a group, or a group of noise is refused in one line", async () => {
    const none = columnsOf().map((column) => ({...column, data: [], type: column.name === "state" ? undefined : ("INT32" as const)}));
    const empty = await tableOf(
      none
        .map((column) => (column.name === "state" ? {...column, name: "x_1", type: "FLOAT" as const} : column))
        .concat({name: "x_2", data: [], type: "FLOAT", offsetIndex: false})
    );
    await expect(openArrays(empty)).rejects.toThrow("invalid rows: 0; 0 steps, 1 inits and 0 tokens make 0");
    const whole = await readFile(await tableOf(columnsOf()));
    const long = Buffer.from(whole);
    long.writeUInt32LE(0x7fffffff, long.length - 8);
    await expect(openArrays(await fileOf(long))).rejects.toThrow(/not a readable Parquet file: parquet metadata length 2147483647 exceeds/);
    await expect(openArrays(await fileOf(whole.subarray(0, 200)))).rejects.toThrow(/not a readable Parquet file: parquet file invalid/);
    const noise = Buffer.from(whole);
    for (let at = 100; at < 200; ++at) noise[at] = (at * 37) % 256;
    await expect(loadStates(await fileOf(noise))).rejects.toThrow(/^[^\n]+$/);
  });
});
