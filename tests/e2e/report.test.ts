import {readFile, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import type {AxeResults} from "axe-core";
import type {Browser, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {printPdf} from "../../api/report/printPdf.ts";
import {builtScript, type ReportScript} from "../../api/report/reportScript.ts";
import {runReportPage} from "../../api/report/runReportPage.ts";
import {reportTrace, type ReportTraceOptions} from "../api/report/reportTrace.ts";
import {chromiumPath, launch, openPage, type OpenOptions} from "../support/browser.ts";
import {temporaryFolder} from "../support/temporaryFolder.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const TOKENS = ["\n", " the", "</script>", "<img src=x onerror=alert(1)>", "é", "last"];

describe.skipIf(!chromiumPath)("a report", () => {
  let script: ReportScript;
  let browser: Browser;
  beforeAll(async () => {
    [script, browser] = await Promise.all([builtScript(), launch()]);
  });
  afterAll(() => browser.close());

  async function makeReport(options: ReportTraceOptions = {}): Promise<string> {
    const dir = await temporaryFolder();
    const path = join(dir, "report.html");
    await writeFile(path, await runReportPage(await reportTrace(join(dir, "run"), {tokens: TOKENS, ...options}), {script}));
    return path;
  }

  /** The report from its file, with the network off; whatever it asks for beyond itself is in `asked`. */
  async function open(path: string, options: OpenOptions = {}): Promise<Page & {readonly asked: readonly string[]}> {
    const asked: string[] = [];
    const page = await openPage(browser, "about:blank", {offline: true, firstVisit: true, ...options});
    page.on("request", (request) => void (/^(file|data|blob):/.test(request.url()) || asked.push(request.url())));
    await page.goto(pathToFileURL(path).href);
    return Object.assign(page, {asked});
  }

  const chosen = (page: Page): Promise<string[]> => page.locator(".token[aria-pressed=true]").allTextContents();
  /** All that is painted in a figure. */
  const pixels = (page: Page, figure: string): Promise<string> =>
    page
      .locator(`#fig-${figure} .live canvas`)
      .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()).join());

  it("opens from its file without a network, with every plot alive, and asks for nothing", async () => {
    const page = await open(await makeReport());
    await page.locator("#controls").getByRole("slider", {name: "Step"}).waitFor();
    for (const id of ["plane", "waterfall", "heat", "rotations", "curves", "gaps"])
      await page.locator(`#fig-${id} .live svg`).first().waitFor({state: "attached"});
    expect(await page.locator(".still:visible").count()).toBe(0);
    expect(page.asked).toEqual([]);
  });

  it("choosing a token chooses it in the strip, the plots and the readout", async () => {
    const page = await open(await makeReport());
    const before = await pixels(page, "plane");
    await page.locator(".token").nth(1).click();
    await expect.poll(() => chosen(page)).toEqual(["␣the"]);
    await page.locator("#lens").getByText("token 1").waitFor();
    await expect.poll(() => pixels(page, "plane")).not.toBe(before);
    await page
      .locator(".token")
      .nth(5)
      .click({modifiers: ["Shift"]});
    await expect.poll(() => chosen(page)).toEqual(["␣the", "last"]);
    await page.keyboard.press("Escape");
    await expect.poll(() => chosen(page)).toEqual([]);
  });

  it("a click in the heat map chooses its token and its step, and the slider moves everything on", async () => {
    const page = await open(await makeReport());
    await page.locator("#fig-heat").scrollIntoViewIfNeeded();
    await page
      .locator("#fig-heat .live svg")
      .click({position: await positionIn(page, "#fig-heat", {row: 4.5 / TOKENS.length, column: 10.5 / 65})});
    await expect.poll(() => chosen(page)).toEqual(["é"]);
    const slider = page.getByRole("slider", {name: "Step"});
    await expect.poll(() => slider.inputValue()).toBe("10");
    await slider.fill("3");
    await expect.poll(() => page.locator("#lens tr.now th").textContent()).toBe("3");
    await page.keyboard.press(".");
    await expect.poll(() => slider.inputValue()).toBe("4");
  });

  it("hovering a state says what it is", async () => {
    const page = await open(await makeReport());
    await page.locator("#fig-heat").scrollIntoViewIfNeeded();
    await page
      .locator("#fig-heat .live svg")
      .hover({position: await positionIn(page, "#fig-heat", {row: 1.5 / TOKENS.length, column: 20.5 / 65})});
    const card = page.locator(".hover-card");
    await card.waitFor();
    expect(await card.textContent()).toMatch(/␣the token 1 · step 20 · init 1.*orbit$/);
    expect(await page.locator(".token.is-hovered").allTextContents()).toEqual(["␣the"]);
  });

  it("the waterfall turns with the mouse and with the keys", async () => {
    const page = await open(await makeReport());
    const figure = page.locator("#fig-waterfall .live svg[tabindex]");
    await figure.scrollIntoViewIfNeeded();
    const first = await pixels(page, "waterfall");
    await figure.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => pixels(page, "waterfall")).not.toBe(first);
    const second = await pixels(page, "waterfall");
    const box = (await figure.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 90, box.y + 130, {steps: 4});
    await page.mouse.up();
    await expect.poll(() => pixels(page, "waterfall")).not.toBe(second);
    expect(await chosen(page)).toEqual([]);
  });

  it("saves a figure as SVG, PNG and CSV", async () => {
    const page = await open(await makeReport());
    const saved = async (figure: string, format: string): Promise<Buffer> => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator(`#fig-${figure}`).getByRole("button", {name: format}).click()
      ]);
      expect(download.suggestedFilename()).toBe(`orrery-${figure}.${format.toLowerCase()}`);
      return readFile(await download.path());
    };
    expect((await saved("plane", "SVG")).toString()).toMatch(/^<svg [\s\S]*Figure 2[\s\S]*<\/svg>$/);
    expect((await saved("heat", "PNG")).subarray(1, 4).toString()).toBe("PNG");
    const lines = (await saved("heat", "CSV"))
      .toString()
      .trim()
      .split(/\r?\n(?=\d|step)/);
    expect(lines[0]).toMatch(/^step,init,token,text,.*distance/);
    expect(lines).toHaveLength(1 + 65 * 4 * TOKENS.length);
  });

  it("is readable without its script: every figure a drawing, every table there, no control that does nothing", async () => {
    const page = await open(await makeReport(), {javaScriptEnabled: false});
    for (const id of ["plane", "waterfall", "rotations", "heat", "curves", "gaps"])
      expect((await page.locator(`#fig-${id} .still svg:visible`).first().boundingBox())!.height).toBeGreaterThan(150);
    expect(await page.locator("#labels tbody tr:visible").count()).toBe(TOKENS.length);
    expect(await page.locator("#lens tbody tr:visible").count()).toBeGreaterThan(10);
    expect(await page.locator("button:visible, select:visible, input:visible, .live:visible").count()).toBe(0);
  });

  it.each(["light", "dark"] as const)("draws its stills in %s colours", async (colorScheme) => {
    const page = await open(await makeReport(), {javaScriptEnabled: false, colorScheme});
    const paper = await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
    const title = await page
      .locator("#fig-plane .still text")
      .first()
      .evaluate((text) => getComputedStyle(text).fill);
    expect([paper, title]).toEqual(
      colorScheme === "light" ? ["rgb(255, 255, 255)", "rgb(90, 99, 112)"] : ["rgb(20, 23, 28)", "rgb(160, 168, 180)"]
    );
    expect(await page.locator(`#fig-heat .in-${colorScheme}`).isVisible()).toBe(true);
    expect(await page.locator("#fig-heat .still:visible").count()).toBe(1);
  });

  it("takes a prompt for a text and nothing else", async () => {
    const page = await open(await makeReport());
    const said: string[] = [];
    page.on("dialog", (dialog) => void said.push(dialog.message()));
    expect(await page.locator(".token").allTextContents()).toEqual(["⏎", "␣the", "</script>", "<img src=x onerror=alert(1)>", "é", "last"]);
    expect(await page.locator("img").count()).toBe(0);
    await page.locator(".token").nth(3).hover();
    await page.locator(".token").nth(3).click();
    expect(said).toEqual([]);
  });

  it("refuses a script that somebody put into the file", async () => {
    const path = await makeReport();
    await writeFile(
      path,
      (await readFile(path, "utf8")).replace(
        "<main>",
        "<script>document.title = 'taken'</script><img src='https://127.0.0.1:1/x' onerror=\"document.title = 'taken'\"><main>"
      )
    );
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(pathToFileURL(path).href);
    await page.locator("#controls input").waitFor();
    expect(await page.title()).toMatch(/Orrery report$/);
    await context.close();
  });

  it.each([
    {colorScheme: "light", viewport: {width: 1280, height: 900}},
    {colorScheme: "dark", viewport: {width: 480, height: 900}}
  ] as const)("axe finds nothing serious: $colorScheme, $viewport.width px", async (way) => {
    const page = await open(await makeReport(), way);
    await page.locator("#controls input").waitFor();
    await page.evaluate(await readFile(axePath, "utf8"));
    const {violations} = await page.evaluate(() => (globalThis as unknown as {axe: {run(): Promise<AxeResults>}}).axe.run());
    expect(
      violations
        .filter(({impact}) => impact === "serious" || impact === "critical")
        .map(({id, nodes}) => [id, ...nodes.map(({html}) => html.slice(0, 120))])
    ).toEqual([]);
  });

  it("says first that a run is partial", async () => {
    const page = await open(await makeReport({last: 12}));
    expect((await page.locator("body").innerText()).split("\n")[0]).toBe(
      "Partial run: stopped at step 12 of 64 (killed). What follows is about the steps that exist."
    );
  });

  it("prints as a PDF", async () => {
    const path = await makeReport();
    await printPdf(path, `${path}.pdf`);
    const pdf = await readFile(`${path}.pdf`, "latin1");
    expect(pdf.slice(0, 5)).toBe("%PDF-");
    expect(Number(/\/Count (\d+)/.exec(pdf)![1])).toBeGreaterThan(3);
  });

  /** A place in the heat map's cells, in shares of them, from the corner of its SVG. */
  async function positionIn(page: Page, figure: string, {row, column}: {row: number; column: number}): Promise<{x: number; y: number}> {
    const [cells, svg] = await Promise.all([
      page.locator(`${figure} .live canvas`).boundingBox(),
      page.locator(`${figure} .live svg`).boundingBox()
    ]);
    return {x: cells!.x - svg!.x + column * cells!.width, y: cells!.y - svg!.y + row * cells!.height};
  }
});
