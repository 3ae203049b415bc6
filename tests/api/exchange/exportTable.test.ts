import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects} from "hyparquet";
import {describe, expect, it} from "vitest";
import {distanceToLast} from "../../../analysis/measures/distanceToLast.ts";
import {stepCosine} from "../../../analysis/measures/stepCosine.ts";
import {stepNorm} from "../../../analysis/measures/stepNorm.ts";
import {fitPca, transform} from "../../../analysis/projections/pca.ts";
import {matrixOf} from "../../../analysis/matrix.ts";
import {statesOf} from "../../../analysis/states.ts";
import {exportRun} from "../../../api/exchange/exportRun.ts";
import {pythonWith} from "../../support/python.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {exported, statesOfRun} from "./exported.ts";
import {exampleTrace, hardTokens, size, stateSlab} from "./exampleTrace.ts";

const plain = pythonWith("csv");
const arrow = pythonWith("pyarrow");
const {steps, inits, tokens, width} = size;
const MEASURED = [
  "step",
  "init",
  "token",
  "token_id",
  "text",
  "step_norm",
  "step_cosine",
  "distance",
  "entropy",
  "kl_prev",
  "kl_final",
  "top1_id",
  "top1_logprob"
]; // columns of every row, before its components

const near = (values: readonly unknown[], expected: Iterable<number>): void => {
  const wanted = [...expected];
  expect(values.length).toBe(wanted.length);
  values.forEach((value, i) =>
    Number.isNaN(wanted[i]) ? expect(value, `row ${i}`).toBeNull() : expect(value, `row ${i}`).toBeCloseTo(wanted[i], 5)
  );
};

describe("exportRun to a table", () => {
  it("writes Parquet with one row for each step, init and token", async () => {
    const {reader, out} = await exported("parquet");
    const file = await asyncBufferFromFile(out);
    const rows = await parquetReadObjects({file});
    const states = await statesOfRun(reader);
    expect(rows.length).toBe((steps + 1) * inits * tokens);
    expect(Object.keys(rows[0])).toEqual([...MEASURED, "pc1", "pc2", "pc3"]);
    expect(rows[(3 * inits + 1) * tokens + 2]).toMatchObject({
      step: 3,
      init: 1,
      token: 2,
      token_id: 9,
      text: "tab\tnew\nline",
      entropy: 7 + 3 + 7 / 16,
      top1_id: 60_000 + 300 + 14
    });
    expect(rows.slice(0, tokens).map(({text}) => text)).toEqual(hardTokens);
    near(
      rows.map((row) => row.step_norm),
      stepNorm(states)
    );
    near(
      rows.map((row) => row.step_cosine),
      stepCosine(states)
    );
    near(
      rows.map((row) => row.distance),
      distanceToLast(states)
    );
    const X = matrixOf(rows.length, width, states.data);
    const scores = transform(fitPca(X, {components: 3}), X).data;
    near(
      rows.flatMap((row) => [row.pc1, row.pc2, row.pc3]),
      scores
    );
    const metadata = Object.fromEntries((await parquetMetadataAsync(file)).key_value_metadata!.map(({key, value}) => [key, value]));
    expect(JSON.parse(metadata.orrery_trace!)).toEqual(reader.trace);
    expect(JSON.parse(metadata.orrery_table!)).toMatchObject({site: "state", pca: {fitted_on_rows: rows.length}});
  });

  it("reads every state once, for the measures and the components together, where one pass tells the axes", async () => {
    const {reader} = await exported("csv");
    let read = 0;
    const counting = {
      ...reader,
      async readSite(...asked: Parameters<typeof reader.readSite>) {
        const slice = await reader.readSite(...asked);
        read += slice.steps * slice.inits * slice.tokens;
        return slice;
      },
      async readRows(...[site, first, into]: Parameters<typeof reader.readRows>) {
        read += into.length / width;
        return reader.readRows(site, first, into);
      }
    };
    await exportRun(counting, {format: "csv", out: join(await temporaryFolder(), "once.csv")});
    expect(read).toBe((steps + 1) * inits * tokens + 1); // and the first row, for a point near the mean
  });

  it("writes wide Parquet with one row for each init and token", async () => {
    const {reader, out} = await exported("parquet-wide");
    const rows = await parquetReadObjects({file: await asyncBufferFromFile(out)});
    const norms = stepNorm(await statesOfRun(reader));
    expect(rows.length).toBe(inits * tokens);
    expect(Object.keys(rows[0]).length).toBe(4 + 11 * (steps + 1));
    expect(rows[tokens + 3]).toMatchObject({init: 1, token: 3, text: " ", step_norm_0: null, entropy_2: 7 + 2 + 8 / 16});
    near(
      rows.map((row) => row.step_norm_4),
      norms.subarray(4 * inits * tokens)
    );
  });

  it.skipIf(!arrow)("writes Parquet that pyarrow opens, with its types", async () => {
    const {out} = await exported("parquet");
    const read = JSON.parse(
      arrow!(
        `import sys, json, pyarrow.parquet as pq
t = pq.read_table(sys.argv[1])
print(json.dumps({"rows": t.num_rows, "types": [str(f.type) for f in t.schema][:6], "text": t["text"].to_pylist()[:5], "first": t["step_norm"][0].as_py(), "trace": json.loads(t.schema.metadata[b"orrery_trace"])["steps"]}))`,
        out
      )
    );
    expect(read).toEqual({
      rows: 50,
      types: ["int32", "int32", "int32", "int32", "string", "float"],
      text: hardTokens,
      first: null,
      trace: steps
    });
  });

  it("says of each row whether its step lies beyond the trained ones, where these are known", async () => {
    const {reader} = await exported("csv");
    const trained = {...reader, trace: {...reader.trace, trained_steps: 2}};
    const folder = await temporaryFolder();
    for (const format of ["parquet", "parquet-wide", "atlas", "projector", "csv"] as const)
      await exportRun(trained, {format, out: join(folder, format)});
    for (const format of ["parquet", "atlas"]) {
      const rows = await parquetReadObjects({file: await asyncBufferFromFile(join(folder, format))});
      expect(rows.map(({beyond_trained}) => beyond_trained)).toEqual(rows.map(({step}) => ((step as number) > 2 ? 1 : 0)));
    }
    const wide = await parquetReadObjects({file: await asyncBufferFromFile(join(folder, "parquet-wide"))});
    expect(new Set(wide.map(({trained_steps}) => trained_steps))).toEqual(new Set([2])); // its columns name the steps
    const [head, ...lines] = (await readFile(join(folder, "projector", "metadata.tsv"), "utf8")).trim().split("\n");
    expect(head).toBe("label\ttext\ttoken\ttoken_id\tinit\t__seq_next__\tbeyond_trained\tstep");
    for (const line of lines) expect(line).toMatch(/\t(0\t[012]|1\t[34])$/);
    expect(await readFile(join(folder, "csv"), "utf8")).toMatch(/^step,init,token,token_id,text,beyond_trained,step_norm,/);
  });

  it("writes CSV whose numbers read back as the same float32 numbers", async () => {
    const {reader, out} = await exported("csv");
    const text = await readFile(out, "utf8");
    const norms = stepNorm(await statesOfRun(reader));
    expect(text.split("\r\n")[0]).toBe(
      "step,init,token,token_id,text,step_norm,step_cosine,distance,entropy,kl_prev,kl_final,top1_id,top1_logprob,pc1,pc2,pc3"
    );
    const lines = text.split("\r\n").filter((line) => /^2,1,0,/.test(line));
    expect(lines.length).toBe(1);
    expect(Math.fround(Number(lines[0].split(",")[5]))).toBe(norms[(2 * inits + 1) * tokens]);
    expect(text).toContain('0,0,1,8,",""quoted""",,,');
    expect(text).toContain('0,0,3,10," ",,,');
  });

  it.skipIf(!plain)("writes CSV that Python's reader takes apart as it was put together", async () => {
    const {out} = await exported("csv");
    const rows = JSON.parse(
      plain!(`import sys, json, csv; print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf8")))))`, out)
    ) as Record<string, string>[];
    expect(rows.length).toBe(50);
    expect(rows.slice(0, 5).map(({text}) => text)).toEqual(hardTokens);
  });

  it("writes Embedding Atlas' x, y and text", async () => {
    const {out} = await exported("atlas");
    const rows = await parquetReadObjects({file: await asyncBufferFromFile(out)});
    expect(Object.keys(rows[0])).toEqual([...MEASURED, "x", "y"]);
  });

  it("measures a chosen site and chosen inits and tokens", async () => {
    const dir = await temporaryFolder();
    const reader = await exampleTrace(join(dir, "run"));
    await exportRun(reader, {format: "parquet", out: join(dir, "x"), site: "core.0.out", inits: [1], tokens: [4, 0], components: 0});
    const rows = await parquetReadObjects({file: await asyncBufferFromFile(join(dir, "x"))});
    expect(rows.map(({step, init, token, step_norm: stepNorm}) => [step, init, token, stepNorm === null])).toEqual(
      [1, 2, 3, 4].flatMap((step) => [
        [step, 1, 4, step === 1],
        [step, 1, 0, step === 1]
      ])
    );
    expect(rows[0].entropy).toBe(7 + 1 + 9 / 16);
    const at = (step: number): Float32Array => stateSlab(10 + step, "f32").subarray((tokens + 4) * width, (tokens + 5) * width);
    near([rows[2].step_norm], stepNorm(statesOf({steps: 2, inits: 1, tokens: 1, width}, Float32Array.of(...at(1), ...at(2)))).subarray(1));
  });
});
