import {existsSync} from "node:fs";
import {appendFile, cp, mkdir, readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {z} from "zod";
import {openTrace} from "../../../capture/trace/reader.ts";
import {runExperiment, type RunExperimentOptions} from "../../../api/experiments/experiment.ts";
import {readExperiment, readResults as readResultsOf} from "../../../api/experiments/experimentFolder.ts";
import {experimentOptions, type ExperimentOptions, type ExperimentPrompt} from "../../../api/contract/experimentSchemas.ts";
import {writeExperiment} from "../../support/madeExperiment.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const shipped = join(root, "fixtures/models/tiny-arithmetic");
const periodTwo = join(root, "../shared/checkpoints/tiny-period-two");
const mixed = join(root, "../shared/checkpoints/tiny-mixed");
if (!existsSync(periodTwo)) console.log("experiments on orbiting models are skipped: ../shared/checkpoints is missing");
const small = {steps: 24, inits: 4, noise: 2, swaps: 1, scales: [0, 3], scale_inits: 2, resamples: 100};
const prompts: ExperimentPrompt[] = [{prompt: "\n48+37=", answer: "85\n"}, {prompt: "\n2+3="}, {prompt: "\npar 1011=", answer: "1\n"}];

const requestOf = (options: Partial<ExperimentOptions> = {}, given: Partial<{model: string; prompts: ExperimentPrompt[]}> = {}) => ({
  model: shipped,
  prompts,
  title: "test",
  options: z.object(experimentOptions).parse({...small, ...options}),
  ...given
});
const run = (dir: string, request = requestOf(), options: RunExperimentOptions = {workers: 1}) => runExperiment(dir, request, options);
const resultsIn = (dir: string) => readFile(join(dir, "results.jsonl"));
const readResults = async (dir: string) => readResultsOf(dir, (await readExperiment(dir)).spec);

describe("runExperiment", () => {
  it("finds that the shipped model settles in the same place from everywhere, with the right answer", async () => {
    const dir = join(await temporaryFolder(), "experiment");
    const summary = await run(dir);
    expect(summary).toMatchObject({
      prompts: 3,
      independent_prompts: {count: 3},
      several_attractors: {count: 0},
      orbits: {count: 0},
      landscape: {well_aligned: 2}
    });
    expect(summary.independent_tokens.share).toBe(1);
    expect(summary.aa_noise!.mean).toBeGreaterThan(0.9999);
    expect(summary.aa_swap!.mean).toBeGreaterThan(0.9999);
    const [first] = (await readResults(dir)).results;
    expect(first.tokens.map(({text}) => text).join("")).toBe("\n48+37=85"); // the answer's last token predicts nothing that is known
    expect(first.sequence.attractors).toMatchObject([
      {
        share: 1,
        period: 1,
        answer: "85\n",
        correct: true,
        starts: {"normal 1": 4, noise: 2, swap: 1, zero: 1, "normal 3": 2, "constant 1": 1}
      }
    ]);
    expect(first.tokens[0].gap).toHaveLength(25);
    for (const {rate, rate_ci, gap, noise_floor, reached_step} of first.tokens) {
      expect(rate_ci![0]).toBeLessThanOrEqual(rate!);
      expect(rate_ci![1]).toBeGreaterThanOrEqual(rate!);
      expect(gap.at(-1)).toBeLessThan(3 * noise_floor);
      expect(reached_step).toBeLessThan(24);
    }
  });

  it("gives the same bytes in any number of threads and with any number of starts in a pass", async () => {
    const folder = await temporaryFolder();
    await run(join(folder, "a"));
    await run(join(folder, "b"), requestOf(), {workers: 2, batch: 3});
    expect((await resultsIn(join(folder, "b"))).equals(await resultsIn(join(folder, "a")))).toBe(true);
    expect(await readFile(join(folder, "b", "summary.json"), "utf8")).toBe(await readFile(join(folder, "a", "summary.json"), "utf8"));
  });

  it("keeps states only of the prompts that were asked for, as a trace of the same trajectories", async () => {
    const dir = join(await temporaryFolder(), "experiment");
    await run(dir, requestOf({keep: [1]}));
    expect((await readdir(dir)).sort()).toEqual(["prompts.jsonl", "results.jsonl", "spec.json", "summary.json", "traces"]);
    expect(await readdir(join(dir, "traces"))).toEqual(["1"]);
    const trace = await openTrace(join(dir, "traces", "1"));
    const [, {tokens}] = (await readResults(dir)).results;
    const {data, width} = await trace.readSite("state", {steps: [0, 0], tokens: [2]});
    await trace.close();
    const gap = (a: Float32Array, b: Float32Array) =>
      Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0) / a.reduce((sum, x, i) => sum + (x * x + b[i] * b[i]) / 2, 0));
    const inits = Array.from({length: 4}, (_, i) => data.subarray(i * width, (i + 1) * width));
    const largest = Math.max(...inits.flatMap((a, i) => inits.slice(0, i).map((b) => gap(a, b))));
    expect(tokens[2].gap_largest[0]).toBeCloseTo(largest, 3);
  });

  it("says how far it is", async () => {
    const told: number[] = [];
    await run(join(await temporaryFolder(), "experiment"), requestOf(), {workers: 1, onProgress: ({finished}) => told.push(finished)});
    expect(told).toEqual([0, 1, 2, 3]);
  });

  it("goes on after a last line that was cut short, without running finished prompts again", async () => {
    const folder = await temporaryFolder();
    await run(join(folder, "whole"));
    const dir = join(folder, "cut");
    await cp(join(folder, "whole"), dir, {recursive: true});
    const whole = await resultsIn(dir);
    const firstLine = whole.indexOf("\n") + 1;
    await writeFile(join(dir, "results.jsonl"), whole.subarray(0, firstLine + 100));
    const told: number[] = [];
    await run(dir, requestOf(), {workers: 1, onProgress: ({finished}) => told.push(finished)});
    expect(told).toEqual([1, 2, 3]);
    expect((await resultsIn(dir)).equals(whole)).toBe(true);
  });

  it("keeps finished prompts when it is cancelled", async () => {
    const dir = join(await temporaryFolder(), "experiment");
    const abort = new AbortController();
    const cancelled = run(dir, requestOf(), {
      workers: 1,
      signal: abort.signal,
      onProgress: ({finished}) => finished === 1 && abort.abort(new Error("cancelled"))
    });
    await expect(cancelled).rejects.toThrow("cancelled");
    const {finished, live, summary} = await readExperiment(dir);
    expect(finished).toBeGreaterThanOrEqual(1);
    expect({live, summary}).toEqual({live: false, summary: null});
  });

  it.skipIf(!existsSync(periodTwo))("finds real cycles of period two, and their phases (needs ../shared/checkpoints)", async () => {
    const dir = join(await temporaryFolder(), "experiment");
    const text = "\nIn the beginning God created the heaven";
    const summary = await run(
      dir,
      requestOf({steps: 256, inits: 8, swaps: 0, noise: 4}, {model: periodTwo, prompts: [{prompt: text}, {prompt: "\n48+37="}]})
    );
    const [orbiting, settling] = (await readResults(dir)).results;
    const cycling = orbiting.tokens.filter(({period}) => period === 2);
    console.log(
      `${cycling.length} of ${orbiting.tokens.length} tokens on a cycle of period 2, ${cycling.filter(({phases}) => phases === 2).length} met at both phases; verdicts ${JSON.stringify(orbiting.tokens.map(({verdict}) => verdict[0]).join(""))}`
    );
    expect(cycling).toHaveLength(39); // as its makers measured: all but the first of 40
    expect(cycling.every(({phases, independent, reached}) => phases === 2 && independent && reached === 1)).toBe(true); // 12 random starts miss a phase once in 2,000 seeds
    expect(orbiting.sequence).toMatchObject({verdict: "independent", reached: 1, phases: 2, period: 2});
    expect(settling.tokens.every(({period, independent}) => period === 1 && independent)).toBe(true);
    expect(summary.orbits.count).toBe(cycling.length);
  });
});

describe.skipIf(!existsSync(mixed))("runExperiment on a model with both (needs ../shared/checkpoints)", () => {
  it("finds the 18 tokens that cycle, some by less than the tolerance, and the 22 that rest", async () => {
    const dir = join(await temporaryFolder(), "experiment");
    await run(dir, requestOf({steps: 128, swaps: 0}, {model: mixed, prompts: [{prompt: "\nIn the beginning God created the heaven"}]}));
    const [{tokens}] = (await readResults(dir)).results;
    expect(tokens.map(({period}) => period)).toEqual([...Array<number>(22).fill(1), ...Array<number>(18).fill(2)]);
  });
});

describe("an experiment's folder", () => {
  it("made with another model is refused with both names", async () => {
    const folder = await temporaryFolder();
    const other = join(folder, "other-model");
    await cp(shipped, other, {recursive: true});
    await run(join(folder, "e"));
    await expect(run(join(folder, "e"), requestOf({}, {model: other}))).rejects.toThrow(
      /^invalid experiment folder: .*e was made with model tiny-arithmetic \([0-9a-f]{12}\); expected other-model \([0-9a-f]{12}\)$/
    );
  });
  it("made with another option or other prompts is refused with both values", async () => {
    const dir = join(await temporaryFolder(), "e");
    await run(dir);
    await expect(run(dir, requestOf({steps: 25}))).rejects.toThrow("was made with steps 24; expected 25");
    await expect(run(dir, requestOf({scales: [0]}))).rejects.toThrow("was made with scales [0,3]; expected [0]");
    await expect(run(dir, requestOf({}, {prompts: [prompts[0]]}))).rejects.toThrow('was made with prompts {"count":3,');
  });
  it("that holds something else is refused, and left as it is", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "diary.txt"), "mine");
    await expect(run(dir)).rejects.toThrow("holds diary.txt and is no experiment");
    expect(await readdir(dir)).toEqual(["diary.txt"]);
  });
  it("that another process writes is refused", async () => {
    const dir = join(await temporaryFolder(), "e");
    await mkdir(dir);
    await writeFile(join(dir, "writer.json"), JSON.stringify({pid: 1, host: (await import("node:os")).hostname()}));
    await expect(run(dir)).rejects.toThrow("is being written by another process");
  });
  it("with a broken line among its results names the line, and gives the others", async () => {
    const dir = join(await temporaryFolder(), "e");
    await run(dir);
    await appendFile(join(dir, "results.jsonl"), '{"index": 3}\n');
    const {results, damage} = await readResults(dir);
    expect(results).toHaveLength(3);
    expect(damage).toEqual([expect.stringContaining("results.jsonl line 4: missing prompt")]);
  });
  it("with lines that cannot be read is mended: they alone are run again, and the files are as they were", async () => {
    const dir = join(await temporaryFolder(), "e");
    await run(dir);
    const files = ["results.jsonl", "summary.json"].map((name) => join(dir, name));
    const before = await Promise.all(files.map((file) => readFile(file)));
    const lines = before[0].toString().split("\n");
    await writeFile(files[0], ["{", lines[0], lines[2].replace("true", "false"), ""].join("\n")); // nobody's line, the first prompt's, no second's, a changed third
    await writeFile(files[1], "");
    expect(await readExperiment(dir)).toMatchObject({finished: 3, summary: null});
    expect((await readResults(dir)).results.map(({index}) => index)).toEqual([0]);
    await run(dir);
    for (const [i, file] of files.entries()) expect((await readFile(file)).equals(before[i]), file).toBe(true);
  });
  it.each(["", "{", "null", "[]", '{"prompts":3}', "tampered"])("works its summary out again where the file holds %j", async (text) => {
    const dir = join(await temporaryFolder(), "e");
    await writeExperiment(dir, 3);
    const {summary} = await readExperiment(dir);
    const path = join(dir, "summary.json");
    const whole = await readFile(path, "utf8");
    await writeFile(path, text === "tampered" ? whole.replace('"prompts": 3', '"prompts": 4') : text);
    expect(await readExperiment(dir)).toMatchObject({finished: 3, summary});
    expect(await readFile(path, "utf8")).toBe(whole);
  });
  it("is not made where the model cannot take a prompt, and the prompt is named", async () => {
    const dir = join(await temporaryFolder(), "e");
    await expect(run(dir, requestOf({}, {prompts: [prompts[0], {prompt: "1".repeat(2000)}]}))).rejects.toThrow(
      "invalid prompt 2: prompt too long: 2000 tokens; the model takes at most 1024"
    );
    await expect(run(dir, requestOf({keep: [9]}))).rejects.toThrow("invalid keep: 9; expected 0 to 2");
    expect(existsSync(dir)).toBe(false);
  });
});
