import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {patternsSchema} from "../../../api/contract/contract.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {encodeSafetensors} from "../../../capture/trace/safetensors.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {captureArgs} from "../../support/captureArgs.ts";
import {gaussianOf} from "../../support/gaussian.ts";
import {runCli, withoutProgress} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

describe("orrery analyze", () => {
  it("--json labels every trajectory of a run with its evidence", async () => {
    const {status, stdout, stderr} = await runCli(["analyze", exampleRun, "--json"]);
    expect([status, withoutProgress(stderr)]).toEqual([0, ""]);
    const {tokens, summary} = patternsSchema.parse(JSON.parse(stdout));
    expect(summary).toMatchObject({
      site: "state",
      steps: 65,
      inits: 4,
      tokens: 21,
      width: 96,
      precision: "float32",
      collapse: {collapsed: false, since: null}
    });
    expect(tokens).toHaveLength(84);
    expect(tokens[22]).toMatchObject({index: 1, init: 1, text: "4", pattern: "converging"}); // the shipped model settles everywhere
    expect(summary.counts).toMatchObject({converging: 84});
  });

  it("labels a bare file whose path is drawn: a circle of period 5 is an orbit of period 5", async () => {
    const [steps, width] = [60, 8];
    const state = new Float32Array(steps * width);
    for (let t = 0; t < steps; ++t) state.set([3, Math.cos((2 * Math.PI * t) / 5), Math.sin((2 * Math.PI * t) / 5)], t * width);
    const file = join(await temporaryFolder(), "circle.safetensors");
    await writeFile(file, encodeSafetensors({state: {shape: [steps, width], data: state}}));
    const {status, stdout} = await runCli(["analyze", file, "--json"]);
    expect(status).toBe(0);
    const {
      tokens: [token],
      summary
    } = patternsSchema.parse(JSON.parse(stdout));
    expect(summary).toMatchObject({steps, inits: 1, tokens: 1, width});
    expect(token.pattern).toBe("orbit");
    expect(token.period).toBeCloseTo(5, 2);
    // the published measures of a circle about (3, 0, 0): it comes back in whole turns and one pair of eigenvalues turns by 2π/5
    const {dmd, recurrence, two_scale_exit} = token.measures!;
    expect(two_scale_exit).toBeNull();
    expect(recurrence).toMatchObject({determinism: 1, laminarity: 0});
    expect(dmd).toHaveLength(2);
    expect(dmd[0][0]).toBeCloseTo(Math.cos((2 * Math.PI) / 5), 4);
    expect(dmd[0][1]).toBeCloseTo(Math.sin((2 * Math.PI) / 5), 4);
    expect(summary.exits!.map(({name, steps: at}) => [name, at])).toEqual([
      ["latent-diff", [null]],
      ["cosine", [null]],
      ["latent-acceleration", [null]]
    ]);
  });

  it("prints a period and its interval to two digits of the interval's width, and why a flip has none, once", async () => {
    const [steps, width] = [60, 8];
    const gaussian = gaussianOf(seededRandom(4));
    const state = new Float32Array(steps * 3 * width);
    for (let t = 0; t < steps; ++t) {
      const flip = (-1) ** t;
      const paths = [
        [3, Math.cos(1.2 * t), Math.sin(1.2 * t)],
        [3, flip],
        [3, 0, flip]
      ];
      paths.forEach((path, token) => {
        for (let k = 0; k < width; ++k) state[(t * 3 + token) * width + k] = (path[k] ?? 0) + 0.01 * gaussian();
      });
    }
    const file = join(await temporaryFolder(), "turning.safetensors");
    await writeFile(file, encodeSafetensors({state: {shape: [steps, 3, width], data: state}}));
    const {stdout} = await runCli(["analyze", file]);
    const [, period, low, high] = /token 0 .*period ([\d.]+) \[([\d.]+), ([\d.]+)\]/.exec(stdout)!.map(Number);
    expect([low < period, period < high, low < (2 * Math.PI) / 1.2, (2 * Math.PI) / 1.2 < high, high - low < 0.02]).toEqual(
      Array(5).fill(true)
    );
    const places = [low, high].map((end) => (String(end).split(".")[1] ?? "").length);
    expect(Math.max(...places)).toBe(1 - Math.floor(Math.log10(high - low))); // two digits of its width
    const flips = stdout.split("\n").filter((line) => line.includes("period 2 ("));
    expect(flips).toHaveLength(2);
    for (const line of flips) expect(line).toMatch(/, over steps \d+ to 59, period/);
    expect(stdout.match(/^\(\d\) no 95 % interval: it alternates.*$/gm)).toHaveLength(1);
  });

  it("says that tokens have become one another, and since which step", async () => {
    const [steps, tokens, width] = [20, 3, 8];
    const state = new Float32Array(steps * tokens * width);
    const axis = (k: number): number[] => Array.from({length: width}, (_, i) => Number(i === k));
    for (let t = 0; t < steps; ++t)
      for (let token = 0; token < tokens; ++token) state.set(axis(t < 6 ? token : 7), (t * tokens + token) * width);
    const file = join(await temporaryFolder(), "collapsed.safetensors");
    await writeFile(file, encodeSafetensors({state: {shape: [steps, tokens, width], data: state}}));
    const {summary} = patternsSchema.parse(JSON.parse((await runCli(["analyze", file, "--json"])).stdout));
    expect(summary.collapse).toMatchObject({collapsed: true, since: 6});
    expect(summary.collapse.correlation).toBeCloseTo(summary.collapse.most, 6);
    // three orthogonal states differ in two directions, equal ones in none; and one step can be named right of each of the two places
    expect(summary.measures).toMatchObject({
      tokens,
      state_rank: [[2, 2, 2, 2, 2, 2, ...Array<number>(14).fill(0)]],
      loop_index_decodability: {chance: 1 / steps}
    });
    expect(summary.measures!.loop_index_decodability!.accuracy.filter((share) => share === 1)).toHaveLength(2);
    expect((await runCli(["analyze", file])).stdout).toContain(
      "collapsed: the tokens have become one another since step 6, correlation 0.667 of at most 0.667\n"
    );
  });

  it("measures the jump from the loop to the coda where the run holds both sides", async () => {
    const run = join(await temporaryFolder(), "run");
    await runCli(captureArgs("--prompt", "1+2=", "--sites", "state,coda.0.out", "--out", run));
    const {tokens} = patternsSchema.parse(JSON.parse((await runCli(["analyze", run, "--json"])).stdout));
    const reader = await openTrace(run);
    const [normed, coda] = await Promise.all(["state_normed", "coda.0.out"].map((site) => reader.readSite(site, {tokens: [1]})));
    await reader.close();
    const at = (step: number): number[] => Array.from(normed.data.subarray(step * normed.width, (step + 1) * normed.width));
    const apart = (a: number[], b: ArrayLike<number>): number => Math.hypot(...a.map((x, k) => x - b[k]));
    const meanStep = [1, 2, 3, 4].reduce((sum, step) => sum + apart(at(step), at(step - 1)), 0) / 4;
    expect(tokens[1].measures!.depth_loop_ratio).toBeCloseTo(apart(at(4), coda.data.subarray(4 * coda.width)) / meanStep, 4);
  });

  it("--witness asks the model about each label, of every initial state; without it only what was computed before", async () => {
    const run = join(await temporaryFolder(), "run");
    await runCli(["capture", "--model", "tiny-arithmetic", "--prompt", "1+2=", "--steps", "24", "--inits", "2", "--out", run]);
    const {tokens} = patternsSchema.parse(JSON.parse((await runCli(["analyze", run, "--witness", "--json"])).stdout));
    expect(tokens.map(({pattern, witness}) => [pattern, witness?.opinion])).toEqual(Array(8).fill(["converging", "agrees"]));
    for (const {rate, witness} of tokens) if (rate !== null) expect(Math.abs(rate - witness!.radius)).toBeLessThan(0.1);
    expect(tokens[3].witness!.radius).toBe(Math.max(...tokens.slice(0, 4).map(({witness}) => witness!.radius)));
    const {stdout} = await runCli(["analyze", run, "--witness"]);
    expect(stdout.match(/, witness agrees: leading eigenvalue of modulus 0\.\d{3}: inside the unit circle/g)).toHaveLength(8);
    expect((await runCli(["analyze", run])).stdout).not.toContain("witness");
  });

  it.each([
    ["a bare file", [join(exampleRun, "states.safetensors")], /^invalid target: .*; --witness needs a run, whose model it asks\n$/],
    ["another site", [exampleRun, "--site", "state_normed"], /^invalid site: state_normed; --witness is of state\n$/]
  ])("refuses a witness of %s", async (_what, target, message) => {
    expect(await runCli(["analyze", ...target, "--witness"])).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringMatching(message)
    });
  });

  it("claims nothing from two states", async () => {
    const steps = 2;
    const file = join(await temporaryFolder(), "short.safetensors");
    await writeFile(file, encodeSafetensors({state: {shape: [steps, 1, 2, 3], data: Float32Array.from({length: steps * 6}, (_, i) => i)}}));
    const {status, stdout} = await runCli(["analyze", file, "--json"]);
    expect(status).toBe(0);
    const {tokens} = patternsSchema.parse(JSON.parse(stdout));
    expect(tokens.map(({pattern, not_converging}) => [pattern, not_converging])).toEqual(
      Array(2).fill(["unsettled", "2 states; 4 needed"])
    );
    expect((await runCli(["analyze", file])).stdout.match(/: unsettled, q 1, not converging: 2 states; 4 needed/g)).toHaveLength(2);
  });

  it.each([
    ["--axes", "step,token,width"],
    ["--array", "state"]
  ])("refuses %s of a run, which nothing would come of", async (option, value) => {
    expect(await runCli(["analyze", exampleRun, option, value])).toEqual({
      status: 2,
      stdout: "",
      stderr: `invalid ${option}: ${exampleRun} is a run, whose arrays and axes are known; ${option} is of a bare file\n`
    });
  });

  it.each([
    ["a file that is no array file", "notes.txt", "an unknown kind of file; expected safetensors, .npy, .npz or Parquet"],
    ["nothing", "none", "unknown run: "]
  ])("ends with 1 and one line for %s", async (_what, name, message) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "notes.txt"), "these are some notes");
    const {status, stdout, stderr} = await runCli(["analyze", join(folder, name)]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});
