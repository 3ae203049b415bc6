import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Page} from "playwright-core";
import {pino} from "pino";
import {describe, expect, it, onTestFinished} from "vitest";
import type {Experiment} from "../../api/contract/contract.ts";
import {createServer, type OrreryServer} from "../../api/http/server.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {writeExperiment} from "../support/madeExperiment.ts";
import {startServer, type RunningServer} from "../support/startServer.ts";
import {temporaryFolder} from "../support/temporaryFolder.ts";

const models = fileURLToPath(new URL("../../fixtures/models", import.meta.url));

/** Small enough to be over in seconds. */
const small = {
  model: "tiny-arithmetic",
  title: "sums",
  steps: 12,
  inits: 3,
  noise: 2,
  swaps: 1,
  scales: [0, 3],
  scale_inits: 2,
  resamples: 100,
  prompts: [{prompt: "\n48+37=", answer: "85\n"}, {prompt: "\n2+3="}, {prompt: "\npar 1011=", answer: "1\n"}]
};

describe.skipIf(!chromiumPath)("the experiments view", () => {
  const bench = useBench();

  const start = async (server: RunningServer, changed: Readonly<Record<string, unknown>> = {}): Promise<Experiment> => {
    const response = await server.send("POST", "/api/experiments", {...small, ...changed});
    expect(response.status, await response.clone().text()).toBe(202);
    return (await response.json()) as Experiment;
  };
  const manyPrompts = Array.from({length: 5}, (_, i) => ({prompt: `\n${i}+1=`}));
  const band = (page: Page, text: RegExp) => page.locator(".band").filter({hasText: text});
  const isWhole = async (page: Page, prompts: number): Promise<void> => {
    await expect.poll(() => page.locator(".experiment > .band").count()).toBe(0);
    await page
      .getByRole("region", {name: "Prompts of the experiment"})
      .getByRole("status")
      .getByText(String(prompts), {exact: true})
      .waitFor();
  };

  it("an experiment is asked for in the form, draws itself while it runs, and ends in its summary", async () => {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?experiments`);
    await page.getByText("No experiments yet").waitFor();
    await page.getByRole("button", {name: "Start the first one"}).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Prompts, one a line").fill("\\n48+37=\t85\\n\n\\n2+3=\n\\n9+9=");
    await form.getByLabel("Title").fill("three sums");
    await form.getByLabel("Steps").fill("0");
    await form.getByText("Steps: 0; expected 1 to 4096.").waitFor();
    await form.getByLabel("Steps").fill("600");
    await form.getByLabel("Initial states").fill("4");
    await form.getByText("Other starts, measuring, engine").click();
    await form.getByLabel("Scales").fill("0, ten");
    await form.getByText("Scales: ten; expected numbers from 0 to 1000, joined by commas.").waitFor();
    await form.getByRole("button", {name: "Start"}).click(); // refused by the form itself
    await form.getByLabel("Scales").fill("0, 10");
    await form.getByText("3 × 20 starts × 600 steps").waitFor();
    await form.getByRole("button", {name: "Start"}).click();
    await page.getByRole("heading", {name: "three sums"}).waitFor();
    await page.getByRole("progressbar", {name: "Prompts done"}).waitFor();
    await isWhole(page, 3);
    await page.getByText(/^Path independent over 3 prompts: every token ends where it ends/).waitFor();
    expect(await page.locator(".large-number").allTextContents()).toEqual([
      "100 %",
      expect.stringMatching(/^0\.\d+$/),
      expect.stringMatching(/^step \d+$/)
    ]);
    await page.getByText(/^One attractor from every tested start for 100\.0 %/).waitFor({state: "attached"}); // folded under the verdict
    for (const figure of [
      "Contraction",
      "Asymptotic alignment",
      "Answers",
      "Readouts",
      "Where starts end",
      "Basin of the main place",
      "Landscape, where the answer is known"
    ]) {
      expect(await page.getByRole("region", {name: figure}).getByRole("img").count(), figure).toBe(1);
    }
    await page.getByRole("img", {name: /AA\(noise\), above 0.9 for 100 % of \d+ tokens \(95 %: \d+ % to 100 %\)/}).waitFor();
    await page.getByRole("img", {name: /^Basin of the main place: normal × 1 100 %, 12 of 12; normal × 10 100 %/}).waitFor();
    await page.goBack();
    await page.getByRole("link", {name: "three sums"}).waitFor();
  });

  it("a file fills the form, and a broken one is refused with the line's number", async () => {
    const {url} = await startServer({page: bench.page});
    const folder = await temporaryFolder();
    const [good, broken] = [join(folder, "good.jsonl"), join(folder, "broken.jsonl")];
    await writeFile(good, '{"prompt": "\\n1+1=", "answer": "2\\n"}\n\n{"prompt": "\\n2+2="}\n');
    await writeFile(broken, '{"prompt": "a"}\n\n{"prompt": 3}\n');
    const page = await openPage(bench.browser, `${url}/?experiments`);
    await page.getByRole("button", {name: "New experiment"}).click();
    const form = page.getByRole("dialog");
    await form.locator("input[type=file]").setInputFiles(broken);
    await form.getByText("broken.jsonl line 3 has the prompt 3; expected a text").waitFor();
    expect(await form.getByLabel("Prompts, one a line").inputValue()).toBe("");
    await form.locator("input[type=file]").setInputFiles(good);
    await form.getByText("good.jsonl: 2 prompts").waitFor();
    expect(await form.getByLabel("Prompts, one a line").inputValue()).toBe("\\n1+1=\t2\\n\n\\n2+2=");
    expect(await form.getByLabel("Title").inputValue()).toBe("good");
    await form.getByLabel("Keep the traces").fill("2");
    await form.getByText("Traces: 2; expected whole numbers from 0 to 1, joined by commas.").waitFor();
  });

  it("what the server refuses is said in the form, which keeps what was typed", async () => {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?experiments`);
    await page.getByRole("button", {name: "New experiment"}).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Prompts, one a line").fill(`1+1=\n${"1".repeat(1100)}`);
    await form.getByRole("button", {name: "Start"}).click();
    await form.getByRole("alert").getByText("invalid prompt 2: prompt too long: 1100 tokens; the model takes at most 1024").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", {name: "New experiment"}).click();
    expect(await form.getByLabel("Prompts, one a line").inputValue()).toMatch(/^1\+1=\n1{1100}$/);
  });

  it("is cancelled, stays partial with what is finished, and goes on to the end", async () => {
    const server = await startServer({page: bench.page});
    const {id} = await start(server, {prompts: manyPrompts, steps: 1500});
    const page = await openPage(bench.browser, `${server.url}/?exp=${id}`);
    await band(page, /[1-4] of 5 prompts/)
      .getByRole("button", {name: "Cancel"})
      .dispatchEvent("click"); // while figures grow the page may be too busy for a pointer
    await band(page, /^Partial: stopped after \d+ of 5 prompts/).waitFor();
    await page.getByText(/^One attractor from every tested start/).waitFor({state: "attached"});
    await page.getByRole("button", {name: "Go on"}).click();
    await isWhole(page, 5);
    expect(((await (await server.get(`/api/experiments/${id}`)).json()) as {experiment: Experiment}).experiment).toMatchObject({
      status: "complete",
      finished: 5
    });
  });

  it("the page survives a server that ends and comes back, and the experiment goes on from where it was", async () => {
    const runs = join(await temporaryFolder(), "runs");
    const make = (): OrreryServer => createServer({page: bench.page, runs, models: [models], log: pino({level: "silent"})});
    const first = make();
    const url = await first.listen({port: 0});
    const answer = await fetch(`${url}/api/experiments`, {
      method: "POST",
      headers: {"content-type": "application/json"},
      body: JSON.stringify({...small, prompts: manyPrompts, steps: 1500})
    });
    const {id} = (await answer.json()) as Experiment;
    const page = await openPage(bench.browser, `${url}/?exp=${id}`);
    await band(page, /[1-4] of 5 prompts/).waitFor();
    await page.getByText(/^One attractor from every tested start/).waitFor({state: "attached"});
    await first.close();
    await page.getByText(/The server does not answer/).waitFor();
    await page.getByText(/^One attractor from every tested start/).waitFor({state: "attached"}); // what is loaded stays
    const second = make();
    onTestFinished(() => second.close());
    await second.listen({port: Number(new URL(url).port)});
    await band(page, /^Partial: stopped after \d of 5 prompts/).waitFor();
    await page.getByRole("button", {name: "Go on"}).click();
    await isWhole(page, 5);
  });

  it("a prompt opens from the table: its tokens, its places, its neighbours, and its trajectories as a run", async () => {
    const server = await startServer({page: bench.page});
    const {id} = await start(server, {keep: [2]});
    const page = await openPage(bench.browser, `${server.url}/?exp=${id}`);
    await isWhole(page, 3);
    await page.getByRole("link", {name: "⏎par 1011="}).click();
    await page.getByRole("heading", {name: "⏎par 1011="}).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("p")).toBe("2");
    await page.getByRole("group", {name: "Token"}).getByRole("button", {name: "=", exact: true}).click();
    await page.getByText(/^token 9 “=”: independent, AA\(noise\) /).waitFor();
    const places = page.getByRole("region", {name: "Places that starts end in"});
    await places.getByText("3 normal × 1, 2 noise, 1 swap, 1 zero, 2 normal × 3, 1 constant × 1").waitFor();
    expect(await page.getByRole("button", {name: "Next prompt"}).isDisabled()).toBe(true);
    await page.getByRole("button", {name: "Open its trajectories"}).click();
    await page.getByRole("button", {name: "PCA"}).click();
    await page.getByText(/fitted on all 11 tokens/).waitFor(); // kept: no capture
    await page.goBack();
    await page.goBack();
    await page.getByRole("heading", {name: "⏎par 1011="}).waitFor();
    await page.keyboard.press("k");
    await page.getByRole("heading", {name: "⏎2+3="}).waitFor();
    await page.getByRole("button", {name: "Capture its trajectories"}).click();
    await page.getByRole("button", {name: "PCA"}).click();
    await page.getByText(/fitted on all 5 tokens, 13 states of 3 inits/).waitFor();
    await page.goBack();
    await page.goBack();
    await page.getByRole("heading", {name: "⏎2+3="}).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("region", {name: "Prompts of the experiment"}).waitFor();
  });

  it("two thousand prompts: few rows in the page, sorted, searched, saved, with the places where starts part", async () => {
    const server = await startServer({page: bench.page});
    const count = 2000;
    await writeExperiment(join(server.runs, "..", "experiments", "many"), count);
    const page = await openPage(bench.browser, `${server.url}/?exp=many`);
    await isWhole(page, count);
    const table = page.getByRole("region", {name: "Prompts", exact: true});
    const rows = table.locator("tbody tr[aria-rowindex]");
    expect(await rows.count()).toBeLessThan(80);
    expect(await table.getByRole("table").getAttribute("aria-rowcount")).toBe(String(count + 1));
    await table.evaluate((node) => node.scrollTo(0, node.scrollHeight));
    await table.getByRole("link", {name: `prompt ${count - 1}`}).waitFor();
    expect(await rows.count()).toBeLessThan(80);
    const sort = table.getByRole("button", {name: /^Rate/}); // rates rise with the index
    await sort.click();
    await rows.first().getByRole("link", {name: "prompt 0", exact: true}).waitFor();
    await sort.click();
    await rows
      .first()
      .getByRole("link", {name: `prompt ${count - 1}`, exact: true})
      .waitFor();
    for (const column of ["No.", "Prompt", "Verdict", "Ends in", "AA noise", "AA swap", "Together", "Says", "Agree", "Basin"]) {
      await table.getByRole("button", {name: new RegExp(`^${column}`)}).click();
      await table
        .locator("th[aria-sort=ascending]")
        .getByRole("button", {name: new RegExp(`^${column}`)})
        .waitFor();
    }
    await page.getByLabel("Search prompts").fill("dependent");
    await page.getByRole("status").getByText(`2 of ${count}`).waitFor();
    const several = page.getByRole("region", {name: "Several places", exact: true});
    await several.getByText(`2 of ${count} prompts have starts of some kind that end elsewhere.`).waitFor();
    await several.getByText("“84”").first().waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", {name: "CSV", exact: true}).click()]);
    expect((await readFile(await download.path(), "utf8")).trim().split("\n")).toHaveLength(3);
    await page.getByLabel("Search prompts").fill("no such prompt");
    await page.getByRole("button", {name: `Show all ${count}`}).click();
    await page.getByRole("status").getByText(String(count), {exact: true}).waitFor();
  });

  it("the link keeps the search and the order of the table", async () => {
    const server = await startServer({page: bench.page});
    await writeExperiment(join(server.runs, "..", "experiments", "some"), 30);
    const page = await openPage(bench.browser, `${server.url}/?exp=some&q=prompt+1&o=-rate`);
    await page.getByRole("status").getByText("12 of 30").waitFor();
    expect(await page.locator("tbody tr[aria-rowindex]").first().getByRole("link").textContent()).toBe("prompt 21");
    await page.locator("tbody tr[aria-rowindex]").first().getByRole("link").click();
    await page.getByRole("heading", {name: "prompt 21"}).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("status").getByText("12 of 30").waitFor();
  });

  it("an experiment or a prompt that is not there is said, with the way back", async () => {
    const server = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${server.url}/?exp=nope`);
    await page.getByRole("alert").getByText("unknown experiment: nope").waitFor();
    await page.getByRole("button", {name: "All experiments"}).click();
    await page.getByText("No experiments yet").waitFor();
    await writeExperiment(join(server.runs, "..", "experiments", "some"), 3);
    await page.goto(`${server.url}/?exp=some&p=7`);
    await page.getByText("The experiment has no prompt 7; its prompts are 0 to 2.").waitFor();
  });
});
