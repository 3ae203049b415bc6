import {spawnSync} from "node:child_process";
import {rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {runSchema} from "../../../api/contract/contract.ts";
import {ownRuns} from "../../../api/http/ownRuns.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {builtPath, root} from "../../support/builtPath.ts";
import {errorOf} from "../../support/responses.ts";
import {runCli} from "../../support/runCli.ts";
import {canMount, fillDisk, freeDisk, makeReadOnly, smallDisk, treeOf} from "../../support/smallDisk.ts";
import {isOver, startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const full = /^no space left on the device \(ENOSPC\): [^\s~]+/;

describe.runIf(canMount)("a full disk (needs root, to mount a small one)", () => {
  it("in mid-capture: the run is sealed partial, the job says so, and it can be removed", async () => {
    const disk = await smallDisk(12);
    const server = await startServer({runs: join(disk, "runs")});
    const job = await server.capture({steps: 4096});
    await server.until(job, ({step}) => step >= 20);
    await fillDisk(disk);
    const end = await server.until(job, isOver);
    expect([end.status, end.error]).toEqual(["failed", expect.stringMatching(full)]);
    const {summary} = runSchema.parse(await (await server.get(`/api/runs/${job.run}`)).json());
    expect(summary).toMatchObject({status: "partial", live: false, stopped: expect.stringMatching(full)});
    expect(summary.steps_written).toBeGreaterThanOrEqual(20);
    const dir = join(server.runs, job.run);
    expect((await treeOf(dir)).filter((name) => name !== "texts.json")).toEqual([
      "readout.safetensors",
      "states.safetensors",
      "trace.json"
    ]);
    for (const name of ["states.safetensors", "readout.safetensors"]) await (await openSafetensors(join(dir, name))).close(); // whole for any reader
    const reader = await openTrace(dir);
    expect((await reader.readSite("state")).steps).toBe(summary.steps_written + 1);
    expect((await reader.readReadout())!.entropy.shape[0]).toBe(summary.steps_written + 1);
    await reader.close();
    expect((await server.send("DELETE", `/api/runs/${job.run}`)).status).toBe(204);
    await freeDisk(disk);
    const next = await server.until(await server.capture({steps: 3}), isOver);
    expect(next).toMatchObject({status: "complete", error: null});
  });

  it("analyses answer without keeping, changes and exports say so, and nothing is left behind", async () => {
    const disk = await smallDisk(12);
    const server = await startServer({runs: join(disk, "runs")});
    const {run} = await server.until(await server.capture({steps: 40}), isOver);
    const before = await treeOf(server.runs);
    await fillDisk(disk);
    for (const question of ["metrics", "patterns", "labels", "projection"])
      expect([question, (await server.get(`/api/runs/${run}/${question}`)).status]).toEqual([question, 200]);
    expect((await server.get(`/api/runs/${run}/metrics`)).status).toBe(200);
    expect((await server.get("/api/runs")).status).toBe(200);
    for (const format of ["npz", "safetensors"]) {
      const whole = await server.get(`/api/runs/${run}/export?format=${format}`); // needs no disk
      expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, Number(whole.headers.get("content-length"))]);
    }
    expect(await errorOf(await server.get(`/api/runs/${run}/export?format=csv`))).toEqual([507, expect.stringMatching(full)]);
    expect(await errorOf(await server.send("PATCH", `/api/runs/${run}`, {title: "another"}))).toEqual([507, expect.stringMatching(full)]);
    const refused = await errorOf(await server.send("POST", "/api/captures", {model: "tiny-arithmetic", prompt: "1"}));
    expect(refused).toEqual([507, expect.stringMatching(full)]);
    const after = (await treeOf(server.runs)).filter((path) => !["analysis", ".scratch", ".queue"].some((part) => path.includes(part)));
    expect(after).toEqual(before.filter((path) => !path.includes(".queue")));
    expect((await treeOf(server.runs)).filter((path) => path.includes("~") || /analysis\/./.test(path))).toEqual([]);
    await freeDisk(disk);
    expect((await server.get(`/api/runs/${run}/export?format=npz`)).status).toBe(200);
  });

  it("an import and an export in the shell fail in one line, and leave nothing", async () => {
    const disk = await smallDisk(4);
    await fillDisk(disk);
    const npz = join(await temporaryFolder(), "run.npz");
    expect((await runCli(["export", exampleRun, "--format", "npz", "--out", npz])).status).toBe(0);
    for (const args of [
      ["import", npz, "--out", join(disk, "run")],
      ["export", exampleRun, "--format", "csv", "--out", join(disk, "table.csv")]
    ]) {
      const {status, stdout, stderr} = await runCli(args);
      expect([status, stdout, stderr.trim()]).toEqual([
        1,
        "",
        expect.stringMatching(/^(no space left on the device \(ENOSPC\)|too little disk): /)
      ]);
    }
    expect(await treeOf(disk)).toEqual([".ballast"]);
  });

  it("a training and a census in the shell fail in one line, and leave no empty folder", async () => {
    const disk = await smallDisk(4);
    await fillDisk(disk);
    const folder = await temporaryFolder();
    const [recipe, prompts] = [join(folder, "recipe.json"), join(folder, "prompts.jsonl")];
    await writeFile(recipe, JSON.stringify({task: "clock", updates: 1}));
    await writeFile(prompts, JSON.stringify({prompt: "1"}));
    for (const args of [
      ["train", recipe, "--out", join(disk, "training")],
      ["census", "--model", "tiny-arithmetic", "--prompts", prompts, "--steps", "8", "--out", join(disk, "census")]
    ]) {
      const {status, stderr} = await runCli(args);
      expect([status, stderr.trim().split("\n").at(-1)]).toEqual([1, expect.stringMatching(full)]);
    }
    expect(await treeOf(disk)).toEqual([".ballast"]);
  });

  it("an experiment fails in one line, keeps its finished prompts, and goes on when there is room", async () => {
    const disk = await smallDisk(4);
    const server = await startServer({runs: join(await temporaryFolder(), "runs"), experiments: join(disk, "experiments")});
    const prompts = Array.from({length: 6}, (_, i) => ({prompt: `\n${i}+1=`}));
    const order = {model: "tiny-arithmetic", prompts, steps: 8, inits: 2, noise: 0, swaps: 0, scales: [], constants: [], resamples: 100};
    await fillDisk(disk);
    const {id} = (await (await server.send("POST", "/api/experiments", order)).json()) as {id: string};
    const stateOf = async () =>
      ((await (await server.get(`/api/experiments/${id}`)).json()) as {experiment: {status: string; error: string}}).experiment;
    await expect.poll(async () => (await stateOf()).status).toBe("failed");
    expect((await stateOf()).error).toMatch(full);
  });

  it("an experiment whose summary has no room fails in one line, and is whole when there is room", async () => {
    const disk = await smallDisk(4);
    const [dir, prompts] = [join(disk, "experiment"), join(await temporaryFolder(), "prompts.jsonl")];
    await writeFile(prompts, JSON.stringify({prompt: "1"}));
    const args = [
      "paths",
      "--model",
      "tiny-arithmetic",
      "--prompts",
      prompts,
      "--steps",
      "8",
      "--inits",
      "2",
      "--resamples",
      "100",
      "--out",
      dir
    ];
    expect((await runCli(args)).status).toBe(0);
    await rm(join(dir, "summary.json"));
    await fillDisk(disk);
    const {status, stdout, stderr} = await runCli(args);
    expect([status, stdout, stderr.trim().split("\n").at(-1)]).toEqual([1, "", expect.stringMatching(full)]);
    await freeDisk(disk);
    expect((await runCli(args)).status).toBe(0);
    expect(await treeOf(dir)).toContain("summary.json");
  });

  it("stdout is a full disk, too: one line, and status 1", async () => {
    for (const verb of ["models", "--help"]) {
      const {status, stderr} = spawnSync(
        "sh",
        ["-c", `"$0" "$1" ${verb} > /dev/full`, process.execPath, builtPath(join(root, "api/cli.ts"))],
        {
          encoding: "utf8"
        }
      );
      expect([status, stderr]).toEqual([1, "invalid output: no space left on the device (ENOSPC)\n"]);
    }
  });

  it("a read-only one is told by whatever would write to it", async () => {
    const disk = await smallDisk(12);
    const server = await startServer({runs: join(disk, "runs")});
    const {run} = await server.until(await server.capture({steps: 3}), isOver);
    makeReadOnly(disk);
    const readOnly = [500, expect.stringMatching(/^the file system is read-only \(EROFS\): [^\s~]+$/)];
    const model = "tiny-arithmetic";
    const orders = {
      captures: {model, prompt: "1"},
      experiments: {model, prompts: [{prompt: "1"}], steps: 8, inits: 2},
      censuses: {model, prompts: ["1"], steps: 8},
      evaluations: {model, task: "arithmetic", limit: 1, steps: [1]},
      trainings: {recipe: {task: "clock", updates: 1}}
    };
    for (const [kind, order] of Object.entries(orders))
      expect([kind, ...(await errorOf(await server.send("POST", `/api/${kind}`, order)))]).toEqual([kind, ...readOnly]);
    expect(await errorOf(await server.send("DELETE", `/api/runs/${run}`))).toEqual(readOnly);
    const {status, stderr} = await runCli(["capture", "--model", model, "--prompt", "1", "--out", join(disk, "run")]);
    expect([status, stderr]).toEqual([1, `the file system is read-only (EROFS): ${join(disk, "run")}\n`]);
  });

  it("runs on a read-only one are exported as tables, too", async () => {
    const disk = await smallDisk(12);
    const server = await startServer({runs: join(disk, "runs")});
    const {run} = await server.until(await server.capture({steps: 3}), isOver);
    makeReadOnly(disk);
    for (const format of ["csv", "parquet", "parquet-wide", "atlas", "projector"])
      expect([format, (await server.get(`/api/runs/${run}/export?format=${format}`)).status]).toEqual([format, 200]);
  });

  it("a server whose runs folder has become read-only says at its end, in one line, what stays there", async () => {
    const disk = await smallDisk(1);
    const lines: string[] = [];
    const lease = await ownRuns(disk, {address: "http://127.0.0.1:1/", log: (line) => lines.push(line)});
    makeReadOnly(disk);
    await lease!.release();
    expect(lines).toEqual([expect.stringMatching(/^\.server\.json stays in \S+: the file system is read-only \(EROFS\): \S+$/)]);
  });
});

it.skipIf(canMount)("a full disk is not tried here: mounting a small one needs root on Linux", () => {});
