import {describe, expect, it} from "vitest";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {isOver, startServer} from "../support/startServer.ts";

describe.skipIf(!chromiumPath)("a long prompt", () => {
  const bench = useBench();

  it("has a map of its labels above the strip, which goes to other parts by click and key; a heat map row says where it is", async () => {
    const {url, capture, until} = await startServer({page: bench.page});
    const {run} = await until(await capture({prompt: "1+3=4\n".repeat(60), steps: 8}), isOver);
    const page = await openPage(bench.browser, `${url}/?run=${run}&pic=plane&t=0`);
    const map = page.getByRole("slider", {name: "Part of the prompt"});
    await map.waitFor();
    expect(await map.locator("rect").count()).toBeGreaterThan(0);
    const from = async (): Promise<number> => Number(await map.getAttribute("aria-valuenow"));
    expect(await from()).toBe(0);
    await expect.poll(() => map.getAttribute("aria-valuetext")).toMatch(/^tokens 0 to [1-9]\d* of 360$/);
    await map.press("End");
    await expect.poll(from).toBeGreaterThan(200);
    await map.press("Home");
    await expect.poll(from).toBe(0);
    const {width} = (await map.boundingBox())!;
    await map.click({position: {x: width / 2, y: 6}});
    await expect.poll(from).toBeGreaterThan(100);
    await expect.poll(() => new URL(page.url()).searchParams.get("t")).toBe("0"); // what is chosen stays
    await page.goto(`${url}/?run=${run}&t=3-5,200-204,360`); // which is one more than there are
    const strip = page.getByRole("listbox", {name: "Tokens of the prompt"});
    await expect.poll(() => page.getByText(/the last of 8 chosen/).count()).toBe(1);
    await expect.poll(from).toBeGreaterThan(100); // the last chosen one is in sight
    await strip.getByRole("option", {selected: true}).last().press("Shift+ArrowRight");
    await expect.poll(() => new URL(page.url()).searchParams.get("t")).toBe("3-5,200-205");
    await page.locator(".heat-plot").hover({position: {x: 200, y: 120}});
    await expect.poll(() => page.locator(".hover-card").textContent()).toContain("1+3=4⏎");
  });
});
