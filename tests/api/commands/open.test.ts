import {chmod, cp, mkdir, readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {npyHeader} from "../../../api/exchange/npyHeader.ts";
import {runSchema} from "../../../api/contract/contract.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {runCli, startCli} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const report = fileURLToPath(new URL("../../../fixtures/reports/column-of-sums.html", import.meta.url));
const LINK = /http:\/\/127\.0\.0\.1:\d+\/\?\S+/;

const npy = (shape: readonly number[]): Buffer => {
  const data = Float32Array.from({length: shape.reduce((a, b) => a * b, 1)}, (_, i) => Math.sin(i));
  return Buffer.concat([npyHeader({dtype: "F32", shape}), new Uint8Array(data.buffer)]);
};

/** Starts what serves the page and gives the link that it printed. */
async function opened(args: readonly string[], cwd: string, env?: Readonly<Record<string, string>>) {
  const running = startCli(["open", "--port", "0", ...args], {cwd, env});
  return {running, link: new URL(LINK.exec(await running.until("\n"))![0])};
}

async function runAt(link: URL) {
  return runSchema.parse(await (await fetch(new URL(`/api/runs/${link.searchParams.get("run")}`, link))).json());
}

describe("orrery open", () => {
  it("imports a file, named after it, and serves the page; a second one uses the server that is there", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "my walk.npy"), npy([9, 3, 8]));
    const {running, link} = await opened(["--no-browser", "my walk.npy", "--axes", "step,init,width"], cwd);
    const {summary, trace} = await runAt(link);
    expect(summary).toMatchObject({title: "my walk", inits: 3, tokens: 1, steps: 8});
    expect(trace.imported).toMatchObject({format: "npy", file: "my walk.npy"});

    await cp(exampleRun, join(cwd, "elsewhere"), {recursive: true});
    const second = await runCli(["open", "--no-browser", "elsewhere", "--json"], {cwd});
    expect(second).toMatchObject({status: 0, stderr: ""});
    const answer = JSON.parse(second.stdout) as {link: string; runs: string[]};
    expect(new URL(answer.link).origin).toBe(link.origin);
    expect((await runAt(new URL(answer.link))).summary).toMatchObject({id: answer.runs[0], title: "A sum and a parity", example: false});

    const again = await runCli(["open", "--no-browser", join("runs", answer.runs[0])], {cwd});
    expect(again).toEqual({status: 0, stderr: "", stdout: `${answer.link}\n`}); // it is there: nothing is imported
    expect((await readdir(join(cwd, "runs"))).filter((name) => !name.startsWith("."))).toHaveLength(2);
    running.process.kill("SIGTERM");
    expect(await running.end).toMatchObject({status: 0});
  });

  it("opens a run by its name in the system's browser", async () => {
    const cwd = await temporaryFolder();
    await mkdir(join(cwd, "bin"));
    const browser = join(cwd, "bin", "xdg-open");
    await writeFile(browser, `#!/bin/sh\nprintf %s "$1" > "${join(cwd, "asked")}"\n`);
    await chmod(browser, 0o755);
    const env = {PATH: `${join(cwd, "bin")}:${process.env.PATH}`, DISPLAY: ":0"};
    const {link} = await opened(["sum-and-parity"], cwd, env);
    expect(link.search).toBe("?run=sum-and-parity");
    if (process.platform === "linux")
      await expect.poll(() => readFile(join(cwd, "asked"), "utf8").catch(() => ""), {timeout: 10_000}).toBe(link.href);
  });

  it("shows a report as it is, without a server", async () => {
    const cwd = await temporaryFolder();
    const {status, stdout} = await runCli(["open", "--no-browser", report], {cwd});
    expect([status, stdout]).toEqual([0, `${new URL(`file://${report}`).href}\n`]);
    expect(await readdir(cwd)).toEqual([]);
  });

  it("tells a run whose name no address can have how to open it, in a list as well; a verb takes that name", async () => {
    const cwd = await temporaryFolder();
    await cp(exampleRun, join(cwd, "runs", "my\nrun"), {recursive: true});
    const line = "invalid name of a run's folder: \"my\\nrun\"; expected letters, digits, '.', '_' and '-', at most 128: rename it\n";
    for (const path of ["my\nrun", "runs/my\nrun"])
      expect(await runCli(["open", "--no-browser", path], {cwd})).toEqual({status: 1, stdout: "", stderr: line});
    expect((await runCli(["runs"], {cwd})).stdout).toContain(`my run: cannot be read: ${line}`);
    expect((await runCli(["analyze", "my\nrun"], {cwd})).stdout).toContain("\n84 converging, ");
  });

  it("refuses what is no run in one line, and keeps nothing of it", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "x.npy"), "nothing");
    await writeFile(join(cwd, "y.npy"), npy([9, 3, 8]));
    await writeFile(join(cwd, "z.html"), "<!doctype html><p>a page");
    const refused = async (...args: string[]) => {
      const {status, stdout, stderr} = await runCli(["open", "--no-browser", "--port", "0", ...args], {cwd});
      return [status, stdout, stderr];
    };
    expect(await refused("sum-and-party")).toEqual([
      1,
      "",
      expect.stringMatching(/^no such file: sum-and-party; nor a run in .*did you mean sum-and-parity.*\n$/)
    ]);
    expect(await refused("x.npy")).toEqual([1, "", expect.stringMatching(/^[^\n]*x\.npy: an unknown kind of file; [^\n]*\n$/)]);
    expect(await refused("y.npy", "--axes", "step,width")).toEqual([
      1,
      "",
      expect.stringMatching(/^[^\n]*invalid axes: step,width for \[9, 3, 8\][^\n]*\n$/)
    ]);
    expect(await refused("z.html")).toEqual([1, "", expect.stringMatching(/^not a report: [^\n]*z\.html[^\n]*\n$/)]);
    expect((await readdir(join(cwd, "runs"))).filter((name) => !name.startsWith("."))).toEqual([]);
  });
});
