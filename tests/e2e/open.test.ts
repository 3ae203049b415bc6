import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {zipSync} from "fflate";
import type {Page} from "playwright-core";
import {describe, expect, it} from "vitest";
import {exportRun} from "../../api/exchange/exportRun.ts";
import {npyHeader} from "../../api/exchange/npyHeader.ts";
import {openTrace} from "../../capture/trace/reader.ts";
import {exampleRun} from "../../fixtures/makeExampleRun.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {startServer} from "../support/startServer.ts";
import {temporaryFolder} from "../support/temporaryFolder.ts";

const report = fileURLToPath(new URL("../../fixtures/reports/column-of-sums.html", import.meta.url));

const npy = (shape: readonly number[]): Buffer => {
  const data = Float32Array.from({length: shape.reduce((a, b) => a * b, 1)}, (_, i) => Math.sin(i));
  return Buffer.concat([npyHeader({dtype: "F32", shape}), new Uint8Array(data.buffer)]);
};

describe.skipIf(!chromiumPath)("files of one's own", () => {
  const bench = useBench();

  /** The page with the dialog open and a file chosen in it; every answer that is a refusal is noted. */
  async function choosing(path: string): Promise<{page: Page; failed: string[]}> {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?runs`);
    const failed: string[] = [];
    page.on("response", (response) => response.status() >= 400 && failed.push(`${response.status()} ${response.url()}`));
    await page.getByRole("button", {name: "Open …", exact: true}).click();
    await page.getByLabel("File, or all files of a trace folder").setInputFiles(path);
    await page.getByRole("button", {name: "Open", exact: true}).click();
    return {page, failed};
  }

  it("an array whose axes are not certain is asked about; its run has its file's name, and says that there is no model", async () => {
    const path = join(await temporaryFolder(), "my walk.npy");
    await writeFile(path, npy([40, 3, 8]));
    const {page, failed} = await choosing(path);
    const axes = page.getByLabel("The file does not say what the axes of state [40, 3, 8] are:");
    await axes.waitFor();
    const open = page.getByRole("button", {name: "Open", exact: true});
    expect(await open.isDisabled()).toBe(true);
    await axes.selectOption("step 40 × init 3 × width 8");
    await open.click();
    await page.getByRole("heading", {name: "my walk"}).waitFor();
    await page.getByText("No readout: it takes the model, and this run came as a file without one.").waitFor();
    await page.getByText("init 1 of 3").waitFor();
    await page.getByText("Spectrum at the last state").click();
    await page.getByText("No spectrum: it takes the model").waitFor();
    await page.locator(".verdict").waitFor();
    expect(failed).toEqual([]);
  });

  it("of several arrays it asks which holds the states, and then for its axes", async () => {
    const path = join(await temporaryFolder(), "two.npz");
    await writeFile(path, zipSync({"before.npy": npy([40, 8]), "after.npy": npy([40, 3, 8])}));
    const {page, failed} = await choosing(path);
    await page.getByLabel("The file holds several arrays: which one holds the states?").selectOption("after");
    await page.getByRole("button", {name: "Open", exact: true}).click();
    await page.getByLabel("The file does not say what the axes of after [40, 3, 8] are:").selectOption("step 40 × token 3 × width 8");
    await page.getByRole("button", {name: "Open", exact: true}).click();
    await page.getByRole("heading", {name: "two"}).waitFor();
    await expect.poll(() => page.getByRole("listbox", {name: "Tokens of the prompt"}).getByRole("option").count()).toBe(3);
    expect(failed).toEqual([]);
  });

  it("a Parquet table is a run at once", async () => {
    const path = join(await temporaryFolder(), "table.parquet");
    const reader = await openTrace(exampleRun);
    await exportRun(reader, {format: "parquet", out: path, components: 8});
    await reader.close();
    const {page, failed} = await choosing(path);
    await page.getByRole("heading", {name: "table"}).waitFor();
    await page.locator(".verdict").waitFor();
    expect(failed).toEqual([]);
  });

  it("a report says what it found, and how its run is made again", async () => {
    const {page, failed} = await choosing(report);
    const says = page.getByRole("region", {name: "The report"});
    await says
      .getByText(/trajectories/)
      .first()
      .waitFor();
    expect(await says.locator("pre").textContent()).toContain("orrery capture");
    expect(failed).toEqual([]);
  });
});
