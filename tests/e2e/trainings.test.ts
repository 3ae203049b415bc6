import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {describe, expect, it} from "vitest";
import type {Training} from "../../api/contract/contract.ts";
import {STATE_FILE} from "../../capture/train/trainingState.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {seriousOf} from "../support/seriousOf.ts";
import {spoilTensor} from "../support/spoilTensor.ts";
import {startServer, type RunningServer} from "../support/startServer.ts";

const toy = {
  task: "clock",
  updates: 6,
  rows: 2,
  tokens: 5,
  model: {width: 16, heads: 2, hidden: 16},
  depth: {kind: "uniform", most: 1, through: 2},
  measure_every: 2,
  save_every: 2,
  depths: [1, 2],
  probe: "ab23"
};

describe.skipIf(!chromiumPath)("the trainings view", () => {
  const bench = useBench();

  async function start(server: RunningServer, recipe: object, title: string): Promise<Training> {
    const response = await server.send("POST", "/api/trainings", {title, recipe});
    expect(response.status, await response.clone().text()).toBe(202);
    return (await response.json()) as Training;
  }
  const statusOf = async (server: RunningServer, id: string) =>
    ((await (await server.get(`/api/trainings/${id}`)).json()) as {training: Training}).training;
  const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

  it("a training is asked for in the form, draws itself, is walked through by its saves, and opens one as a run", async () => {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?trainings`, {expected: /400/});
    await page.getByText("No trainings yet").waitFor();
    await page.getByRole("button", {name: "Start the first one"}).click();
    const form = page.getByRole("dialog");
    const recipe = form.getByLabel("Recipe");
    await expect.poll(() => recipe.inputValue()).toContain('"task"');
    expect(await form.getByLabel("Begin with").locator("option").allTextContents()).toContain("clock");
    await recipe.fill("{");
    await form.getByRole("button", {name: "Start"}).click();
    await form.getByText(/^Not JSON: /).waitFor(); // refused by the form itself
    await recipe.fill(JSON.stringify({...toy, epochs: 3}));
    await form.getByRole("button", {name: "Start"}).click();
    await form.getByText("unknown recipe.epochs; not among what is allowed here").waitFor(); // by the server
    await form.getByLabel("Title").fill("six updates");
    await recipe.fill(JSON.stringify(toy));
    await recipe.press("Control+Enter");
    await page.getByRole("heading", {name: "six updates"}).waitFor();
    for (const figure of ["Loss", "Gradient norm", "Accuracy by depth", "Accuracy by kind of token", "States"])
      await page.getByRole("region", {name: figure, exact: true}).locator("svg[role=img] path").first().waitFor({state: "attached"});
    const probe = page.getByRole("region", {name: "The probe prompt through training"});
    await probe.getByText("update 6 / 6").waitFor();
    await page.keyboard.press(",");
    await probe.getByText("update 4 / 6").waitFor();
    await page.keyboard.press("Home");
    await probe.getByText("update 0 / 6").waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("u")).toBe("0");
    await probe.getByRole("slider", {name: "Save"}).focus();
    await page.keyboard.press("ArrowRight");
    await probe.getByText("update 2 / 6").waitFor();
    const loss = page.getByRole("region", {name: "Loss", exact: true});
    await loss.locator("svg[role=img]").hover({position: {x: 200, y: 60}});
    await loss.getByText(/^Update \d: loss \d/).waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", {name: "Report"}).click()]);
    expect(await readFile((await download.path())!, "utf8")).toContain("Orrery report of a training run");
    await probe.getByRole("button", {name: "Open as a run"}).click();
    await page.getByRole("heading", {name: "ab23 after 2 updates"}).waitFor();
    await page.goBack();
    await probe.waitFor();
    await page.getByRole("link", {name: "All trainings"}).click();
    await page.getByRole("link", {name: "six updates"}).waitFor();
  });

  it("is stopped and goes on, says why it failed, and fits a small screen in either colours with nothing that axe minds", async () => {
    const server = await startServer({page: bench.page});
    const long = await start(server, {...toy, updates: 1_000_000, save_every: 5}, "long");
    const page = await openPage(bench.browser, `${server.url}/?train=${long.id}`, {
      viewport: {width: 390, height: 844},
      colorScheme: "dark"
    });
    await page.getByText(/^[1-9]\d* of 1000000 updates, loss /).waitFor();
    await page.getByRole("button", {name: "Stop", exact: true}).click();
    await page.getByText(/^Partial: stopped after \d+ of 1000000 updates\./).waitFor();
    const {finished} = await statusOf(server, long.id);
    await page.getByRole("region", {name: "The probe prompt through training"}).waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await seriousOf(page)).toEqual([]);
    await page.getByRole("button", {name: "Light colours"}).click();
    expect(await seriousOf(page)).toEqual([]);
    await page.getByRole("button", {name: "Go on"}).click();
    await expect.poll(async () => (await statusOf(server, long.id)).finished).toBeGreaterThan(finished);
    await page.getByRole("button", {name: "Stop", exact: true}).click();
    await page.getByText(/^Partial: /).waitFor();
    await spoilTensor(join(server.runs, "..", "trainings", long.id, STATE_FILE), "value.adapter");
    await page.getByRole("button", {name: "Go on"}).click();
    await page
      .getByText(/^The training failed after \d+ of 1000000 updates: the loss is NaN at update \d+: the run is stopped; /)
      .waitFor();
    expect(await overflow(page)).toBe(0);
    await page.goto(`${server.url}/?train=none`);
    await page.getByText("unknown training: none").waitFor();
  });
});
