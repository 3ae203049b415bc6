import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {runCli} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

describe("orrery project", () => {
  it("writes points and explained variance, the same as the page gets", async () => {
    const out = join(await temporaryFolder(), "points.safetensors");
    const {status, stdout} = await runCli(["project", exampleRun, "--dims", "3", "--out", out, "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({out, method: "pca", fit: "all", site: "state", shape: [65, 4, 21, 3]});
    const file = await openSafetensors(out);
    const explained = await file.readFloats("explained");
    expect(file.tensors.get("points")!.shape).toEqual([65, 4, 21, 3]);
    expect(explained[0]).toBeGreaterThan(explained[1]);
    await file.close();
  });

  it("writes a table with a row for each point", async () => {
    const out = join(await temporaryFolder(), "points.csv");
    expect((await runCli(["project", exampleRun, "--fit", "chosen", "--tokens", "6", "--out", out])).status).toBe(0);
    const text = await readFile(out, "utf8");
    expect(text.startsWith('step,init,token,text,beyond_trained,x1,x2\n0,0,0,"\n",0,')).toBe(true); // the first token is a line break
    expect(text.match(/^\d+,\d+,\d+,/gm)).toHaveLength(65 * 4 * 21);
  });
});
