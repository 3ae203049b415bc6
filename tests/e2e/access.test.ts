import {fileURLToPath} from "node:url";
import {join} from "node:path";
import {pino} from "pino";
import type {Locator} from "playwright-core";
import {describe, expect, it, onTestFinished} from "vitest";
import {createServer, type OrreryServer} from "../../api/http/server.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {seriousOf, ways} from "../support/seriousOf.ts";
import {isOver, startServer, useServer} from "../support/startServer.ts";
import {temporaryFolder} from "../support/temporaryFolder.ts";

const examples = fileURLToPath(new URL("../../fixtures/runs", import.meta.url));

describe.skipIf(!chromiumPath)("a page for everybody", () => {
  const bench = useBench();
  const place = useServer(
    () => ({page: bench.page, examples}),
    async () => undefined
  );

  it.each(ways)("axe finds nothing serious: $colorScheme, $viewport.width px", async (way) => {
    const {url} = place.server;
    const page = await openPage(bench.browser, `${url}/?run=sum-and-parity&pic=plane&s=3`, {...way, firstVisit: true});
    await page.getByText(/fitted on/).waitFor();
    expect(await seriousOf(page)).toEqual([]);
    await page.keyboard.press("a");
    await page.getByRole("dialog").waitFor();
    await page.getByText("Initial state, sites, readout").click();
    expect(await seriousOf(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    expect(await seriousOf(page)).toEqual([]);
    await page.goto(`${url}/?runs`);
    await page.getByRole("table").waitFor();
    expect(await seriousOf(page)).toEqual([]);
  });

  it.each(["light", "dark"] as const)("axe finds nothing serious in any list, down to 320 pixels: %s", async (colorScheme) => {
    const {url} = place.server;
    const page = await openPage(bench.browser, `${url}/?runs`, {colorScheme});
    const found: string[] = [];
    for (const view of ["runs", "trajectories", "experiments", "evaluations", "censuses", "trainings", "generate", "methods"]) {
      await page.goto(`${url}/?${view}`);
      await page.getByRole("heading", {level: 1}).waitFor();
      for (const width of [1440, 768, 390, 320]) {
        await page.setViewportSize({width, height: 900});
        found.push(...(await seriousOf(page)).map((line) => `${view}, ${width} px: ${line}`));
      }
    }
    expect(found).toEqual([]);
  });

  it.each([
    ["the run", "?run=sum-and-parity&pic=plane"],
    ["the list", "?runs"]
  ])("nothing sticks out sideways at 768 pixels: %s", async (_, query) => {
    const {url} = await startServer({page: bench.page, examples});
    const page = await openPage(bench.browser, `${url}/${query}`, {viewport: {width: 768, height: 1024}});
    await page
      .getByText(/fitted on|84/)
      .first()
      .waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(768);
  });

  it("where the system forces its own colours, what is chosen is told from the rest", async () => {
    const {url} = place.server;
    const page = await openPage(bench.browser, `${url}/?run=sum-and-parity&pic=plane&t=3`, {forcedColors: "active"});
    await page.getByText(/fitted on/).waitFor();
    const coloursOf = (found: Locator) =>
      found.evaluate((node) =>
        [node, ...node.querySelectorAll("span:not(.token-label)")]
          .map((one) => getComputedStyle(one).color)
          .concat(getComputedStyle(node).backgroundColor)
      );
    const pairs = [
      [page.getByRole("button", {name: "PCA", exact: true}), page.getByRole("button", {name: "UMAP", exact: true})],
      [page.locator('[data-token="3"]'), page.locator('[data-token="4"]')],
      [page.locator(".header nav").getByText("Runs"), page.locator(".header nav").getByText("Censuses")]
    ] as const;
    for (const [chosen, other] of pairs) {
      const [is, isNot] = [await coloursOf(chosen), await coloursOf(other)];
      expect(is.at(-1)).not.toBe(isNot.at(-1));
      expect(new Set(is).size).toBe(2); // all words in one colour, on another
    }
  });

  it("where the system asks for less motion, playing moves two steps a second", async () => {
    const {url} = place.server;
    const page = await openPage(bench.browser, `${url}/?run=sum-and-parity&pic=plane&s=0`, {reducedMotion: "reduce"});
    await page.getByText(/fitted on/).waitFor();
    const slider = page.getByRole("slider", {name: "Step"});
    const measured = slider.evaluate(async (node: HTMLInputElement) => {
      const reached = async (step: number): Promise<number> => {
        while (Number(node.value) < step) await new Promise(requestAnimationFrame);
        return performance.now();
      };
      const first = await reached(1);
      return (await reached(4)) - first;
    });
    await page.keyboard.press(" "); // the page looks on from before it plays
    const between = await measured;
    expect(between).toBeGreaterThan(900); // three steps, at two a second, on a clock that may be late once
  });

  it("the theme follows the system until the reader chooses, and the choice lasts", async () => {
    const {url} = place.server;
    const page = await openPage(bench.browser, `${url}/?runs`, {colorScheme: "dark"});
    const theme = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset.theme);
    await expect.poll(theme).toBe("dark");
    await page.getByRole("button", {name: "Light colours"}).click();
    await expect.poll(theme).toBe("light");
    await page.reload();
    await expect.poll(theme).toBe("light");
  });

  it("a server that goes away leaves the view usable under a band, and the page finds it again by itself", async () => {
    const runs = join(await temporaryFolder(), "runs");
    const make = (): OrreryServer => createServer({page: bench.page, examples, runs, models: [], log: pino({level: "silent"})});
    const first = make();
    const url = await first.listen({port: 0});
    const page = await openPage(bench.browser, `${url}/?run=sum-and-parity&pic=plane`);
    await page.getByText(/fitted on/).waitFor();
    await first.close();
    await page.getByText(/The server does not answer/).waitFor();
    await page.getByRole("listbox", {name: "Tokens of the prompt"}).getByRole("option").nth(1).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("t")).toBe("1");
    const second = make();
    onTestFinished(() => second.close());
    await second.listen({port: Number(new URL(url).port)});
    await expect.poll(() => page.getByText(/The server does not answer/).count()).toBe(0);
  });

  describe("beside another run", () => {
    const both = useServer(
      () => ({page: bench.page, examples}),
      async ({capture, until}) => (await until(await capture({prompt: "\n148+57=205\n", steps: 8, title: "another sum"}), isOver)).run
    );

    it.each(ways)("axe finds nothing serious in a comparison: $colorScheme, $viewport.width px", async (way) => {
      const {url} = both.server;
      const page = await openPage(
        bench.browser,
        `${url}/?run=sum-and-parity&pic=plane&with=${both.prepared}&t=6&s=3&lens=both&fit=joint`,
        way
      );
      await page.getByText(/fitted on all tokens of 2 runs/).waitFor();
      await page.getByRole("columnheader", {name: "logit lens"}).waitFor();
      expect(await seriousOf(page)).toEqual([]);
      await page.getByRole("button", {name: "Export the run"}).click();
      expect(await seriousOf(page, "[role=menu]")).toEqual([]);
    });
  });
});
