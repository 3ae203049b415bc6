import {cp, mkdir, readFile, readdir, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {parquetWriteBuffer} from "hyparquet-writer";
import {beforeAll, describe, expect, it} from "vitest";
import type {CensusSummary} from "../../../api/contract/censusSchemas.ts";
import {LABELLED_COLUMNS} from "../../../api/census/censusRow.ts";
import {keptPicture} from "../../../api/census/keptPicture.ts";
import {PATTERNS} from "../../../api/contract/choices.ts";
import {parseSafetensors} from "../../../app/source/safetensors.ts";
import {readRowFile} from "../../../api/census/rowFiles.ts";
import {benjaminiHochberg} from "../../../analysis/patterns/statistics/benjaminiHochberg.ts";
import {runCli, startCli} from "../../support/runCli.ts";
import {shippedModel} from "../../support/shippedModel.ts";
import {useTemporaryFolder} from "../../support/temporaryFolder.ts";

const sums = Array.from({length: 11}, (_, i) => `\n${i + 3}+${7 * i}=`);

/** Every file of a census whose bytes must not depend on how it was made. */
async function bytesOf(out: string): Promise<Record<string, string>> {
  const files = (
    await Promise.all(["shards", "rows"].map(async (dir) => (await readdir(join(out, dir))).map((name) => join(dir, name))))
  ).flat();
  const read = async (name: string) => [name, (await readFile(join(out, name))).toString("base64")] as const;
  return Object.fromEntries(await Promise.all([...files.sort(), "summary.json"].map(read)));
}

async function rowsOf(out: string): Promise<Record<string, unknown>[]> {
  const names = (await readdir(join(out, "rows"))).sort();
  return (await Promise.all(names.map((name) => readRowFile(join(out, "rows", name))))).flat();
}

describe("orrery census", () => {
  const space = useTemporaryFolder();
  const inSpace = (name: string): string => join(space.path, name);

  beforeAll(() => writeFile(inSpace("prompts.jsonl"), sums.map((prompt) => `${JSON.stringify({prompt})}\n`).join("")));

  const censusArgs = (out: string, ...args: string[]) => [
    ...[
      "census",
      "--model",
      shippedModel,
      "--prompts",
      inSpace("prompts.jsonl"),
      "--steps",
      "24",
      "--shard",
      "3",
      "--keep",
      "2",
      "--sample",
      "2"
    ],
    ...["--out", out, ...args]
  ];

  let made: Promise<CensusSummary> | undefined;

  /** A whole census in one process, made by the first test that asks; where it lies, and what it printed. */
  async function wholeCensus(): Promise<{readonly whole: string; readonly answer: CensusSummary}> {
    const whole = inSpace("whole");
    made ??= runCli(censusArgs(whole, "--json")).then(({status, stdout, stderr}) => {
      expect(stderr.split("\n").filter((line) => line && !line.includes(": prompt "))).toEqual([]);
      expect(status).toBe(0);
      return JSON.parse(stdout) as CensusSummary;
    });
    return {whole, answer: await made};
  }

  it("gives a row for every trajectory, in the order of prompts, inits and tokens", async () => {
    const {whole, answer} = await wholeCensus();
    const rows = await rowsOf(whole);
    const tokens = sums.map((prompt) => prompt.length);
    expect(rows.map(({prompt, token}) => [prompt, token])).toEqual(
      tokens.flatMap((n, prompt) => Array.from({length: n}, (_, i) => [prompt, i]))
    );
    expect(Object.keys(rows[0])).toEqual(LABELLED_COLUMNS.map(({name}) => name));
    expect(rows.map(({text}) => text).join("")).toBe(sums.join(""));
    expect(answer).toMatchObject({prompts: 11, tokens: rows.length, rows: rows.length, alpha: 0.001, not_finite: 0});
  });

  it("controls false discoveries over all rows, not over a run's", async () => {
    const {whole, answer} = await wholeCensus();
    const rows = await rowsOf(whole);
    expect(rows.map(({q}) => q)).toEqual(benjaminiHochberg(rows.map(({p}) => p as number)));
    for (const {q, label, claim} of rows) expect(label).toBe((q as number) <= 0.001 ? claim : "unsettled");
    const claimed = rows.filter(({label}) => label !== "unsettled").length;
    expect(answer.expected_false).toBeCloseTo(0.001 * claimed, 12);
  });

  it("labels a prompt as analyze does, and says what the readout and the exit rules say", async () => {
    const {whole} = await wholeCensus();
    const out = inSpace("one");
    expect(
      (await runCli(["capture", "--model", shippedModel, "--prompt", sums[4], "--steps", "24", "--inits", "1", "--out", out])).status
    ).toBe(0);
    const {tokens} = JSON.parse((await runCli(["analyze", out, "--json"])).stdout) as {tokens: Record<string, unknown>[]};
    const rows = (await rowsOf(whole)).filter(({prompt}) => prompt === 4);
    expect(rows.map(({p, settled_step}) => ({p, settled_step}))).toEqual(tokens.map(({p, settled_step}) => ({p, settled_step})));
    const last = rows.at(-1)!;
    expect(last).toMatchObject({text: "=", class: "symbol", top_text: "3", published: "fixed point", exit_gate: null, exit_minp_kl: null});
    expect(last.exit_kl).toBeGreaterThan(0);
    expect(last.exit_argmax_stability).toBeGreaterThan(0);
  });

  it("gives the same bytes by parts, by several processes, and after a kill", async () => {
    const {whole} = await wholeCensus();
    const expected = await bytesOf(whole);
    const several = inSpace("several");
    expect((await runCli(censusArgs(several, "--workers", "3"))).status).toBe(0);
    expect(await bytesOf(several)).toEqual(expected);

    const parts = inSpace("parts");
    expect((await runCli(censusArgs(parts, "--plan"))).status).toBe(0);
    const ends = await Promise.all(["2/2", "1/2"].map((part) => runCli(["work", parts, "--part", part])));
    expect(ends.map(({status, stderr}) => ({status, stderr}))).toEqual(Array(2).fill({status: 0, stderr: ""}));
    expect((await readdir(join(parts, "shards"))).length).toBe(4);
    expect((await runCli(censusArgs(parts))).status).toBe(0);
    expect(await bytesOf(parts)).toEqual(expected);

    const killed = inSpace("killed");
    const child = startCli(censusArgs(killed));
    while ((await readdir(join(killed, "shards")).catch(() => [])).filter((name) => name.endsWith(".parquet")).length < 2)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.process.kill("SIGKILL");
    await child.end;
    expect((await runCli(censusArgs(killed))).status).toBe(0);
    expect(await bytesOf(killed)).toEqual(expected);
    expect((await readdir(join(killed, "shards"))).every((name) => name.endsWith(".parquet"))).toBe(true);
  });

  it("keeps the traces of a sample, which are what a capture gives", async () => {
    const {whole, answer} = await wholeCensus();
    expect(answer.kept.map(({why}) => why)).toEqual(["sample", "sample"]);
    const [{prompt, trace}] = answer.kept;
    const {status, stdout} = await runCli(["analyze", join(whole, "traces", trace)]);
    expect(status).toBe(0);
    expect(stdout.split("\n").filter((line) => line.startsWith("init 0")).length).toBe(sums[prompt].length);
  });

  it("draws the traces that it kept in one picture, the same in a table as on the page, with the rows' labels", async () => {
    const {whole, answer} = await wholeCensus();
    const out = inSpace("kept.csv");
    const {status, stdout} = await runCli(["project", whole, "--out", out, "--json"]);
    expect(status).toBe(0);
    const prompts = answer.kept.map(({prompt}) => prompt).sort((a, b) => a - b);
    const {runs, fit} = JSON.parse(stdout);
    expect([fit, runs.map(({name}: {name: string}) => name)]).toEqual(["joint", prompts.map((prompt) => `whole ${prompt}`)]);
    const table = (await readFile(out, "utf8")).trim().split(/\n(?=whole )/);
    expect(table[0]).toBe("run,step,init,token,text,beyond_trained,x1,x2");
    const {tensors, metadata} = parseSafetensors((await keptPicture(whole, {method: "pca", seed: 0})).slice().buffer as ArrayBuffer);
    const [steps, inits, tokens] = tensors.points.shape;
    const texts = JSON.parse(metadata.texts) as string[];
    expect([steps, inits, tokens]).toEqual([25, 1, prompts.reduce((sum, prompt) => sum + sums[prompt].length, 0)]);
    expect(texts.join("")).toBe(prompts.map((prompt) => sums[prompt]).join(""));
    expect(table.length - 1).toBe(steps * tokens);
    const labels = new Map((await rowsOf(whole)).map(({prompt, token, label}) => [`${prompt} ${token}`, label]));
    for (let k = 0; k < tokens; ++k) {
      const [prompt, token] = [tensors.prompt.data[k], tensors.token.data[k]];
      const [x, y] = tensors.points.data.subarray(2 * (12 * tokens + k));
      expect(table.find((line) => line.startsWith(`whole ${prompt},12,0,${token},`))).toMatch(new RegExp(`,${x},${y}$`));
      expect(PATTERNS[tensors.label.data[k]]).toBe(labels.get(`${prompt} ${token}`));
    }
  });

  it("refuses another demand on the same folder with both values, and a folder of something else", async () => {
    const {whole} = await wholeCensus();
    const other = await runCli([...censusArgs(whole), "--steps", "25"]);
    expect(other).toMatchObject({status: 1, stderr: `invalid steps: 25; the census in ${whole} was made with 24\n`});
    await mkdir(inSpace("else"));
    await writeFile(join(inSpace("else"), "thesis.txt"), "");
    expect((await runCli(censusArgs(inSpace("else")))).stderr).toMatch(/^invalid folder: .*else is not empty and no census/);
  });

  it("makes a damaged shard again once it is deleted, as its error says", async () => {
    const {whole} = await wholeCensus();
    const hurt = inSpace("hurt");
    await cp(whole, hurt, {recursive: true});
    await rm(join(hurt, "summary.json"));
    await writeFile(join(hurt, "shards", "00001.parquet"), "PAR1 and no more");
    const {status, stderr} = await runCli(censusArgs(hurt));
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/^invalid rows: .*00001\.parquet: .*; delete it, and the census makes it again\n$/);
    await rm(join(hurt, "shards", "00001.parquet"));
    expect((await runCli(censusArgs(hurt))).status).toBe(0);
    expect(await bytesOf(hurt)).toEqual(await bytesOf(whole));
  });

  it("makes the rows and the summary of a finished one again where they are gone or cannot be read", async () => {
    const {whole} = await wholeCensus();
    const hurt = inSpace("bereft");
    await cp(whole, hurt, {recursive: true});
    await rm(join(hurt, "rows", "00001.parquet"));
    await writeFile(join(hurt, "summary.json"), "");
    expect((await runCli(censusArgs(hurt))).status).toBe(0);
    expect(await bytesOf(hurt)).toEqual(await bytesOf(whole));
  });

  it("goes on in a folder that was killed before its manifest, whose part of it is no census yet", async () => {
    const {whole} = await wholeCensus();
    const begun = inSpace("begun");
    await mkdir(join(begun, "shards"), {recursive: true});
    await writeFile(join(begun, "sources.json"), "[");
    expect((await runCli(censusArgs(begun))).status).toBe(0);
    expect(await bytesOf(begun)).toEqual(await bytesOf(whole));
  });

  it("refuses rows that another program wrote, by the first cell that is not as it should be", async () => {
    const path = inSpace("foreign.parquet");
    const rows = (tokens: bigint | string, type: "INT64" | "STRING") =>
      writeFile(path, new Uint8Array(parquetWriteBuffer({columnData: [{name: "tokens", data: [tokens], type}]})));
    for (const [tokens, type, said] of [
      [3n, "INT64", "row 0 has a bigint as tokens; expected a number"],
      ["3", "STRING", "row 0 has a string as tokens; expected a number"]
    ] as const) {
      await rows(tokens, type);
      await expect(readRowFile(path)).rejects.toThrow(`invalid rows: ${path}: ${said}; delete it, and the census makes it again`);
    }
  });

  it("labels traces that were captured elsewhere, and names those that cannot be read", async () => {
    const {whole, answer} = await wholeCensus();
    const [out, traces] = [inSpace("from"), inSpace("some-traces")];
    const [{prompt, trace: one}] = answer.kept;
    await cp(join(whole, "traces", one), join(traces, one), {recursive: true});
    for (const name of ["pointer", "broken", "partial"]) await cp(join(traces, one), join(traces, name), {recursive: true});
    await writeFile(join(traces, "pointer", "states.safetensors"), "version https://git-lfs.github.com/spec/v1\n");
    await writeFile(join(traces, "broken", "trace.json"), "{");
    const described = await readFile(join(traces, "partial", "trace.json"), "utf8");
    await writeFile(join(traces, "partial", "trace.json"), described.replace('"complete"', '"partial"'));
    const {status, stdout, stderr} = await runCli(["census", "--from", traces, "--out", out, "--json"]);
    expect([status, stderr.trim().split("\n")]).toEqual([
      0,
      [/skipped: broken: .*not JSON/, /skipped: partial: partial: \d+ of/, /skipped: pointer: .*Git LFS pointer/].map(
        (line) => expect.stringMatching(line) as string
      )
    ]);
    const before = (await rowsOf(whole)).filter((row) => row.prompt === prompt).map(({p, text}) => ({p, text}));
    expect((await rowsOf(out)).map(({p, text}) => ({p, text}))).toEqual(before);
    expect((JSON.parse(stdout) as CensusSummary).prompts).toBe(1);
  });

  it.each([
    ["a broken line", () => ["--prompts", inSpace("broken.jsonl"), "--model", shippedModel], /broken\.jsonl line 2/],
    [
      "a character that the vocabulary lacks",
      () => ["--prompts", inSpace("letters.jsonl"), "--model", shippedModel],
      /^invalid prompt 2: .*é/
    ],
    ["no source", () => [], /^missing source: expected --model and --prompts, or --from/],
    ["a folder without traces", () => ["--from", inSpace("else")], /holds no trace/]
  ])("refuses %s in one line before it computes anything", async (_, args, expected) => {
    await writeFile(inSpace("broken.jsonl"), '{"prompt": "\\n1+1="}\n{"prompt": \n');
    await writeFile(inSpace("letters.jsonl"), '{"prompt": "\\n1+1="}\n{"prompt": "é"}\n');
    await mkdir(inSpace("else"), {recursive: true});
    const {status, stderr} = await runCli(["census", ...args(), "--out", inSpace("never")]);
    expect(status).toBe(2);
    expect(stderr).toMatch(expected);
    expect(stderr.trimEnd().split("\n").length).toBe(1);
    expect(await readdir(space.path)).not.toContain("never");
  });

  it.each(["0/2", "3/2", "1", "a/b"])("refuses the part %s", async (part) => {
    const {whole} = await wholeCensus();
    expect((await runCli(["work", whole, "--part", part])).stderr).toBe(
      `invalid part: ${part}; expected I/N with I from 1 to N, as in 2/8\n`
    );
  });
});
