import {cp, readFile} from "node:fs/promises";
import {join} from "node:path";
import type {Locator, Page} from "playwright-core";
import {describe, expect, it} from "vitest";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {isOver, startServer, useServer} from "../support/startServer.ts";
import {temporaryFolder} from "../support/temporaryFolder.ts";

describe.skipIf(!chromiumPath)("the readouts", () => {
  const bench = useBench();
  const place = useServer(
    () => ({page: bench.page}),
    async ({capture, until}) => {
      const captured = async (title: string, order: object): Promise<string> =>
        (await until(await capture({title, prompt: "48+37=", steps: 12, inits: 2, ...order}), isOver)).run;
      return {
        coda: await captured("coda", {}),
        logit: await captured("logit", {readout: {lens: "logit", top: 5}}),
        silent: await captured("silent", {readout: null}),
        unread: await captured("unread", {})
      };
    }
  );
  const panel = (page: Page): Locator => page.getByRole("region", {name: "Readout by step"});
  const lens = (page: Page, name: string): Locator =>
    panel(page).getByRole("group", {name: "Lens"}).getByRole("button", {name, exact: true});
  const open = (run: string, query = ""): Promise<Page> => openPage(bench.browser, `${place.server.url}/?run=${run}&t=5&s=3${query}`);
  const row = (page: Page, step: number): Promise<string[]> =>
    panel(page)
      .getByRole("row", {name: new RegExp(`^${step} `)})
      .getByRole("cell")
      .allTextContents();

  it("both lenses are there step by step, whichever was captured: what one run captured is what the other's states say", async () => {
    const page = await open(place.prepared.coda);
    await lens(page, "logit").click();
    await panel(page).getByText("init 1, logit read from the stored f32 states").waitFor();
    const read = await row(page, 3);
    await expect.poll(() => new URL(page.url()).searchParams.get("lens")).toBe("logit");
    await page.goto(`${place.server.url}/?run=${place.prepared.logit}&t=5&s=3`);
    await expect.poll(() => lens(page, "logit").getAttribute("aria-pressed")).toBe("true"); // the captured one
    expect(await row(page, 3)).toEqual(read);
    await lens(page, "coda").click();
    await panel(page).getByText("init 1, coda read from the stored f32 states").waitFor();
  });

  it("both stand side by side, and are saved as one table", async () => {
    const page = await open(place.prepared.coda, "&lens=both");
    await panel(page).getByRole("columnheader", {name: "logit lens"}).waitFor();
    expect(await panel(page).getByRole("columnheader").allTextContents()).toEqual(["step", "coda lens", "logit lens"]);
    const table = page.getByRole("region", {name: "Readout table"});
    expect(await table.evaluate((node) => node.scrollWidth - node.clientWidth)).toBe(0); // at 1440 pixels all of it has room
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      panel(page)
        .getByRole("button", {name: /^Save as CSV/})
        .click()
    ]);
    expect(download.suggestedFilename()).toBe(`${place.prepared.coda}-lens-5.csv`);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
    expect(lines[0]).toMatch(/^step,init,token,text,beyond_trained,lens,entropy,kl_prev,kl_final,target_logprob,top1,top1_id,top1_p,top2,/);
    expect(lines.slice(1).map((line) => /^\d+,0,5,'?"?'?=?"?,[01],(coda|logit),/.exec(line)?.[1])).toEqual([
      ...Array(13).fill("coda"),
      ...Array(13).fill("logit")
    ]);
  });

  it("a run without a readout can be read all the same", async () => {
    const page = await open(place.prepared.silent);
    await panel(page).getByText("init 1, coda read from the stored f32 states").waitFor();
    expect((await row(page, 3)).length).toBeGreaterThan(5);
  });

  it("where the model is not at hand one line says so, and the captured lens stays", async () => {
    const run = place.prepared.unread;
    const runs = join(await temporaryFolder(), "runs"); // a folder has one server
    await cp(join(place.server.runs, run), join(runs, run), {recursive: true});
    const {url} = await startServer({page: bench.page, runs, models: []});
    const page = await openPage(bench.browser, `${url}/?run=${run}&t=5&lens=both`);
    await panel(page).getByText("No logit lens: unknown model: tiny-arithmetic; there is none.").waitFor();
    expect(await panel(page).getByRole("row").count()).toBeGreaterThan(3);
  });
});
