import {readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {describe, expect, it} from "vitest";
import type {Evaluation} from "../../api/contract/contract.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {startServer, type RunningServer} from "../support/startServer.ts";
import {temporaryFolder} from "../support/temporaryFolder.ts";

describe.skipIf(!chromiumPath)("the evaluations view", () => {
  const bench = useBench();

  async function start(server: RunningServer, request: object): Promise<Evaluation> {
    const response = await server.send("POST", "/api/evaluations", {model: "tiny-arithmetic", ...request});
    expect(response.status, await response.clone().text()).toBe(202);
    return (await response.json()) as Evaluation;
  }
  const isOver = (server: RunningServer, {id}: Evaluation) =>
    expect
      .poll(async () => ((await (await server.get(`/api/evaluations/${id}`)).json()) as {evaluation: Evaluation}).evaluation.status, {
        timeout: 60_000
      })
      .not.toMatch(/queued|running/);
  const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

  it("an evaluation is asked for in the form, which says what it takes, and draws itself while it runs", async () => {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?evaluations`);
    await page.getByText("No evaluations yet").waitFor();
    await page.getByRole("button", {name: "Start the first one"}).click();
    const form = page.getByRole("dialog");
    await form.getByText("240 × 7 settings, at most").waitFor();
    await form.getByLabel("Depths").fill("0, 4");
    await form.getByText("Depths: 0; expected whole numbers from 1 to 4096, joined by commas.").waitFor();
    await form.getByRole("button", {name: "Start"}).click(); // refused by the form itself
    await form.getByLabel("Depths").fill("1, 4, 16");
    await form.getByLabel("Exit rules", {exact: true}).fill("nope");
    await form.getByText("unknown exit rule: nope; one of").waitFor(); // by the server, before it is started
    await form.getByLabel("Exit rules", {exact: true}).fill("");
    await form.getByLabel("kl", {exact: true}).check();
    await form.getByLabel("latest-m4", {exact: true}).check();
    await form.getByLabel("Items", {exact: true}).fill("9");
    await form.getByLabel("Title").fill("nine problems");
    await form.getByText(/^9 × 5 settings, at most [\d,]+ steps of a token, .* on disk/).waitFor();
    await form.getByRole("button", {name: "Start"}).click();
    await page.getByRole("heading", {name: "nine problems"}).waitFor();
    await page.getByRole("progressbar", {name: "Items done"}).waitFor();
    await page.getByRole("region", {name: "Items of the evaluation"}).getByRole("status").getByText("9", {exact: true}).waitFor();
    for (const figure of ["Accuracy by depth", "Answers by step"])
      await page.getByRole("region", {name: figure}).locator("svg[role=img]").waitFor();
    const scores = page.getByRole("region", {name: "Scores"});
    await expect.poll(() => scores.locator("tbody tr").count()).toBe(5);
    await scores.getByLabel("Task").selectOption("parity");
    await scores.getByText("3 items").waitFor();
    await page.goBack();
    await page.getByRole("link", {name: "nine problems"}).waitFor();
  });

  it("reads off points and cells, filters what was had and lost, saves CSV, and opens an item’s trajectory", async () => {
    const server = await startServer({page: bench.page});
    const lost = await start(server, {task: "arithmetic-longer", limit: 40, steps: [1, 2, 4, 8, 16], title: "longer"});
    await isOver(server, lost);
    const page = await openPage(bench.browser, `${server.url}/?eval=${lost.id}`);
    const depth = page.getByRole("region", {name: "Accuracy by depth"});
    await depth.locator("svg[role=img] path title").first().waitFor({state: "attached"});
    await page.getByText("Fisher’s exact test, two-sided: p =").waitFor(); // all panels are there: nothing moves any more
    await depth.locator("svg[role=img] path:has(title)").first().hover({force: true});
    await depth.getByText(/^all tasks, 1 step: \d+\.\d ± \d+\.\d %, 1 step a token/).waitFor();
    await page.getByText(/answers that have a label|Wrong are/).waitFor();
    await page.getByText("Fisher’s exact test, two-sided: p =").waitFor();
    expect(await depth.locator("svg[role=img]").getAttribute("aria-label")).toMatch(/; steps 9 to 16 lie beyond the 8 trained steps$/);
    expect(await depth.locator(".beyond-words").textContent()).toContain("beyond the 8 trained steps");
    const map = page.getByRole("region", {name: "Answers by step"});
    expect(await map.locator(".trained-end title").textContent()).toBe("steps 9 to 16 lie beyond the 8 trained steps");
    expect(await page.getByRole("region", {name: "Scores"}).locator("tr.beyond th").allTextContents()).toEqual([
      "16 steps, beyond the 8 trained steps"
    ]);
    await map.locator("svg[role=img]").hover({position: {x: 60, y: 20}});
    await map.getByText(/^item \d+, .* at 1 step “/).waitFor();
    const items = page.getByRole("region", {name: "Items of the evaluation"});
    await items.getByLabel(/had the answer and lost it/).check();
    const {results} = (await (await server.get(`/api/evaluations/${lost.id}/export?format=json`)).json()) as {results: {lost: boolean}[]};
    const count = results.filter((one) => one.lost).length;
    expect(count).toBeGreaterThan(0); // the task is longer than what the model was trained on
    await items.getByRole("status").getByText(`${count} of 40`).waitFor();
    await items.getByLabel(/had the answer and lost it/).uncheck();
    await items.getByRole("button", {name: /^First/}).click();
    await items.getByRole("button", {name: /^First/}).click();
    expect(await items.locator("th[aria-sort=descending]").textContent()).toContain("First");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("region", {name: "Scores"}).getByRole("link", {name: "CSV"}).click()
    ]);
    expect(await readFile((await download.path())!, "utf8")).toBe(
      await (await server.get(`/api/evaluations/${lost.id}/export?format=csv`)).text()
    );
    const prompt = items.locator("tbody button.link").first();
    const title = await prompt.locator("xpath=..").getAttribute("title");
    await prompt.click();
    await page.waitForURL(/[?&]run=/);
    const run = new URL(page.url()).searchParams.get("run");
    await page.locator("header.run-header h1", {hasText: /^longer, item \d+$/}).waitFor(); // waited for, captured, read
    const {trace} = (await (await server.get(`/api/runs/${run}`)).json()) as {trace: {prompt: string; steps: number; inits: unknown[]}};
    expect([trace.prompt, trace.steps, trace.inits.length]).toEqual([title, 16, 1]);
  });

  it("an evaluation is deleted from the list, and taken back", async () => {
    const server = await startServer({page: bench.page});
    await isOver(server, await start(server, {task: "arithmetic", limit: 2, steps: [1], title: "two sums"}));
    const page = await openPage(bench.browser, `${server.url}/?evaluations`);
    await page.getByRole("button", {name: "Delete two sums"}).click();
    await page.getByText("No evaluations yet").waitFor({timeout: 8000});
    await page.getByRole("button", {name: "Undo"}).click({timeout: 8000});
    await page.getByRole("link", {name: "two sums"}).waitFor({timeout: 8000});
  });

  it("sends a file of one's own, and names the line of a wrong one", async () => {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?evaluations`, {expected: /400/});
    await page.getByRole("button", {name: "New evaluation"}).click();
    const form = page.getByRole("dialog");
    const folder = await temporaryFolder();
    await writeFile(join(folder, "my task.jsonl"), '{"prompt": "\\n1+1=", "answer": "2\\n"}\n{"prompt": "3"}\n');
    await form.getByLabel("Task file").setInputFiles(join(folder, "my task.jsonl"));
    await form.getByText("invalid my-task.jsonl line 2: missing answer").waitFor();
    await writeFile(join(folder, "mended.jsonl"), '{"prompt": "\\n1+1=", "answer": "2\\n"}\n');
    await form.getByLabel("Task file").setInputFiles(join(folder, "mended.jsonl"));
    await form.getByText(/^1 × 7 settings/).waitFor();
    await form.getByRole("button", {name: "Start"}).click();
    await page.getByRole("heading", {name: "mended"}).waitFor();
    await page.getByRole("region", {name: "Items of the evaluation"}).getByRole("status").getByText("1", {exact: true}).waitFor();
  });

  it("is cancelled and goes on, says why it failed, and fits a small screen in either colours", async () => {
    const server = await startServer({page: bench.page});
    const long = await start(server, {task: "arithmetic", limit: 30, steps: [1, 256], title: "long"});
    const doomed = await start(server, {task: "arithmetic", limit: 3, steps: [1, 2], title: "doomed"});
    const page = await openPage(bench.browser, `${server.url}/?eval=${long.id}`, {
      viewport: {width: 390, height: 800},
      colorScheme: "dark"
    });
    await page.getByText(/^[1-9]\d* of 30 items, /).waitFor();
    await rm(join(server.runs, "..", "evaluations", doomed.id, "items.jsonl"));
    await page.getByRole("button", {name: "Cancel", exact: true}).click();
    await page.getByText(/^Partial: stopped after \d+ of 30 items\./).waitFor();
    await page.getByRole("region", {name: "Items of the evaluation"}).waitFor();
    expect(await overflow(page)).toBe(0);
    await page.getByRole("link", {name: "All evaluations"}).click();
    await page.getByRole("link", {name: "doomed"}).click();
    await page.getByText(/^The evaluation failed after 0 of 3 items: missing items of an evaluation/).waitFor();
    expect(await overflow(page)).toBe(0);
    await page.goto(`${server.url}/?eval=${long.id}`);
    await page.getByRole("button", {name: "Go on"}).click();
    await page.getByRole("progressbar", {name: "Items done"}).waitFor();
    await page.goto(`${server.url}/?eval=none`);
    await page.getByText("unknown evaluation: none").waitFor();
  });
});
