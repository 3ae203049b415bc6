import {readFile, rename} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Download, Locator, Page} from "playwright-core";
import {describe, expect, it} from "vitest";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {isOver, useServer} from "../support/startServer.ts";

const examples = fileURLToPath(new URL("../../fixtures/runs", import.meta.url));

describe.skipIf(!chromiumPath)("what leaves the page", () => {
  const bench = useBench();
  const place = useServer(
    () => ({page: bench.page, examples}),
    async ({capture, until}) => {
      const captured = async (title: string, order: object): Promise<string> =>
        (await until(await capture({title, prompt: "48+37=", steps: 32, inits: 2, ...order}), isOver)).run;
      return {run: await captured("settled", {}), scaled: await captured("scaled", {steps: 6, init: {kind: "normal", scale: 3}})};
    }
  );
  const open = async (query: string): Promise<Page> => openPage(bench.browser, `${place.server.url}/${query}`);

  async function saved(page: Page, press: () => Promise<void>): Promise<{name: string; text: string}> {
    const [download] = await Promise.all([page.waitForEvent("download") as Promise<Download>, press()]);
    return {name: download.suggestedFilename(), text: await readFile(await download.path(), "latin1")};
  }
  const fromMenu = (page: Page, button: RegExp, item: string) =>
    saved(page, async () => {
      await page.getByRole("button", {name: button}).click();
      await page.getByRole("menuitem", {name: item}).click();
    });

  it("the list of runs comes at once, its labels follow, sort it and are saved with it", async () => {
    const page = await open("?runs");
    await page.getByRole("link", {name: "settled"}).waitFor();
    const row = (title: string): Locator => page.getByRole("row").filter({has: page.getByRole("link", {name: title, exact: true})});
    await row("settled")
      .getByTitle(/^12 converging$/)
      .waitFor();
    await row("A sum and a parity").getByTitle("84 converging").waitFor();
    await row("scaled")
      .getByTitle(/of 12 trajectories/)
      .waitFor();
    await page.getByRole("button", {name: "Labels"}).click();
    expect(await page.getByRole("columnheader", {name: /Labels/}).getAttribute("aria-sort")).toBe("descending");
    await page.getByRole("button", {name: "Labels"}).click();
    expect(await page.getByRole("columnheader", {name: /Labels/}).getAttribute("aria-sort")).toBe("ascending");
    const {name, text} = await saved(page, () => page.getByRole("button", {name: "Save as CSV: the runs shown"}).click());
    expect(name).toBe("runs.csv");
    expect(text).toMatch(/^id,title,model,.*,converging,orbit,slider,unsettled\n/);
    expect(text.match(/,(settled|scaled|A sum and a parity),tiny-arithmetic,/g)).toHaveLength(3);
    expect(text).toMatch(/^[\w.-]+,settled,.*,12,0,0,0$/m);
    await page.reload();
    await row("settled")
      .getByTitle(/^12 converging$/)
      .waitFor();
  });

  it("every verdict is saved as a table, a line for each trajectory", async () => {
    const page = await open(`?run=${place.prepared.run}`);
    const {name, text} = await saved(page, () => page.getByRole("button", {name: "Save as CSV: the labels of all trajectories"}).click());
    expect(name).toBe(`${place.prepared.run}-labels.csv`);
    const lines = text.trim().split("\n");
    expect(lines[0]).toMatch(/^init,index,text,pattern,q,p,rate,.*last_step_norm,still_from,bad_from,.*window_first,window_last,weighed$/);
    expect(lines).toHaveLength(1 + 12);
    expect(lines.slice(1).every((line) => line.includes(",converging,"))).toBe(true);
  });

  it("the spectrum is saved as a picture and as numbers", async () => {
    const page = await open(`?run=${place.prepared.run}&t=5`);
    await page.getByText("Spectrum at the last state").click();
    await page.getByRole("img", {name: "Eigenvalues and the unit circle"}).waitFor();
    const svg = await fromMenu(page, /^Save: .*spectrum/, "SVG picture");
    expect(svg.text).toMatch(/<circle/);
    const csv = await fromMenu(page, /^Save: .*spectrum/, "CSV numbers");
    expect(csv.text.split("\n")[0]).toBe("step,init,block,re,im,modulus,residual");
    expect(csv.text).toMatch(/^32,0,token 5,/m);
    expect(csv.text).toMatch(/^32,0,sequence,/m);
  });

  it("the run is exported from its menu, by mouse and by keyboard", async () => {
    const page = await open(`?run=${place.prepared.run}`);
    const npz = await fromMenu(page, /^Export the run$/, "NumPy archive (.npz): every tensor");
    expect([npz.name, npz.text.slice(0, 2)]).toEqual([`${place.prepared.run}.npz`, "PK"]);
    const projector = await saved(page, async () => {
      await page.getByRole("button", {name: "Export the run"}).press("Enter");
      await page.keyboard.press("ArrowUp"); // to the last
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Enter");
    });
    expect([projector.name, projector.text.slice(0, 2)]).toEqual([`${place.prepared.run}-projector.zip`, "PK"]);
    const parquet = await fromMenu(page, /^Export the run$/, "Parquet: a row for each state");
    expect(parquet.text.slice(0, 4)).toBe("PAR1");
  });

  it("a report and an export that cannot be made say so on the page, and nothing is saved", async () => {
    const page = await open(`?run=${place.prepared.scaled}`);
    const saved: string[] = [];
    page.on("download", (one) => saved.push(one.suggestedFilename()));
    await page.getByRole("link", {name: "Report"}).waitFor();
    await rename(join(place.server.runs, place.prepared.scaled), join(place.server.runs, ".away"));
    const notice = page.getByRole("status").filter({hasText: "Not saved"});
    try {
      await page.getByRole("link", {name: "Report"}).click();
      await notice.filter({hasText: `Not saved: unknown run: ${place.prepared.scaled}`}).waitFor();
      await page.getByRole("button", {name: "Dismiss"}).click();
      await page.getByRole("button", {name: "Export the run"}).click();
      await page.getByRole("menuitem", {name: /^CSV/}).click();
      await notice.filter({hasText: `Not saved: unknown run: ${place.prepared.scaled}`}).waitFor();
    } finally {
      await rename(join(place.server.runs, ".away"), join(place.server.runs, place.prepared.scaled));
    }
    expect(saved).toEqual([]);
    await expect.poll(() => page.url()).toContain(`run=${place.prepared.scaled}`);
  });
});
