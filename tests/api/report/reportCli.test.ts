import {readFile, rm, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {runCli} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {writeReportTrace} from "./reportTrace.ts";

describe("orrery report and orrery import", () => {
  it("writes a run's report, and gives back its summary", async () => {
    const out = join(await temporaryFolder(), "report.html");
    const made = await runCli(["report", exampleRun, "--out", out, "--json"]);
    expect(made).toMatchObject({status: 0, stderr: ""});
    expect(JSON.parse(made.stdout)).toEqual({
      report: out,
      kind: "run",
      title: "A sum and a parity",
      status: "complete",
      bytes: (await stat(out)).size
    });
    const read = await runCli(["import", out, "--json"]);
    expect(read.status).toBe(0);
    const {format, summary, command} = JSON.parse(read.stdout) as {
      format: string;
      summary: {title: string; tokens: number; sentences: string[]};
      command: string;
    };
    expect({format, title: summary.title, tokens: summary.tokens}).toEqual({format: "report", title: "A sum and a parity", tokens: 21});
    expect(command).toMatch(
      /^orrery capture --model tiny-arithmetic --prompt \$'\\n48\+37=85\\npar 1011=1\\n' --steps 64 --inits 4 --seed 0$/
    );
    expect((await runCli(["import", out])).stdout.split("\n")).toEqual(["A sum and a parity", ...summary.sentences, command, ""]);
  });

  it("says that a run is partial, on stderr too", async () => {
    const dir = await temporaryFolder();
    await writeReportTrace(join(dir, "run"), {last: 9});
    const {status, stdout, stderr} = await runCli(["report", join(dir, "run"), "--out", join(dir, "r.html")]);
    expect(status).toBe(0);
    expect(stderr).toBe("Partial run: stopped at step 9 of 64 (killed). What follows is about the steps that exist.\n");
    expect(stdout).toMatch(/bytes, partial\n$/);
  });

  it("refuses in one line: a folder that is neither, a name that is taken, a report without its run's model for --spectrum", async () => {
    const dir = await temporaryFolder();
    await writeReportTrace(join(dir, "run"), {steps: 8});
    await writeFile(join(dir, "taken.html"), "mine");
    expect(await runCli(["report", dir, "--out", join(dir, "r.html")])).toMatchObject({
      status: 1,
      stdout: "",
      stderr: `unknown folder: ${dir}; expected a run (trace.json), an experiment (spec.json) or a census (census.json)\n`
    });
    expect(await runCli(["report", join(dir, "run"), "--out", join(dir, "taken.html")])).toMatchObject({
      status: 1,
      stderr: `invalid output: ${join(dir, "taken.html")} is there already; expected a new name\n`
    });
    expect(await readFile(join(dir, "taken.html"), "utf8")).toBe("mine");
    expect(await runCli(["report", join(dir, "run"), "--out", join(dir, "r.html"), "--spectrum"])).toMatchObject({
      status: 1,
      stderr: "unknown model: small; name its folder with --model\n"
    });
    expect(await runCli(["import", join(dir, "taken.html"), "--out", join(dir, "x")])).toMatchObject({status: 1});
  });

  it("import of a report takes no --out, and anything else needs one", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "r.html"), "<!doctype html><p>no report");
    expect(await runCli(["import", join(dir, "r.html")])).toMatchObject({
      status: 1,
      stderr: `not a report: ${join(dir, "r.html")} has no element #report-data\n`
    });
    expect(await runCli(["import", join(dir, "r.html"), "--out", "x"])).toMatchObject({
      status: 2,
      stderr: "invalid --out: x; a report holds no states, so its summary is printed\n"
    });
    expect(await runCli(["import", exampleRun])).toMatchObject({status: 2, stderr: "missing --out; expected the trace folder to make\n"});
  });

  it("includes the spectrum that is asked for", async () => {
    const dir = await temporaryFolder();
    const run = join(dir, "run");
    expect(
      (await runCli(["capture", "--model", "tiny-arithmetic", "--prompt", "1+2=", "--steps", "12", "--inits", "1", "--out", run])).status
    ).toBe(0);
    expect((await runCli(["report", run, "--out", join(dir, "r.html"), "--spectrum"])).status).toBe(0);
    const page = await readFile(join(dir, "r.html"), "utf8");
    expect(page.includes('<figure id="fig-spectrum">')).toBe(true);
    expect(page).toContain("the model’s own step");
    expect(page.match(/agrees: leading eigenvalue of modulus 0\.\d+: inside the unit circle/g)!.length).toBeGreaterThanOrEqual(4);
    expect(page.includes('<figure id="fig-gaps">')).toBe(false); // one initial state has no gap
  });

  it("reports an experiment, and says of one that was cut short how far it came", async () => {
    const dir = await temporaryFolder();
    const experiment = join(dir, "experiment");
    await writeFile(join(dir, "prompts.jsonl"), ['{"prompt": "1+2=", "answer": "3"}', '{"prompt": "</script><b>4+4="}', ""].join("\n"));
    expect(
      (
        await runCli([
          "paths",
          "--model",
          "tiny-arithmetic",
          "--prompts",
          join(dir, "prompts.jsonl"),
          "--inits",
          "4",
          "--steps",
          "16",
          "--title",
          "Two sums",
          "--out",
          experiment
        ])
      ).status
    ).toBe(0);
    expect(await runCli(["report", experiment, "--out", join(dir, "whole.html")])).toMatchObject({status: 0, stderr: ""});
    const whole = await readFile(join(dir, "whole.html"), "utf8");
    expect(whole.includes("<b>4+4=")).toBe(false);
    const {summary} = JSON.parse((await runCli(["import", join(dir, "whole.html"), "--json"])).stdout) as {
      summary: Record<string, unknown>;
    };
    expect(summary).toMatchObject({kind: "experiment", title: "Two sums", status: "complete", prompts: 2, inits: 4, steps: 16});

    const results = await readFile(join(experiment, "results.jsonl"), "utf8");
    await writeFile(join(experiment, "results.jsonl"), results.slice(0, results.indexOf("\n") + 1));
    await rm(join(experiment, "summary.json"));
    const partial = await runCli(["report", experiment, "--out", join(dir, "part.html")]);
    expect(partial).toMatchObject({status: 0, stderr: "Partial experiment (1 of 2 prompts). What follows is about the 1 finished.\n"});
    expect((await readFile(join(dir, "part.html"), "utf8")).split("\n")[0]).toContain("partial");
    await writeFile(join(experiment, "results.jsonl"), "");
    expect(await runCli(["report", experiment, "--out", join(dir, "none.html")])).toMatchObject({
      status: 1,
      stderr: `invalid experiment: ${experiment} has no finished prompt; expected at least one\n`
    });
  });
});
