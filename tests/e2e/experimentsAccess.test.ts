import {join} from "node:path";
import type {Page} from "playwright-core";
import {describe, expect, it} from "vitest";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {writeExperiment} from "../support/madeExperiment.ts";
import {seriousOf, ways} from "../support/seriousOf.ts";
import {startServer} from "../support/startServer.ts";

describe.skipIf(!chromiumPath)("experiments for everybody", () => {
  const bench = useBench();

  const isWithin = async (page: Page, width: number): Promise<void> =>
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);

  it.each(ways)("axe finds nothing serious, and nothing sticks out: $colorScheme, $viewport.width px", async (way) => {
    const {url, runs} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?experiments`, way);
    await page.getByText("No experiments yet").waitFor();
    expect(await seriousOf(page)).toEqual([]);
    await page.getByRole("button", {name: "New experiment"}).click();
    await page.getByText("Other starts, measuring, engine").click();
    await page.getByLabel("Noise starts").fill("-1");
    expect(await seriousOf(page)).toEqual([]);
    await writeExperiment(join(runs, "..", "experiments", "some"), 40);
    for (const [address, ready] of [
      ["?exp=some", "Several places"],
      ["?exp=some&p=39", "Token by token"],
      ["?experiments", "made by hand"]
    ]) {
      await page.goto(`${url}/${address}`);
      await page.getByText(ready).first().waitFor();
      expect(await seriousOf(page), address).toEqual([]);
      await isWithin(page, way.viewport.width);
    }
  });

  it("a prompt is reached and left with the keyboard alone", async () => {
    const {url, runs} = await startServer({page: bench.page});
    await writeExperiment(join(runs, "..", "experiments", "some"), 40);
    const page = await openPage(bench.browser, `${url}/?exp=some`);
    await page.getByRole("button", {name: "Rate"}).focus();
    await page.keyboard.press("Enter");
    await page.locator("th[aria-sort=ascending]").getByRole("button", {name: "Rate"}).waitFor();
    await page.getByRole("link", {name: "prompt 3", exact: true}).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", {name: "prompt 3"}).waitFor();
    await page.keyboard.press("j");
    await page.getByRole("heading", {name: "prompt 4"}).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("region", {name: "Prompts of the experiment"}).waitFor();
  });
});
