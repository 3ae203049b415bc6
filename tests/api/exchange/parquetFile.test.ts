import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {parquetWriteBuffer} from "hyparquet-writer";
import {describe, expect, it} from "vitest";
import {patternsOf} from "../../../api/analyses/patterns.ts";
import {loadStates} from "../../../api/exchange/bareStates.ts";
import {exportRun} from "../../../api/exchange/exportRun.ts";
import {importRun} from "../../../api/exchange/importRun.ts";
import {openTrace, readTrace} from "../../../capture/trace/reader.ts";
import {writeReportTrace} from "../report/reportTrace.ts";
import {pythonWith} from "../../support/python.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

type ColumnData = Parameters<typeof parquetWriteBuffer>[0]["columnData"];

async function tableOf(columnData: ColumnData): Promise<string> {
  const path = join(await temporaryFolder(), "table");
  await writeFile(path, new Uint8Array(parquetWriteBuffer({columnData})));
  return path;
}
const counts = (n: number, of: (i: number) => number): number[] => Array.from({length: n}, (_, i) => of(i));

describe("a Parquet table", () => {
  it("that was exported from a run comes back with its labels, tokens and titles, in as many components as it holds", async () => {
    const folder = await temporaryFolder();
    await writeReportTrace(join(folder, "run"), {steps: 40, inits: 2, tokens: ["a", "b", "c"], announcement: {title: "a title"}});
    const reader = await openTrace(join(folder, "run"));
    await exportRun(reader, {format: "parquet", out: join(folder, "t.parquet"), components: 8});
    await reader.close();
    const {states} = await loadStates(join(folder, "t.parquet"));
    expect(states).toMatchObject({steps: 41, inits: 2, tokens: 3, width: 8});
    expect(patternsOf(states, {site: "state"}).tokens.map(({pattern}) => pattern)).toEqual(
      ["converging", "orbit", "converging", "converging", "orbit", "converging"] // token 1 runs in a cycle
    );
    const {format} = await importRun(join(folder, "t.parquet"), {out: join(folder, "back")});
    expect(format).toBe("parquet");
    const trace = await readTrace(join(folder, "back"));
    expect(trace).toMatchObject({
      title: "a title",
      prompt: "abc",
      tokens: [
        {id: 0, text: "a"},
        {id: 1, text: "b"},
        {id: 2, text: "c"}
      ]
    });
    expect(trace.imported?.notes.join("\n")).toContain(
      "the states are the columns pc1, pc2, pc3, pc4, pc5, pc6, pc7, pc8 of 246 rows, principal components"
    );
  });

  it("in any order of rows, with or without inits and tokens, gives each state its place", async () => {
    const path = await tableOf([
      {name: "token", data: counts(6, (i) => 7 + (i % 2))},
      {name: "step", data: counts(6, (i) => 10 - Math.floor(i / 2))},
      {name: "x_0", data: counts(6, (i) => i), type: "FLOAT"},
      {name: "x_1", data: counts(6, (i) => 10 * i), type: "DOUBLE"}
    ]);
    const {states} = await loadStates(path);
    expect(states).toMatchObject({steps: 3, inits: 1, tokens: 2, width: 2});
    expect([...states.data]).toEqual([4, 40, 5, 50, 2, 20, 3, 30, 0, 0, 1, 10]);
    const bare = await tableOf([
      {name: "step", data: counts(3, (i) => i)},
      {name: "state", data: counts(3, (i) => i).map((i) => [i, i + 0.5])}
    ]);
    expect([...(await loadStates(bare)).states.data]).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
  });

  it.each([
    [
      "no states",
      [
        {name: "step", data: [0, 1]},
        {name: "loss", data: [0.5, 0.25]}
      ],
      "no states in the table: it holds step, loss; expected step, and state"
    ],
    [
      "a row too few",
      [
        {name: "step", data: [0, 0, 1]},
        {name: "token", data: [0, 1, 0]},
        {name: "pc1", data: [1, 2, 3]},
        {name: "pc2", data: [1, 2, 3]}
      ],
      "invalid rows: 3; 2 steps, 1 inits and 2 tokens make 4"
    ],
    [
      "a row twice",
      [
        {name: "step", data: [0, 0, 1, 1]},
        {name: "token", data: [0, 0, 1, 1]},
        {name: "pc1", data: [1, 2, 3, 4]},
        {name: "pc2", data: [1, 2, 3, 4]}
      ],
      "invalid row 1: its step, init and token are there twice"
    ],
    [
      "every tenth step",
      [
        {name: "step", data: [20, 0, 10]},
        {name: "pc1", data: [1, 2, 3]},
        {name: "pc2", data: [1, 2, 3]}
      ],
      "invalid column step: 10 follows 0; expected every number between"
    ],
    [
      "steps that are no numbers",
      [
        {name: "step", data: ["a", "b"]},
        {name: "pc1", data: [1, 2]},
        {name: "pc2", data: [1, 2]}
      ],
      "invalid column step: expected numbers"
    ],
    [
      "lists of two lengths",
      [
        {name: "step", data: [0, 1]},
        {name: "state", data: [[1, 2], [3]]}
      ],
      "invalid column state: expected lists of one length"
    ]
  ] as readonly (readonly [string, ColumnData, string])[])("with %s is refused in one line", async (_, columns, message) => {
    await expect(loadStates(await tableOf(columns))).rejects.toThrow(message);
  });

  it("that promises a thousand million values out of a few bytes is refused before it takes its memory", async () => {
    const path = await tableOf([
      {name: "step", data: counts(3000, (i) => i)},
      ...counts(3000, (k) => k).map((k) => ({name: `pc${k + 1}`, data: counts(3000, () => 1), type: "FLOAT" as const}))
    ]);
    await expect(loadStates(path)).rejects.toThrow(/invalid table: 9003000 values out of \d+ bytes/);
  });

  const python = pythonWith("pyarrow");
  it.skipIf(!python)("that pyarrow wrote, with a column of lists, is read", async () => {
    const path = join(await temporaryFolder(), "pyarrow");
    python!(`
import pyarrow as pa, pyarrow.parquet as pq
pq.write_table(pa.table({"step": [0, 0, 1, 1], "token": [0, 1, 0, 1], "state": pa.array([[1, 2], [3, 4], [5, 6], [7, 8]], pa.list_(pa.float32()))}), ${JSON.stringify(path)})`);
    expect([...(await loadStates(path)).states.data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
