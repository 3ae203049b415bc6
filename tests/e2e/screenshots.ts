import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {pino} from "pino";
import {z} from "zod";
import type {Browser, Page} from "playwright-core";
import {runExperiment} from "../../api/experiments/experiment.ts";
import {experimentOptions} from "../../api/contract/experimentSchemas.ts";
import {readPromptLines} from "../../api/captures/promptFile.ts";
import {createServer} from "../../api/http/server.ts";
import {capture} from "../../capture/job/capture.ts";
import {captureSpecSchema} from "../../capture/job/captureSpec.ts";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {buildPage, chromiumPath, launch} from "../support/browser.ts";
import {NO_CHROMIUM} from "../support/findChromium.ts";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = at("fixtures/screenshots");

const QUERY = "?run=sum-and-parity";

/** An experiment for the pictures: real, small, over in a minute. */
const EXPERIMENT = "arithmetic";
const PROMPTS = 40;

const OTHER = "another-sum"; // another prompt, to compare the example with

/** The views shown in the README; what is to be waited for, what is to be pressed first, and whether the whole length of the page is taken. */
const VIEWS: readonly {name: string; query: string; ready: string; act?: (page: Page) => Promise<void>; long?: boolean}[] = [
  {name: "run", query: `${QUERY}&t=2,4,6&s=6&by=logstep`, ready: "q <"},
  {name: "rotations", query: `${QUERY}&pic=rotations&by=logstep`, ready: "q <"},
  {name: "waterfall", query: `${QUERY}&pic=waterfall&t=none&by=logstep`, ready: "No token is chosen"},
  {name: "compare", query: `${QUERY}&with=${OTHER}&t=6&s=8&fit=joint&by=logstep`, ready: "q <", act: zoomToChosen},
  {name: "capture", query: QUERY, ready: "q <", act: (page) => page.getByRole("button", {name: "New capture"}).click()},
  {name: "runs", query: "?runs", ready: "84"},
  {name: "experiments", query: "?experiments", ready: EXPERIMENT},
  {name: "experiment-form", query: "?experiments", ready: EXPERIMENT, act: openForm},
  {name: "experiment", query: `?exp=${EXPERIMENT}`, ready: "Several places", long: true},
  {name: "experiment-prompt", query: `?exp=${EXPERIMENT}&p=2`, ready: "Token by token"}
];

/** `npm run screenshots`: the main views, light and dark, of the example run and of an experiment, into fixtures/screenshots; with a word, those whose name begins with it. */
async function screenshots(): Promise<void> {
  if (!chromiumPath) return console.log(NO_CHROMIUM);
  await mkdir(folder, {recursive: true});
  const built = await buildPage();
  const server = createServer({
    page: built.folder,
    runs: join(built.folder, "runs"),
    models: [at("fixtures/models")],
    examples: at("fixtures/runs"),
    log: pino({level: "silent"})
  });
  const views = VIEWS.filter(({name}) => name.startsWith(process.argv[2] ?? ""));
  if (views.some(({name}) => name.startsWith("experiment")))
    await runExperiment(
      join(built.folder, "experiments", EXPERIMENT),
      {
        model: at("fixtures/models/tiny-arithmetic"),
        prompts: (await readPromptLines(at("fixtures/prompts/arithmetic.jsonl"))).slice(0, PROMPTS),
        title: EXPERIMENT,
        options: z.object(experimentOptions).parse({})
      },
      {}
    );
  if (views.some(({query}) => query.includes(OTHER))) await captureOther(join(built.folder, "runs", OTHER));
  const url = await server.listen({port: 0});
  const browser = await launch();
  for (const colorScheme of ["light", "dark"] as const) for (const view of views) await take(browser, `${url}/`, view, colorScheme);
  await browser.close();
  await server.close();
  await built.remove();
}

async function captureOther(dir: string): Promise<void> {
  const spec = captureSpecSchema.parse({
    model: at("fixtures/models/tiny-arithmetic"),
    dir,
    prompt: "\n148+57=205\npar 1011=1\n",
    title: "Another sum",
    steps: 64,
    inits: 2,
    seed: 3
  });
  const models = createModelKeeper();
  await capture(spec, {engine: () => models.engineFor(spec)});
  await models.dispose();
}

async function take(
  browser: Browser,
  url: string,
  {name, query, ready, act, long = false}: (typeof VIEWS)[number],
  colorScheme: "light" | "dark"
): Promise<void> {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}, colorScheme, reducedMotion: "reduce"});
  await context.addInitScript(() => localStorage.setItem("orrery.hints", "seen"));
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(`${url}${query}`);
  await page.getByText(ready).first().waitFor();
  if (act) await act(page);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForFunction(
    (words) => !words.some((word) => document.body.textContent?.includes(word)),
    ["Projecting …", "Loading …", "Drawing the label …", "Weighing the labels", "counting …", "Looking for models …"]
  );
  await page.evaluate(() => new Promise((done) => setTimeout(done, 500))); // the drawing itself
  const path = join(folder, `${name}-${colorScheme}.png`);
  await page.screenshot({path, fullPage: long});
  console.log(path);
  await context.close();
}

async function zoomToChosen(page: Page): Promise<void> {
  await page.getByText("fitted on all tokens of 2 runs").waitFor();
  await page.getByText("run by run").waitFor();
  await page.getByRole("img", {name: /^Trajectories: PC1/}).waitFor();
  await page.keyboard.press("z");
}

async function openForm(page: Page): Promise<void> {
  await page.getByRole("button", {name: "New experiment"}).click();
  await page.getByLabel("Prompts, one a line").fill("\\n48+37=\t85\\n\n\\nmod 7+2=\t9\\n\n\\npar 1000=\t1\\n");
}

await screenshots();
