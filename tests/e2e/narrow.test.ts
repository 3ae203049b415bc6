import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Page} from "playwright-core";
import {describe, expect, it, vi} from "vitest";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {writeCensus} from "../support/madeCensus.ts";
import {writeExperiment} from "../support/madeExperiment.ts";
import {seriousOf} from "../support/seriousOf.ts";
import {startServer, useServer, type RunningServer} from "../support/startServer.ts";

const examples = fileURLToPath(new URL("../../fixtures/runs", import.meta.url));

describe.skipIf(!chromiumPath)("a narrow page", () => {
  const bench = useBench();
  const place = useServer(() => ({page: bench.page, examples}), prepare);

  it("of any list sticks out nowhere at 390 pixels", async () => {
    const {url} = await startServer({page: bench.page, examples});
    const page = await openPage(bench.browser, `${url}/?runs`, {viewport: {width: 390, height: 844}});
    const found: string[] = [];
    for (const view of ["runs", "trajectories", "censuses", "trainings", "experiments", "evaluations", "methods", "generate"]) {
      await page.goto(`${url}/?${view}`);
      await page.getByRole("heading", {level: 1}).waitFor();
      if (view === "generate") await page.getByText("try", {exact: true}).waitFor();
      if (view === "runs") await page.getByRole("table").waitFor();
      found.push(...(await stickingOut(page, view)));
    }
    expect(found).toEqual([]);
  });

  it("of the runs fits at 390 pixels: none of its lines scrolls sideways", async () => {
    const {url} = await startServer({page: bench.page, examples});
    const page = await openPage(bench.browser, `${url}/?runs`, {viewport: {width: 390, height: 844}});
    const list = page.getByRole("region", {name: "Runs"});
    await list.getByText("complete").first().waitFor();
    expect(await list.evaluate(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)).toBe(0);
    expect((await list.getByRole("link").first().boundingBox())!.width).toBeGreaterThan(100);
    expect(await seriousOf(page)).toEqual([]);
  });

  it.each(["light", "dark"] as const)(
    "of anything that is looked into sticks out nowhere, and axe finds nothing serious: %s",
    async (colorScheme) => {
      const {
        server: {url},
        prepared: evaluation
      } = place;
      const page = await openPage(bench.browser, `${url}/?runs`, {colorScheme, viewport: {width: 390, height: 844}});
      const views: readonly (readonly [query: string, ready: string | RegExp, act?: () => Promise<unknown>])[] = [
        ["?run=sum-and-parity&t=5", "by init", () => openFolds(page)],
        ["?run=sum-and-parity&pic=plane&lens=both", /fitted on/],
        ["?exp=some", "Several places", () => openFolds(page)],
        ["?exp=some&p=39", "Token by token", () => openFolds(page)],
        [`?eval=${evaluation}`, "Fisher’s exact test"],
        ["?census=sums", "expected to be false"],
        ["?generate", "try", () => generate(page)],
        ["?methods", /Arnoldi iteration/]
      ];
      const found: string[] = [];
      for (const [query, ready, act] of views) {
        await page.goto(`${url}/${query}`);
        await page.getByText(ready).first().waitFor();
        if (query.startsWith("?run=")) await page.locator(".verdict-head").waitFor();
        await act?.();
        found.push(...(await stickingOut(page, query)), ...(await seriousOf(page)).map((line) => `${query}: ${line}`));
      }
      expect(found).toEqual([]);
    }
  );

  it("is a wide one's list whose long titles leave the other columns where they are, and which is light on paper", async () => {
    const page = await openPage(bench.browser, `${place.server.url}/?evaluations`, {colorScheme: "dark"});
    const table = page.getByRole("region", {name: "Evaluations"});
    await table.getByText(/^(longer){33}$/).waitFor();
    expect(await table.evaluate(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)).toBe(0);
    await page.emulateMedia({media: "print", colorScheme: "dark"});
    await page.locator("html[data-theme=light]").waitFor();
    expect(await page.getByRole("banner").isVisible()).toBe(false);
  });
});

/** What reaches over the right edge of a page that then scrolls sideways. */
async function stickingOut(page: Page, view: string): Promise<string[]> {
  const [wide, widest] = await page.evaluate((): [number, string[]] => [
    document.documentElement.scrollWidth,
    [...document.querySelectorAll("body *")]
      .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
      .map((node) => node.outerHTML.slice(0, 90))
  ]);
  return wide > 390 ? [`${view}: ${wide} px: ${widest.slice(0, 6).join(" | ")}`] : [];
}

/** An experiment, a census and an evaluation to look into; the evaluation's name. */
async function prepare({runs, send, get}: RunningServer): Promise<string> {
  await writeExperiment(join(runs, "..", "experiments", "some"), 40);
  await writeCensus(join(runs, "..", "censuses"), "sums", {
    prompts: ["\n19+29=", "\n20+72=", "\n7+5=", "\nrev 123="],
    claim: (text) => (/\d/.test(text) ? "orbit" : "converging")
  });
  const order = {model: "tiny-arithmetic", task: "arithmetic-longer", limit: 20, steps: [4, 16], title: "longer".repeat(33)};
  const {id} = (await (await send("POST", "/api/evaluations", order)).json()) as {id: string};
  const status = async () => ((await (await get(`/api/evaluations/${id}`)).json()) as {evaluation: {status: string}}).evaluation.status;
  await vi.waitFor(async () => expect(await status()).not.toMatch(/queued|running/), {timeout: 120_000});
  return id;
}

async function openFolds(page: Page): Promise<void> {
  for (const fold of await page.locator("details:not([open]) > summary").all()) await fold.click();
}

async function generate(page: Page): Promise<void> {
  await page.getByLabel("Prompt", {exact: true}).fill("\n19+29=");
  await page.getByLabel("New tokens").fill("3");
  await page.getByLabel("Leave the loop by").selectOption("kl");
  await page.getByRole("button", {name: "Generate", exact: true}).click();
  await page.getByRole("img", {name: /^Steps taken: /}).waitFor();
}
