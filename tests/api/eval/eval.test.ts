import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {EvalRow, EvalSummary, ItemResult} from "../../../api/contract/evalSchemas.ts";
import {createEvalDesk} from "../../../api/eval/evalDesk.ts";
import {settingsOf} from "../../../api/eval/settingsOf.ts";
import {summaryOf} from "../../../api/eval/summaryOf.ts";
import {runCli, startCli} from "../../support/runCli.ts";
import {shippedModel} from "../../support/shippedModel.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const sums = [
  [19, 29],
  [20, 72],
  [7, 5],
  [44, 44],
  [3, 90],
  [61, 12]
].map(([a, b]) => ({prompt: `\n${a}+${b}=`, answer: `${a + b}\n`, task: "sum"}));
const choices = [
  {prompt: "\n19+29=", choices: ["48\n", "49\n", "7\n"], answer: 0},
  {prompt: "\n20+72=", choices: ["12\n", "92\n"], answer: "92\n"}
];

async function task(...lines: readonly object[]): Promise<{readonly file: string; readonly out: string}> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "task.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return {file: join(folder, "task.jsonl"), out: join(folder, "out")};
}
const evalArgs = (file: string, out: string, ...args: string[]) => ["eval", "--model", shippedModel, "--task", file, "--out", out, ...args];

describe("orrery eval", () => {
  it("gives accuracy by depth, under rules and under strategies, in one document", async () => {
    const {file, out} = await task(...sums, ...choices);
    const {status, stdout} = await runCli(
      evalArgs(file, out, "--steps", "1,16", "--exit", "kl", "--kv", "latest-m4-compress-s2", "--json")
    );
    expect(status).toBe(0);
    const answer = JSON.parse(stdout) as EvalSummary & {results: EvalRow[]};
    expect(answer.steps.map(({steps, n}) => [steps, n])).toEqual([
      [1, 8],
      [16, 8]
    ]);
    const [, deep] = answer.steps;
    const [kl] = answer.exits;
    const [shared] = answer.caches;
    expect(deep).toMatchObject({accuracy: 1, acc_norm: 1, mean_steps: 16, tasks: {sum: {accuracy: 1, n: 6}, task: {n: 2}}});
    expect(kl).toMatchObject({exit: "kl", kv: "latest-m4", accuracy: 1});
    expect(kl.mean_steps).toBeLessThan(8);
    expect(shared.kv_bytes * 4).toBeLessThan(deep.kv_bytes);
    expect(answer.results.map(({label}) => label)).toEqual(Array(8).fill("converging"));
    expect(answer.settling).toMatchObject({
      table: [
        [8, 0],
        [0, 0]
      ],
      odds_ratio: null,
      p: 1
    });
    expect(answer.results[6].outcomes[1].answer).toBe("48\n");
    expect(answer.results[0]).toMatchObject({id: null, prompt: "\n19+29=", answer: "48\n", last_correct: 16, lost: false});
  });
  it("prints CSV of settings and of items, and takes a task that ships by its name", async () => {
    const {out} = await task(sums[0]);
    const args = ["eval", "--model", shippedModel, "--task", "arithmetic-choices", "--limit", "4", "--steps", "2,4", "--out", out, "--csv"];
    const settings = (await runCli(args)).stdout.trim().split("\n");
    expect(settings[0]).toBe(
      "steps,beyond_trained,exit,kv,task,n,accuracy,standard_error,acc,acc_stderr,acc_norm,acc_norm_stderr,acc_bytes,acc_bytes_stderr,exact_match,exact_match_stderr,mean_steps,core_steps,kv_bytes"
    );
    expect(settings.slice(1).map((line) => line.split(",").slice(0, 4).join())).toEqual([
      "2,0,,full",
      "2,0,,full",
      "2,0,,full",
      "4,0,,full",
      "4,0,,full",
      "4,0,,full"
    ]);
    expect(settings[2]).toMatch(/^2,0,,full,"sum, four choices",2,/);
    const items = (await runCli([...args, "items"])).stdout; // the same folder: nothing is computed again
    expect(items).toMatch(
      /^index,id,task,prompt,answer,first_correct,last_correct,lost,label,trained_steps,right 2 steps,answer 2 steps,right 4 steps,answer 4 steps\n0,/
    );
    expect(items.match(/^\d,/gm)).toEqual(["0,", "1,", "2,", "3,"]);
  });
  it("goes on after a kill with the same bytes, and refuses another setting with both", async () => {
    const {file, out} = await task(...sums);
    const whole = `${out}-whole`;
    const args = ["--steps", "64,300", "--json"];
    const running = startCli(evalArgs(file, out, ...args));
    await expect
      .poll(() =>
        readFile(join(out, "results.jsonl"), "utf8").then(
          (text) => text.includes("\n"),
          () => false
        )
      )
      .toBe(true);
    running.process.kill("SIGKILL");
    await running.end;
    await writeFile(join(out, "results.jsonl"), '{"index": 9', {flag: "a"}); // a line that a kill cut short
    expect((await runCli(evalArgs(file, out, ...args))).status).toBe(0);
    expect((await runCli(evalArgs(file, whole, ...args))).status).toBe(0);
    const [one, other] = await Promise.all([out, whole].map((dir) => readFile(join(dir, "results.jsonl"), "utf8")));
    expect(one).toBe(other);
    await writeFile(join(out, "results.jsonl"), one.replace('"right":', '"righT":')); // of the first item
    expect((await createEvalDesk().read(out)).damage).toEqual([expect.stringMatching(/results\.jsonl line 1: its sha256 is/)]);
    expect((await createEvalDesk().read(out)).results.map(({index}) => index)).toEqual(sums.slice(1).map((_, i) => i + 1));
    expect((await runCli(evalArgs(file, out, ...args))).status).toBe(0);
    expect(await readFile(join(out, "results.jsonl"), "utf8")).toBe(one);
    const refused = await runCli(evalArgs(file, out, "--steps", "64,300", "--seed", "3"));
    expect(refused).toMatchObject({status: 1, stderr: `invalid seed: 3; the evaluation in ${out} was made with 0\n`});
  });
  it.each([
    [["--exit", "nope"], [sums[0]], "unknown exit rule: nope; one of"],
    [["--exit", "gate"], [sums[0]], "invalid exit rule: gate; huginn has no exit gate"],
    [["--kv", "nope"], [sums[0]], "unknown cache strategy: nope; one of"],
    [["--steps", "0"], [sums[0]], "expected a whole number from 1 to 4096"],
    [[], [{prompt: "x".repeat(1100), answer: "1"}], "invalid item 1: prompt too long: 1100 tokens; the model takes at most 1024"],
    [[], [sums[0], {prompt: "1"}], "task.jsonl line 2: missing answer"]
  ])("refuses %j before it computes", async (args, lines, message) => {
    const {file, out} = await task(...lines);
    const {status, stderr} = await runCli(evalArgs(file, out, ...args));
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(status).toBe(2);
  });
});

describe("summaryOf", () => {
  const settings = settingsOf({steps: [4, 1], exits: [], kv: []});
  const outcome = (right: boolean) => ({
    right,
    right_normed: null,
    right_bytes: null,
    answer: "",
    mean_steps: 1,
    core_steps: 1,
    kv_bytes: 1
  });
  const result = (index: number, rights: readonly boolean[], label: string): ItemResult => ({
    index,
    task: "t",
    outcomes: rights.map(outcome),
    label
  });
  it("counts what was lost, and tests settling against being right", () => {
    const results = [result(0, [true, false], "converging"), result(1, [false, true], "converging"), result(2, [false, false], "orbit")];
    const summary = summaryOf(settings, results, 5);
    expect(summary.steps.map(({steps, accuracy}) => [steps, accuracy])).toEqual([
      [1, 1 / 3],
      [4, 1 / 3]
    ]);
    expect(summary).toMatchObject({
      finished: 3,
      items: 5,
      lost: 1,
      settling: {
        table: [
          [1, 1],
          [0, 1]
        ],
        p: 1
      }
    });
  });
});
