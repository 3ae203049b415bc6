import {readFile} from "node:fs/promises";
import type {Page} from "playwright-core";
import {describe, expect, it} from "vitest";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {seriousOf} from "../support/seriousOf.ts";
import {isOver, useServer} from "../support/startServer.ts";

describe.skipIf(!chromiumPath)("the generate page", () => {
  const bench = useBench();
  const place = useServer(
    () => ({page: bench.page}),
    async () => undefined
  );
  const open = (): Promise<Page> => openPage(bench.browser, `${place.server.url}/?generate`);
  const text = (page: Page) => page.getByRole("region", {name: "Text"}).getByRole("status");
  const button = (page: Page, name: string) => page.getByRole("button", {name, exact: true});

  it("shows tokens as they are made, their steps, the rule's course, and opens a token's trajectory", async () => {
    const page = await open();
    await page.getByLabel("Prompt", {exact: true}).fill("\n19+29=");
    await page.getByLabel("New tokens").fill("3");
    await page.getByLabel("Leave the loop by").selectOption("kl");
    await button(page, "Generate").click();
    await expect.poll(() => text(page).textContent()).toBe("\n19+29=48\n");
    const strip = page.getByRole("listbox", {name: "Tokens and their steps"});
    await expect.poll(() => strip.getByRole("option").count()).toBe(10);
    await page.getByRole("img", {name: /^kl: .* at step \d+, threshold 0.001$/}).waitFor();
    await page.getByRole("img", {name: /^Steps taken: .* at step \d+/}).waitFor();
    await strip.getByRole("option").nth(8).click();
    await page.getByRole("link", {name: "its trajectory"}).click();
    const tokens = page.getByRole("listbox", {name: "Tokens of the prompt"});
    await tokens
      .getByRole("option")
      .nth(6)
      .and(page.getByTitle(/^token 6 \(prompt, \d+ steps\)/))
      .waitFor();
    await tokens
      .getByRole("option")
      .nth(7)
      .and(page.getByTitle(/^token 7 \(new, \d+ steps\)/))
      .waitFor();
    await page.getByRole("img", {name: /tokens by steps, new ones from token 7/}).waitFor();
    const query = new URL(page.url()).searchParams;
    expect(query.get("t")).toBe("7");
    expect(query.get("run")).toMatch(/19.29/);
  });

  it("one that is asked for before the models are there waits for them", async () => {
    const page = await openPage(bench.browser, `${place.server.url}/?runs`);
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((done) => (answer = done));
    await page.route("**/api/models", async (route) => {
      await asked;
      await route.continue();
    });
    await page.goto(`${place.server.url}/?generate`);
    await page.getByLabel("Prompt", {exact: true}).fill("\n19+29=");
    await page.getByLabel("New tokens").fill("3");
    await button(page, "Generate").click();
    answer();
    await expect.poll(() => text(page).textContent()).toBe("\n19+29=48\n");
  });

  it("a long one streams, and stops where it is told to", async () => {
    const page = await open();
    await page.getByLabel("Prompt", {exact: true}).fill("\n1+1=");
    await page.getByLabel("New tokens").fill("900");
    await page.getByLabel("Steps", {exact: true}).fill("256");
    await button(page, "Generate").click();
    await expect.poll(async () => (await text(page).textContent())!.length).toBeGreaterThan(6);
    await button(page, "Stop").click();
    await page.getByText("Stopped.").waitFor();
    await expect.poll(() => button(page, "Generate").count()).toBe(1);
  });

  it("a wavefront is drawn as it goes, says what is under the pointer, and is a table", async () => {
    const page = await open();
    await page.getByLabel("Prompt", {exact: true}).fill("\n19+29=");
    await page.getByLabel("New tokens").fill("16");
    await page.getByText("Sampling, starts, speculation, diffusion").click();
    await page.getByLabel("Diffuse: a wavefront").check();
    await page.getByLabel("Headway").fill("2");
    await button(page, "Generate").click();
    const picture = page.getByRole("img", {name: /^Wavefront: \d+ iterations, \d+ positions, \d+ changes of a token$/});
    await picture.waitFor();
    await expect.poll(() => text(page).textContent()).toMatch(/^\n19\+29=48\n/);
    await expect.poll(() => button(page, "Generate").count()).toBe(1);
    const [, iterations, positions] = /: (\d+) iterations, (\d+) positions/.exec((await picture.getAttribute("aria-label"))!)!.map(Number);
    expect(positions).toBeGreaterThan(16);
    await picture.hover({position: {x: 45, y: 34}});
    await page.getByText(/^Iteration 0, position 7: “4” after 0 steps, frozen, its state goes on/).waitFor();
    const figure = page.getByRole("region", {name: "Wavefront"});
    await figure.getByRole("button", {name: /^Save/}).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", {name: /CSV/}).click()]);
    const csv = (await readFile(await download.path(), "utf8")).trim().split("\n");
    expect(csv[0].trim()).toBe("iteration,position,id,text,steps,frozen,changed,latent-diff");
    expect(csv.at(-1)).toMatch(new RegExp(`^${iterations},${7 + positions - 1},`));
    expect(csv.some((line) => /,1,[^,]*$/.test(line.trim()))).toBe(true);
  });

  it("a captured run says what each rule would have done", async () => {
    const {run} = await place.server.until(await place.server.capture({prompt: "\n19+29=", steps: 24}), isOver);
    const page = await openPage(bench.browser, `${place.server.url}/?run=${run}&t=6`);
    await page.getByText("Exit rules: what each would have done").click();
    await page.getByRole("img", {name: /^Steps saved and KL to the full run: latent-diff, cosine, kl, minp-kl, /}).waitFor();
    const row = page.getByRole("row", {name: /^latent-diff/});
    expect(await row.getByRole("cell").allTextContents()).toEqual([
      expect.stringMatching(/^[3-9]$/),
      "yes",
      expect.stringMatching(/^[\d.e−-]+$/)
    ]);
    await page.getByText(/^Not here: (minp-kl \(of \d+ of \d+ trajectories: .*\); )?gate \(the model has no exit gate\)\.$/).waitFor();
  });

  it("says what is missing, and what the server refuses", async () => {
    const page = await open();
    await button(page, "Generate").click();
    await page.getByText("Prompt: nothing; expected at least one character.").waitFor();
    await page.getByLabel("Prompt", {exact: true}).fill("\n1+1=");
    await page.getByText("Sampling, starts, speculation, diffusion").click();
    expect(await page.getByLabel("Chat template").isDisabled()).toBe(true);
    await page.getByText(/^No chat template: /).waitFor();
  });

  it.each([390, 768, 1440])("has nothing serious against it at %i px, and nothing is cut off", async (width) => {
    const page = await open();
    await page.setViewportSize({width, height: 900});
    await page.getByLabel("Prompt", {exact: true}).fill("\n19+29=");
    await page.getByLabel("New tokens").fill("3");
    await button(page, "Generate").click();
    await page.getByRole("img", {name: /^Steps taken/}).waitFor();
    expect(await seriousOf(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
