import {cp, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {openTrace, readTrace} from "../../../capture/trace/reader.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

/** Written by the last program of schema 1: `orrery capture --model tiny-arithmetic --prompt 1+2= --steps 4 --inits 2 --sites core.0.out,prelude.0.out,coda.0.out --top 3`. */
const committed = join(import.meta.dirname, "../../../fixtures/traces/version-1");

describe("a trace of schema 1", () => {
  it("opens as one of schema 2, with what its site names told as data", async () => {
    const trace = await readTrace(committed);
    expect(trace).toMatchObject({
      schema: "orrery-trace/2",
      status: "complete",
      family: null,
      trained_steps: 8,
      injects_input: true,
      state_parts: [{name: "state", width: 96}],
      norm: {kind: "rms", weight: "ln_f", eps: 1e-6},
      scalars: [],
      readout: {lens: "coda", top: 3}
    });
    expect(trace.sites).toEqual([
      {name: "state", phase: "step", first_step: 0, width: 96, per_init: true},
      {name: "core.0.out", phase: "step", first_step: 1, width: 96, per_init: true},
      {name: "prelude.0.out", phase: "before", first_step: 0, width: 96, per_init: false},
      {name: "coda.0.out", phase: "read", first_step: 0, width: 96, per_init: true}
    ]);
  });

  it("gives its states, from the step at which each site begins, and no texts", async () => {
    const reader = await openTrace(committed);
    expect(reader.sites).toEqual(["state", "core.0.out", "coda.0.out", "state_normed"]);
    expect(reader.extentOf("core.0.out")).toEqual({firstStep: 1, lastStep: 4, width: 96});
    expect(reader.extentOf("coda.0.out")).toEqual({firstStep: 0, lastStep: 4, width: 96});
    const {data} = await reader.readSite("state_normed", {steps: [4, 4]});
    expect(Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length)).toBeGreaterThan(0.1);
    expect((await reader.readReadout(["top_ids"]))?.top_ids.shape).toEqual([5, 2, 4, 3]);
    expect(await reader.readTexts()).toBeUndefined();
    await reader.close();
  });

  it.each(["orrery-trace/3", "orrery-trace/0", "other"])(
    "is told from one of schema %s, which is refused with what is read",
    async (schema) => {
      const dir = join(await temporaryFolder(), "run");
      await cp(committed, dir, {recursive: true});
      const json = JSON.parse(await readFile(join(dir, "trace.json"), "utf8")) as object;
      await writeFile(join(dir, "trace.json"), JSON.stringify({...json, schema}));
      await expect(openTrace(dir)).rejects.toThrow(
        `unsupported trace: ${join(dir, "trace.json")} has schema ${schema}; this program reads orrery-trace/1 and orrery-trace/2`
      );
    }
  );
});
