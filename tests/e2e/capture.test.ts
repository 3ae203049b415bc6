import {fileURLToPath} from "node:url";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {describe, expect, it} from "vitest";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {copiedModel, cutWeights} from "../support/shippedModel.ts";
import {startServer} from "../support/startServer.ts";

const examples = fileURLToPath(new URL("../../fixtures/runs", import.meta.url));

describe.skipIf(!chromiumPath)("capturing from the page", () => {
  const bench = useBench();

  const statesShown = async (page: Page): Promise<number> =>
    Number(/(\d+) states/.exec((await page.getByText(/fitted on all/).textContent()) ?? "")?.[1]);

  it("a first visit opens the example run, with hints that lead to a capture and can be put away", async () => {
    const {url} = await startServer({page: bench.page, examples});
    const page = await openPage(bench.browser, url, {firstVisit: true});
    await page.getByRole("listbox", {name: "Tokens of the prompt"}).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("run")).toBe("clock-of-five");
    await page.getByRole("button", {name: "Capture a prompt of your own"}).click();
    await page.getByRole("dialog", {name: "New capture"}).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", {name: "Got it"}).click();
    await page.reload();
    await page.getByRole("listbox", {name: "Tokens of the prompt"}).waitFor();
    expect(await page.getByRole("button", {name: "Got it"}).count()).toBe(0);
  });

  it("the form captures a run, whose trajectory grows on the screen while it runs", async () => {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?runs`);
    await page.getByRole("button", {name: "New capture"}).click();
    await page.getByRole("textbox", {name: "Prompt"}).fill("12+34=46\n99+11=110\n48+37=");
    await page.getByText("25 tokens of at most 1024").waitFor();
    await page.getByLabel("Steps").fill("1000");
    await page.getByRole("button", {name: "Capture", exact: true}).click();

    await page.getByText(/Capturing: step/).waitFor();
    await page.getByRole("button", {name: "PCA"}).click(); // once there are labels, their picture would take its place
    await expect.poll(() => statesShown(page)).toBeGreaterThan(1);
    const early = await statesShown(page);
    expect(early).toBeLessThanOrEqual(1001); // a quick machine is over before the first picture
    await expect.poll(() => statesShown(page)).toBe(1001);
    await expect.poll(() => page.getByText(/Capturing: step/).count()).toBe(0);
    expect(await page.getByRole("listbox", {name: "Tokens of the prompt"}).getByRole("option").count()).toBe(25);
    expect(await page.getByText("Next token after “=”").count()).toBe(1);
  });

  it("a capture asked for before the models are listed starts once they are", async () => {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?runs`);
    await page.getByRole("heading", {name: "Runs", exact: true}).waitFor();
    let list = (): void => {};
    const asked = new Promise<void>((resolve) => (list = resolve));
    await page.route("**/api/models", async (route) => {
      await asked;
      await route.continue();
    });
    await page.keyboard.press("a");
    await page.getByRole("textbox", {name: "Prompt"}).fill("1+2=");
    await page.getByLabel("Steps").press("Enter");
    await page.getByRole("button", {name: "Starting …"}).waitFor();
    list();
    await page.getByRole("listbox", {name: "Tokens of the prompt"}).waitFor();
  });

  it("a capture that is over before the page has its answer opens its run", async () => {
    const {url, get} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?runs`);
    await page.route("**/api/captures", async (route) => {
      const answer = await route.fetch();
      const isWhole = async () => /"status":"complete"/.test(await (await get("/api/captures")).text());
      if (route.request().method() === "POST") await expect.poll(isWhole).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 500)); // its events are there
      await route.fulfill({response: answer});
    });
    await page.getByRole("button", {name: "New capture"}).click();
    await page.getByRole("textbox", {name: "Prompt"}).fill("1+2=");
    await page.getByLabel("Steps").fill("4");
    await page.getByRole("button", {name: "Capture", exact: true}).click();
    await page.getByRole("listbox", {name: "Tokens of the prompt"}).waitFor();
  });

  it("a cancelled capture leaves what exists, under a band that says where it stopped", async () => {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?runs`);
    await page.getByRole("heading", {name: "Runs", exact: true}).waitFor();
    await page.keyboard.press("a");
    await page.getByRole("textbox", {name: "Prompt"}).fill("1+2=".repeat(20));
    await page.getByLabel("Initial states").fill("1");
    await page.getByLabel("Steps").fill("4096");
    await page.keyboard.press("Enter");
    await expect.poll(() => statesShown(page)).toBeGreaterThan(1);
    await page.getByRole("button", {name: "Cancel"}).dispatchEvent("click"); // the page is busy drawing what grows
    await page.getByText(/Stopped at step \d+ of 4096 \(cancelled\)/).waitFor();
    await page.getByRole("button", {name: "Capture again"}).last().click();
    expect(await page.getByRole("textbox", {name: "Prompt"}).inputValue()).toBe("1+2=".repeat(20));
  });

  it("the form says what is wrong with a field, and sends nothing", async () => {
    const {url, get} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?runs`);
    await page.getByRole("heading", {name: "Runs", exact: true}).waitFor();
    await page.keyboard.press("a");
    await page.getByLabel("Steps").fill("1000000");
    await page.getByRole("button", {name: "Capture", exact: true}).click();
    await page.getByText("Steps: 1000000; expected 1 to 4096.").waitFor();
    await page.getByText("Type a prompt: at least one token.").waitFor();
    await page.getByRole("textbox", {name: "Prompt"}).fill("1".repeat(1025));
    await page.getByText(/1025/).waitFor();
    expect(await (await get("/api/captures")).json()).toEqual({jobs: []});
  });

  it("a capture that fails says why, and the prompt is not lost", async () => {
    const model = await copiedModel();
    const {url} = await startServer({page: bench.page, models: [join(model, "..")]});
    const page = await openPage(bench.browser, `${url}/?runs`);
    await page.getByRole("heading", {name: "Runs", exact: true}).waitFor();
    await page.keyboard.press("a");
    await page.getByRole("textbox", {name: "Prompt"}).fill("48+37=");
    await page.getByText("6 tokens").waitFor();
    await cutWeights(model, 1000);
    await page.getByRole("button", {name: "Capture", exact: true}).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toMatch(/truncated|promises|bytes/);
    const again = page.getByRole("button", {name: "Change it and capture again"});
    if (await again.count()) await again.click();
    expect(await page.getByRole("textbox", {name: "Prompt"}).inputValue()).toBe("48+37=");
  });

  it("an empty list says what a run is and offers the first one", async () => {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, url, {firstVisit: true});
    await page.getByRole("heading", {name: "No runs yet"}).waitFor();
    await page.getByRole("button", {name: "Capture the first one"}).click();
    await page.getByRole("dialog", {name: "New capture"}).waitFor();
  });

  it("several captures wait in order, can be moved and cancelled", async () => {
    const {url, capture, get} = await startServer({page: bench.page});
    await capture({title: "first", prompt: "1+2=".repeat(100), steps: 4096, inits: 4});
    const second = await capture({title: "second", steps: 8});
    const third = await capture({title: "third", steps: 8});
    const page = await openPage(bench.browser, `${url}/?runs`);
    const jobs = page.getByRole("region", {name: "Captures"});
    await jobs.getByText("waits, 2 in the queue").waitFor();
    await jobs.getByRole("button", {name: "Move third up"}).click();
    await expect
      .poll(async () => (await jobs.getByRole("listitem").allTextContents()).map((text) => /first|second|third/.exec(text)?.[0]))
      .toEqual(["first", "third", "second"]);
    await jobs.getByRole("button", {name: "Cancel second"}).click();
    await expect.poll(() => jobs.getByText("second").count()).toBe(0);
    expect(await (await get(`/api/captures/${second.id}`)).json()).toMatchObject({status: "cancelled"});
    await jobs.getByRole("button", {name: "Cancel first"}).click();
    await expect.poll(async () => (await (await get(`/api/captures/${third.id}`)).json()).status).toBe("complete");
    await page.getByRole("link", {name: "third"}).waitFor();
  });
});
