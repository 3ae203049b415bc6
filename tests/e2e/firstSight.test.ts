import {basename, join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {exampleRun} from "../../fixtures/makeExampleRun.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {isOver, startServer} from "../support/startServer.ts";

const examples = fileURLToPath(new URL("../../fixtures/runs", import.meta.url));

describe.skipIf(!chromiumPath)("first sight", () => {
  const bench = useBench();

  it("a first visit shows an orbit: the clock of five is chosen, drawn in its plane, unrolled and as a recurrence, with the four words explained", async () => {
    const {url} = await startServer({page: bench.page, examples});
    const page = await openPage(bench.browser, url, {firstVisit: true});
    await page.getByRole("heading", {name: /^Orbit of “5”, token 6, init [12]: round every 5 steps/}).waitFor();
    for (const name of [/Orbit plane/, /^Unrolled/, /^Recurrence/]) await page.getByRole("img", {name}).waitFor();
    expect(await page.getByLabel("First steps").locator("dt").allTextContents()).toEqual(["converging", "orbit", "slider", "unsettled"]);
    await page.getByRole("button", {name: "All the room for this"}).first().click();
    await expect.poll(() => new URL(page.url()).searchParams.get("max")).toBe("trajectories");
  });

  it("a run's page is as high as the screen, with the hints and without: nothing below it is empty", async () => {
    const {url} = await startServer({page: bench.page, examples});
    const page = await openPage(bench.browser, url, {firstVisit: true});
    await page.getByRole("heading", {name: /^Orbit of “5”/}).waitFor();
    await page.getByText("Next token after “5”").waitFor();
    const below = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    expect(await below()).toBe(0);
    await page.getByRole("button", {name: "Got it"}).click();
    expect(await below()).toBe(0);
  });

  it("a later visit is one press from an orbit: the list says which run has some, and the run opens at its largest", async () => {
    const {url} = await startServer({page: bench.page, examples});
    const page = await openPage(bench.browser, `${url}/?runs`);
    const row = page.getByRole("row").filter({has: page.getByRole("link", {name: "A column of sums"})});
    await row.getByTitle(/^\d+ orbit$/).waitFor();
    await row.getByRole("link").click();
    await page.getByRole("heading", {name: /^Orbit of “0”, token 164/}).waitFor();
  });

  it("labels that take long say how many are weighed", async () => {
    const {url, capture, until} = await startServer({page: bench.page});
    const {run} = await until(await capture({prompt: "1+3=4\n".repeat(60), steps: 64}), isOver);
    const page = await openPage(bench.browser, `${url}/?run=${run}&t=164`);
    await page.getByRole("progressbar", {name: "Trajectories weighed"}).waitFor();
  });

  it("a run whose states take long to measure says how many are, and how long it takes", async () => {
    const {url} = await startServer({page: bench.page, examples});
    const page = await openPage(bench.browser, `${url}/?runs`);
    let measured = () => {};
    const isMeasured = new Promise<void>((resolve) => (measured = resolve));
    await page.route(/metrics\?/, async (route) => {
      await isMeasured;
      await route.continue();
    });
    await page.route(/metrics\/progress\?/, (route) => route.fulfill({json: {done: 300, of: 1200, seconds_left: 90}}));
    await page.goto(`${url}/?run=${basename(exampleRun)}`);
    await page.getByText("Loading the run: 300 of 1200 trajectories, 2 min left").waitFor();
    await page.getByRole("progressbar", {name: "Trajectories measured"}).waitFor();
    measured();
    await page.getByLabel("The prompt").waitFor();
  });

  it("distances that take long to measure say how many trajectories are, how long it takes, and can be cancelled", async () => {
    const {url} = await startServer({page: bench.page, examples});
    const page = await openPage(bench.browser, `${url}/?run=${basename(exampleRun)}`);
    await page.route(/near\?/, () => {}); // never answered
    await page.route(/near\/progress\?/, (route) => route.fulfill({json: {done: 300, of: 1200, seconds_left: 90}}));
    const summary = page.getByText("Nearest states of other trajectories");
    const left = page.waitForEvent("requestfailed", (request) => /near\?/.test(request.url()));
    await summary.click();
    await page.getByText("Measuring distances: 300 of 1200 trajectories, 2 min left").waitFor();
    await page.getByRole("progressbar", {name: "Trajectories looked at"}).waitFor();
    await page.getByRole("button", {name: "Cancel"}).click();
    await left;
    expect(await page.getByText("Measuring distances").count()).toBe(0);
  });

  it("labels, pictures and distances that failed to load are had by another try, without a reload", async () => {
    const {url} = await startServer({page: bench.page, examples});
    const page = await openPage(bench.browser, `${url}/?runs`);
    const lost = /\/(patterns|portrait|near)(\?|$)/;
    await page.route(lost, (route) => route.fulfill({status: 503, json: {error: "the line is down"}}));
    await page.goto(`${url}/?run=${basename(exampleRun)}&t=3&pic=portrait`);
    await page.getByText("Nearest states of other trajectories").click();
    for (const what of ["No labels", "No neighbours"]) await page.getByText(`${what}: the line is down`).waitFor();
    const again = page.getByRole("button", {name: "Try again"});
    await page.unroute(lost);
    while ((await again.count()) > 0) await again.first().click();
    await page.locator(".verdict-head").waitFor();
    await page.getByRole("columnheader", {name: "distance"}).waitFor();
    expect(await page.getByText("the line is down").count()).toBe(0);
  });

  it("a file chosen under Open becomes a run", async () => {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?runs`);
    await page.getByRole("button", {name: "Open …"}).click();
    await page
      .getByLabel("File, or all files of a trace folder")
      .setInputFiles(["trace.json", "states.safetensors", "readout.safetensors"].map((name) => join(exampleRun, name)));
    await page.getByRole("button", {name: "Open", exact: true}).click();
    await page.getByRole("heading", {name: "A sum and a parity"}).waitFor();
  });

  it("a long prompt has a map of its labels above the strip, which goes to other parts by click and key; a heat map row says where it is", async () => {
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
