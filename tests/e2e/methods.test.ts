import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {MEASURES} from "../../analysis/measures/measures.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {seriousOf} from "../support/seriousOf.ts";
import {useServer} from "../support/startServer.ts";

const examples = fileURLToPath(new URL("../../fixtures/runs", import.meta.url));

describe.skipIf(!chromiumPath)("the methods", () => {
  const bench = useBench();
  const place = useServer(
    () => ({page: bench.page, examples}),
    async () => undefined
  );

  it("stand on a page of their own, a measure's formula where its name leads", async () => {
    const page = await openPage(bench.browser, `${place.server.url}/?run=sum-and-parity&t=3&pic=plane&heat=kl_final`);
    const [methods] = await Promise.all([
      page.context().waitForEvent("page", {timeout: 120_000}),
      page.getByRole("region", {name: "Heat map"}).getByRole("link", {name: "how it is measured"}).click()
    ]);
    await methods.getByRole("heading", {name: "Methods"}).waitFor();
    expect(new URL(methods.url()).hash).toBe("#kl-to-last");
    const asked = methods.locator("#kl-to-last");
    expect(await asked.textContent()).toContain(MEASURES.kl_final.formula);
    await expect.poll(() => asked.evaluate((node) => node.getBoundingClientRect().top < innerHeight)).toBe(true);
    expect(await seriousOf(methods)).toEqual([]);
    const labels = page.getByRole("region", {name: "Token"}).getByRole("link", {name: "how it is measured"});
    expect(await labels.getAttribute("href")).toBe("?methods#converging");
  });

  it("have a list of contents, which leads to each", async () => {
    const page = await openPage(bench.browser, `${place.server.url}/?methods#slider`);
    const isSeen = (id: string): Promise<boolean> =>
      page
        .locator(`#${id}`)
        .evaluate((node) => node.getBoundingClientRect().top >= 0 && node.getBoundingClientRect().top < innerHeight / 2);
    await page.getByRole("heading", {name: "Slider"}).waitFor();
    await expect.poll(() => isSeen("slider")).toBe(true);
    const contents = page.getByRole("navigation", {name: "Contents"});
    await contents.getByRole("link", {name: "Orbit"}).click();
    await expect.poll(() => isSeen("orbit")).toBe(true);
    expect(new URL(page.url()).hash).toBe("#orbit");
    await page.goBack();
    await expect.poll(() => isSeen("slider")).toBe(true);
    const links = await contents.getByRole("link").evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).hash.slice(1)));
    expect(await page.evaluate((ids) => ids.filter((id) => !document.getElementById(id)), links)).toEqual([]);
  });

  it("are led to from the header, and fit a narrow window", async () => {
    const page = await openPage(bench.browser, `${place.server.url}/?runs`);
    await page.setViewportSize({width: 390, height: 800});
    await page.getByRole("link", {name: "Methods"}).click();
    await page.getByRole("heading", {name: "Exit rules"}).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
