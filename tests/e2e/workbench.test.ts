import {fileURLToPath} from "node:url";
import type {Locator, Page} from "playwright-core";
import {describe, expect, it} from "vitest";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {isOver, useServer, type RunningServer} from "../support/startServer.ts";

const examples = fileURLToPath(new URL("../../fixtures/runs", import.meta.url));

describe.skipIf(!chromiumPath)("the workbench", () => {
  const bench = useBench();
  const place = useServer(
    () => ({page: bench.page, examples}),
    async () => undefined
  );

  const strip = (page: Page): Locator => page.getByRole("listbox", {name: "Tokens of the prompt"});

  async function captured(order: Readonly<Record<string, unknown>>): Promise<{server: RunningServer; run: string}> {
    const {server} = place;
    const job = await server.capture({prompt: "48+37=", steps: 32, inits: 2, ...order});
    await server.until(job, isOver);
    return {server, run: job.run};
  }

  it("labels appear with q, numbers, reasons and the other inits, and choose their tokens", async () => {
    const {server, run} = await captured({});
    const page = await openPage(bench.browser, `${server.url}/?run=${run}`);
    const panel = page.getByRole("region", {name: "Token", exact: true});
    await panel.getByText("converging").first().waitFor();
    await panel.getByText(/^q/).waitFor();
    await panel.getByText("Why, and why not the others").click();
    await panel.getByText("All numbers").first().waitFor();
    await panel.getByText("Witness: the model’s own step").click();
    await panel.getByText(/^agrees: leading eigenvalue of modulus 0\.\d+: inside the unit circle/).waitFor();
    expect(await panel.getByRole("button", {name: /^init 2: /}).count()).toBe(1);
    await page.getByRole("button", {name: /^\d+ converging$/}).click();
    const chosen = await strip(page).getByRole("option", {selected: true}).count();
    expect(chosen).toBeGreaterThan(0);
    expect(await page.locator(".findings .note").textContent()).toMatch(/^(All|Of) \d+ trajectories/);
  });

  it("the spectrum is drawn on the unit circle when it is asked for", async () => {
    const {server, run} = await captured({});
    const page = await openPage(bench.browser, `${server.url}/?run=${run}`);
    await page.getByText("Spectrum at the last state").click();
    const circle = page.getByRole("img", {name: "Eigenvalues and the unit circle"});
    await circle.waitFor();
    expect(await circle.locator("circle").count()).toBeGreaterThan(2);
    await page.getByText(/Leading modulus 0\.\d+: the state contracts/).waitFor();
  });

  it("three dimensions and the waterfall are drawn by WebGL, and a key brings each", async () => {
    const {server, run} = await captured({});
    const page = await openPage(bench.browser, `${server.url}/?run=${run}&pic=plane`);
    await page.getByText(/fitted on/).waitFor();
    await page.keyboard.press("w");
    await page.getByRole("img", {name: /three dimensions: PC1.*token.*PC2/}).waitFor();
    await page.getByRole("button", {name: "3-D"}).click();
    await page.getByRole("img", {name: /three dimensions: PC1.*PC2.*PC3/}).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("pic")).toBe("space");
  });

  it("UMAP says that it keeps neighbourhoods only, and how well", async () => {
    const {server, run} = await captured({steps: 16});
    const page = await openPage(bench.browser, `${server.url}/?run=${run}&pic=plane`);
    await page.getByText(/fitted on/).waitFor();
    await page.keyboard.press("u");
    await page.getByText(/neighbourhoods are kept, distances and areas are not; trustworthiness (0\.\d+|1), seed 0/).waitFor();
  });

  it("a changed run appears over its original, with their difference by step", async () => {
    const {server, run} = await captured({});
    const page = await openPage(bench.browser, `${server.url}/?run=${run}&t=5&s=4`);
    await page.getByRole("button", {name: "Steer"}).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByLabel("At step").inputValue()).toBe("4");
    await dialog.getByLabel("factor").fill("");
    await dialog.getByRole("button", {name: "Capture", exact: true}).click();
    await dialog.getByText("factor: nothing; expected a number.").waitFor();
    await dialog.getByLabel("factor").fill("0");
    await dialog.getByRole("button", {name: "Capture", exact: true}).click();
    const compared = page.getByRole("list", {name: "Compared runs"});
    await compared.getByText("6 of 6 tokens have a partner · 1 change while it ran, here no changes").waitFor();
    await page
      .getByRole("region", {name: "Readouts side by side"})
      .getByText(/difference 1$/)
      .waitFor(); // the state was set to zero at this step
    await page.getByRole("img", {name: /^Distance between partners/}).waitFor();
    await compared.getByRole("button", {name: /No longer compare/}).click();
    await expect.poll(() => compared.count()).toBe(0);
  });

  it("a run is renamed, tagged, found by its tag, deleted, and brought back", async () => {
    const {server, run} = await captured({title: "plain"});
    const page = await openPage(bench.browser, `${server.url}/?runs`);
    await page.getByRole("button", {name: "Edit title and tags of plain"}).click();
    await page.getByLabel("Title", {exact: true}).fill("a better name");
    await page.getByLabel("Tags, joined by commas").fill("paper, figure 2");
    await page.getByRole("button", {name: "Save", exact: true}).click();
    await page.getByRole("link", {name: "a better name"}).waitFor();
    await page.getByLabel("Search runs").fill("paper");
    await expect.poll(() => page.getByRole("table").getByRole("link").count()).toBe(1);
    await page.getByLabel("Search runs").fill("no such thing");
    await page.getByText("No run has “no such thing”").waitFor();
    await page.getByRole("button", {name: /^Show all/}).click();
    await page.getByRole("button", {name: "Delete a better name"}).click();
    await expect.poll(() => page.getByRole("link", {name: "a better name"}).count()).toBe(0);
    expect((await server.get(`/api/runs/${run}`)).status).toBe(404);
    await page.getByRole("button", {name: "Undo"}).click();
    await page.getByRole("link", {name: "a better name"}).waitFor();
  });

  it("a run of many states comes in slices and is drawn by WebGL from the first on", async () => {
    const {server, run} = await captured({prompt: "1+2=3\n".repeat(20), steps: 64, inits: 4});
    const page = await openPage(bench.browser, `${server.url}/?runs`);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(/readout\?from=[1-9]/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${server.url}/?run=${run}&t=none`);
    await page.getByText(/^Loading: step \d\d of 64$/).waitFor();
    await page.getByText(/fitted on all 120 tokens/).waitFor();
    const drawn = (): Promise<number> =>
      page
        .locator(".trajectory-place canvas")
        .first()
        .evaluate((canvas: HTMLCanvasElement) => {
          const copy = document.createElement("canvas");
          [copy.width, copy.height] = [canvas.width, canvas.height];
          const context = copy.getContext("2d") as CanvasRenderingContext2D;
          context.drawImage(canvas, 0, 0);
          return context.getImageData(0, 0, copy.width, copy.height).data.filter((value, i) => i % 4 === 3 && value > 0).length;
        });
    await expect.poll(drawn).toBeGreaterThan(1000);
    expect(await page.getByText(/^Loading: step/).count()).toBe(1);
    release();
    await expect.poll(() => page.getByText(/^Loading: step/).count()).toBe(0);
    await expect.poll(() => page.getByRole("slider", {name: "Step"}).getAttribute("max")).toBe("64");
  });

  it("sites inside a step, which begin at step 1, keep their steps", async () => {
    const {server, run} = await captured({sites: ["state", "core.0.out"]});
    const page = await openPage(bench.browser, `${server.url}/?run=${run}&pic=plane&site=core.0.out`);
    await page.getByText(/fitted on all 6 tokens, 33 states/).waitFor();
    expect(await page.getByRole("slider", {name: "Step"}).getAttribute("max")).toBe("32");
  });
});
