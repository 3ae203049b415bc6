import {cp, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import type {Locator, Page} from "playwright-core";
import {beforeAll, describe, expect, it} from "vitest";
import {builtScript} from "../../api/report/reportScript.ts";
import {runReportPage} from "../../api/report/runReportPage.ts";
import {openTrace} from "../../capture/trace/reader.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {isOver, useServer} from "../support/startServer.ts";
import {temporaryFolder, useTemporaryFolder} from "../support/temporaryFolder.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

/** A model of each family, its trained steps, and steps to run that go beyond them. */
const FAMILIES = [
  {model: "tiny-arithmetic", trained: 8, steps: 20, lenses: ["coda", "logit", "both"]},
  {model: "retrofit-llama_a", trained: 4, steps: 20, lenses: ["coda", "logit", "both"]},
  {model: "ouro_b", trained: 6, steps: 20, lenses: []},
  {model: "hrm-text_b", trained: 3, steps: 20, lenses: []}
] as const;
const MADE = FAMILIES.slice(1).map(({model}) => model);

describe.skipIf(!chromiumPath)("every family on the page", () => {
  const bench = useBench();
  const models = useTemporaryFolder();
  beforeAll(async () => {
    for (const name of MADE) {
      await cp(fixture(`golden-models/${name}`), join(models.path, name), {recursive: true});
      await cp(fixture("models/tiny-arithmetic/tokenizer.json"), join(models.path, name, "tokenizer.json")); // their ids are random, any will do
    }
  });
  const place = useServer(
    () => ({page: bench.page, models: [fixture("models"), models.path]}),
    async ({capture, until}) => {
      const runs: Record<string, string> = {};
      for (const {model, steps} of FAMILIES)
        runs[model] = (await until(await capture({model, title: model, prompt: "1+2=3\n", steps, inits: 2}), isOver)).run;
      return runs;
    }
  );
  const open = (query: string): Promise<Page> => openPage(bench.browser, `${place.server.url}/${query}`);
  const run = (model: string, query = ""): Promise<Page> => open(`?run=${place.prepared[model]}&t=1&pic=plane${query}`);

  it.each(FAMILIES)("$model: every view says where the $trained trained steps end", async ({model, trained, steps}) => {
    const beyond = `beyond the ${trained} trained steps`;
    const span = new RegExp(`; steps ${trained + 1} to ${steps} lie ${beyond}$`);
    const page = await run(model, `&s=${steps - 1}`);
    for (const name of [
      /^Trajectories: PC1/,
      /tokens by steps/,
      /^Length of the step.* by step/,
      /^Distance.* norm by step/,
      /^Cosine.* by step/
    ])
      await page.getByRole("img", {name: new RegExp(`${name.source}.*${span.source}`)}).waitFor();
    await page.getByText(`step ${trained}; paler: ${beyond}`).waitFor();
    expect(await page.getByRole("slider", {name: "Step"}).getAttribute("aria-valuetext")).toBe(`step ${steps - 1} of ${steps}, ${beyond}`);
    await page.getByText(`${steps}, from step ${trained + 1} on ${beyond}`, {exact: true}).waitFor(); // among the facts
    expect(await page.locator(".heat-plot .trained-end, .curve-plot .trained-end").count()).toBe(4);
    const rows = page.getByRole("region", {name: "Readout table"}).locator("tbody tr.beyond");
    expect(await rows.first().getAttribute("title")).toContain(beyond);
    await page.getByRole("slider", {name: "Step"}).fill(String(trained));
    await expect.poll(() => page.getByRole("slider", {name: "Step"}).getAttribute("aria-valuetext")).toBe(`step ${trained} of ${steps}`);
    for (const [key, name] of [
      ["w", /^Trajectories in three dimensions: /],
      ["r", /^Trajectories: PC3/]
    ] as const) {
      await page.keyboard.press(key);
      await page.getByRole("img", {name: new RegExp(`${name.source}.*${span.source}`)}).waitFor();
    }
  });

  it("a run within its trained steps is marked nowhere", async () => {
    const {server} = place;
    const {run: short} = await server.until(await server.capture({model: "ouro_b", prompt: "1+2=3\n", steps: 6}), isOver);
    const page = await open(`?run=${short}&t=1&pic=plane`);
    await page.getByRole("img", {name: /^Length of the step/}).waitFor();
    expect(await page.getByText(/beyond the \d+ trained/).count()).toBe(0);
    expect(await page.locator(".trained-end, .has-beyond, .beyond").count()).toBe(0);
  });

  it.each(FAMILIES)("$model: the lens table offers what the model has", async ({model, lenses}) => {
    const page = await run(model, "&lens=coda");
    const panel = page.getByRole("region", {name: "Readout by step"});
    await panel.getByRole("region", {name: "Readout table"}).waitFor();
    expect(await panel.getByRole("group", {name: "Lens"}).getByRole("button").allTextContents()).toEqual(lenses);
    if (lenses.length === 0) await panel.getByText("logit lens", {exact: true}).waitFor();
    expect(await panel.getByText(/^No .* lens/).count()).toBe(0);
  });

  it.each(FAMILIES)("$model: spectrum and exit rules open and say something", async ({model}) => {
    const page = await run(model);
    await page.getByText("Spectrum at the last state").click();
    await page.getByText(/Leading modulus [\d.]+/).waitFor();
    await page.getByText("Exit rules: what each would have done").click();
    await page.getByRole("img", {name: /^Steps saved and KL to the full run: latent-diff/}).waitFor();
    const missing = (await page.getByText(/^Not here: /).textContent()) ?? "";
    expect(missing.includes("gate (")).toBe(model !== "ouro_b");
  });

  const chooseModel = (form: Locator | Page, model: string): Promise<unknown> =>
    form.getByLabel("Model", {exact: true}).selectOption(model);
  const options = (form: Locator | Page, label: string): Promise<string[]> =>
    form.getByLabel(label, {exact: true}).locator("option").allTextContents();

  it("the capture form offers what a model can be asked, and says why not the rest", async () => {
    const page = await open("?runs");
    await page.getByRole("button", {name: "New capture"}).click();
    const form = page.getByRole("dialog", {name: "New capture"});
    await form.getByText("Initial state, sites, readout").click();
    await form.getByRole("button", {name: "Add a change"}).click();
    await chooseModel(form, "ouro_b");
    await form.getByText("its own start, and that with a little noise").waitFor();
    expect(await options(form, "Initial state")).toEqual(["the model’s own"]);
    await form.getByText("no other: ouro starts from its input").waitFor();
    expect(await options(form, "Lens")).toEqual(["logit (as the model does)"]);
    expect(await options(form, "Change")).not.toContain("swap the injected input");
    await form
      .getByText(
        "Not with this model: swap the injected input (ouro injects no input); add noise at every step (ouro has no test-time noise)."
      )
      .waitFor();
    await chooseModel(form, "hrm-text_b");
    expect(await options(form, "Initial state")).toEqual(["the model’s own", "zero", "constant"]);
    await chooseModel(form, "tiny-arithmetic");
    expect(await options(form, "Lens")).toEqual(["coda (as the model does)", "logit"]);
    expect(await options(form, "Change")).toContain("swap the injected input");
    expect(await form.getByText(/^Not with this model/).count()).toBe(0);
  });

  it("what a model cannot start from is told before it is sent", async () => {
    const page = await open("?runs");
    await page.getByRole("button", {name: "New capture"}).click();
    const form = page.getByRole("dialog", {name: "New capture"});
    await form.getByText("Initial state, sites, readout").click();
    await form.getByLabel("Initial state", {exact: true}).selectOption("zero");
    await chooseModel(form, "ouro_b");
    await form.getByText("Initial state: zero; ouro starts from its input.").waitFor();
    await form.getByRole("textbox", {name: "Prompt"}).fill("1+2=");
    await form.getByRole("button", {name: "Capture", exact: true}).click();
    expect(await page.getByRole("dialog").count()).toBe(1);
    await form.getByLabel("Initial state", {exact: true}).selectOption("normal");
    await form.getByRole("button", {name: "Capture", exact: true}).click();
    await page.getByRole("listbox", {name: "Tokens of the prompt"}).waitFor();
  });

  it("an experiment over a model whose start is its input is refused in one line in the form", async () => {
    const page = await open("?experiments");
    await page.getByRole("button", {name: "New experiment"}).first().click();
    const form = page.getByRole("dialog", {name: "New experiment"});
    await chooseModel(form, "ouro_b");
    await form.getByText(/^Path independence is not defined: ouro is given its input as the start and never again/).waitFor();
    await chooseModel(form, "hrm-text_b");
    expect(await form.getByText(/Path independence is not defined/).count()).toBe(0);
    await form.getByText("Other starts, measuring, engine").click();
    await form.getByLabel("Engine", {exact: true}).selectOption("tfjs");
    await form.getByLabel("Numbers", {exact: true}).selectOption("int8");
    await form.getByText("unsupported dtype: int8; the tfjs engine computes in f32").waitFor();
  });

  it("an experiment's figures say where the trained steps end", async () => {
    const {server} = place;
    const order = {model: "hrm-text_b", prompts: [{prompt: "1+2="}], steps: 12, inits: 2, noise: 1, swaps: 0, scales: [], constants: []};
    const {id} = (await (await server.send("POST", "/api/experiments", order)).json()) as {id: string};
    const page = await open(`?exp=${id}`);
    const name = /^Gap between starts.*; steps 4 to 12 lie beyond the 3 trained steps$/;
    await page.getByRole("img", {name}).waitFor();
    await page.getByText(/12 steps, from step 4 on beyond the 3 trained steps/).waitFor();
    await page.goto(`${server.url}/?exp=${id}&p=0`);
    await page.getByRole("img", {name: /^Gap between starts.*; steps 4 to 12 lie beyond the 3 trained steps$/}).waitFor();
  });

  it.each(FAMILIES)("$model: generates, with what the model has", async ({model, trained}) => {
    const page = await open("?generate");
    await chooseModel(page, model);
    await page.getByLabel("Prompt", {exact: true}).fill("1+2=");
    await page.getByLabel("New tokens").fill("3");
    await page.getByLabel("Steps", {exact: true}).fill(String(trained + 3));
    expect((await options(page, "Leave the loop by")).includes("gate")).toBe(model === "ouro_b");
    await page.getByRole("button", {name: "Generate", exact: true}).click();
    await page
      .getByRole("img", {
        name: new RegExp(`^Steps taken: .*; steps ${trained + 1} to ${trained + 3} lie beyond the ${trained} trained steps$`)
      })
      .waitFor();
  });

  it("a report's figures, tables and words say where the trained steps end", async () => {
    const reader = await openTrace(join(place.server.runs, place.prepared.ouro_b));
    const path = join(await temporaryFolder(), "report.html");
    await writeFile(path, await runReportPage(reader, {script: await builtScript()}));
    const page = await openPage(bench.browser, pathToFileURL(path).href);
    const span = /; steps 7 to 20 lie beyond the 6 trained steps/;
    const figures = page.locator("figure .live svg[role=img]:visible");
    await expect.poll(() => figures.count()).toBeGreaterThan(4);
    for (const label of await figures.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? "")))
      expect(label).toMatch(span);
    expect(await page.locator("figure .still svg[role=img]").first().getAttribute("aria-label")).toMatch(span);
    expect(await page.locator("#lens tr.beyond").count()).toBeGreaterThan(10);
    await page.locator("#controls").getByText("step 20 / 20, beyond the 6 trained steps").waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("#fig-curves").getByRole("button", {name: "CSV"}).click()
    ]);
    expect((await readFile(await download.path(), "utf8")).split("\n")[0]).toMatch(/^step,init,token,text,beyond_trained,/);
  });
});
