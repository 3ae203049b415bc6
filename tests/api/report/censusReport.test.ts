import {readFile, stat} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {collectCensus} from "../../../api/report/collectCensus.ts";
import {reportDataSchema, REPORT_DATA_ID} from "../../../api/contract/reportData.ts";
import {reportImport} from "../../../api/exchange/reportImport.ts";
import {censusReport} from "../../../fixtures/reports/makeCensusReport.ts";
import {writeCensus} from "../../support/madeCensus.ts";
import {runCli} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const prompts = ["7 cats", "a 5", "no", "66", "x=<3", "</b>", "12", "34"];
const claim = (text: string) => (/\d/.test(text) ? "orbit" : text === " " ? "unsettled" : "converging");

/** The 24 characters of the prompts: 8 digits, 2 spaces. */
const digits = prompts.join("").replace(/\D/g, "").length;

it("the committed report of a census holds two thousand prompts, with what is expected to be false", async () => {
  const report = await reportImport(censusReport);
  if (report.kind !== "census") throw new Error("expected a census");
  expect(report.summary).toMatchObject({prompts: 2000, tokens: 22196, status: "complete"});
  expect(report.census.expected_false).toBeCloseTo(0.001 * (report.census.rows - report.census.labels.unsettled.count), 9);
  expect((await stat(censusReport)).size).toBeLessThan(1_000_000);
});

describe("the report of a census", () => {
  it("says shares with their intervals, what is expected to be false, and the surest associations first", async () => {
    const dir = await writeCensus(await temporaryFolder(), "digits", {prompts, claim});
    const {summary, census, manifest, command} = await collectCensus(dir);
    const rows = prompts.join("").length;
    const expected = 0.001 * (rows - 2);
    expect(summary).toMatchObject({kind: "census", title: "digits", status: "complete", prompts: 8, tokens: rows});
    expect(summary.sentences[0]).toContain(`Of ${rows} trajectories of ${rows} tokens in 8 prompts: `);
    expect(summary.sentences[0]).toContain(`${digits} orbit (`);
    expect(summary.sentences[1]).toBe(
      `Labels stand at q ≤ 0.001 over all of them: at most ${expected.toPrecision(2)} of the labels that claim something are expected to be false.`
    );
    expect(summary.sentences[2]).toMatch(new RegExp(`^By class, number is orbit in ${digits} of ${digits}: odds ratio ∞ \\(95 % `));
    expect(census.expected_false).toBeCloseTo(expected, 12);
    expect(JSON.stringify(manifest)).not.toContain("folder");
    expect(command).toBe(
      "orrery census --model tiny-arithmetic --prompts prompts.jsonl --steps 64 --keep 0 --sample 0 --keep-mb 0 --out census"
    );
  });

  it("is one file with its data inside, which import reads; texts of tokens stay texts", async () => {
    const folder = await temporaryFolder();
    const dir = await writeCensus(folder, "digits", {prompts, claim});
    const out = join(folder, "report.html");
    const made = await runCli(["report", dir, "--out", out, "--json"]);
    expect(made).toMatchObject({status: 0, stderr: ""});
    const page = await readFile(out, "utf8");
    expect(JSON.parse(made.stdout)).toEqual({
      report: out,
      kind: "census",
      title: "digits",
      status: "complete",
      bytes: (await stat(out)).size
    });
    const [, json] = new RegExp(`id="${REPORT_DATA_ID}">([^<]*)<`).exec(page)!;
    expect(reportDataSchema.parse(JSON.parse(json))).toEqual(await collectCensus(dir));
    for (const figure of ["labels", "settling", "periods", "rates"]) expect(page).toContain(`<figure id="fig-${figure}">`);
    for (const method of ["False discoveries over a census", "Intervals of shares", "Associations", "Noise floor"])
      expect(page).toContain(`<dt>${method}</dt>`);
    expect(page).toContain('<span class="word">&lt;</span>');
    expect(page).not.toMatch(/\b(src|href)="?https?:/);
    const read = await runCli(["import", out]);
    expect(read.stdout.split("\n")[0]).toBe("digits");
  });

  it("is refused while the census is not finished", async () => {
    const folder = await temporaryFolder();
    const dir = await writeCensus(folder, "half", {prompts, claim, shards: 1});
    const {status, stderr} = await runCli(["report", dir, "--out", join(folder, "r.html")]);
    expect(status).not.toBe(0);
    expect(stderr).toBe("unfinished census: half has no labels yet; expected a finished one\n");
  });
});
