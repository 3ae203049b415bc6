import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {median} from "d3-array";
import {pino} from "pino";
import type {CDPSession, Page} from "playwright-core";
import {createServer} from "../../api/http/server.ts";
import type {Job} from "../../api/contract/contract.ts";
import {buildPage, chromiumPath, launch} from "../support/browser.ts";
import {NO_CHROMIUM} from "../support/findChromium.ts";
import {functionTimes, type Profile} from "./profile.ts";
import {wholeFrom} from "../support/readNumber.ts";

const STEPS = 4096;
const PROMPT = "1+2=".repeat(7); // 28 tokens
const REST_MS = 2500; // between two redraws: the server answers, and nothing is drawn any more
const SHOWN = 32; // functions

/**
 * `npm run bench -- redraw [COUNT]`: the page of a run of 4,096 steps and 28 tokens is told COUNT times (8 where it is not said) that the run has
 * grown, and draws it again; how long its main thread is busy with that, and by what. The run is there already, and the page is told of
 * another step each time, so that every redraw is one of the whole run.
 */
export async function bench([count = "8"]: readonly string[]): Promise<void> {
  const times = wholeFrom(1, "COUNT", count);
  if (!chromiumPath) return console.log(NO_CHROMIUM);
  const folder = await mkdtemp(join(tmpdir(), "orrery-redraw-"));
  const built = await buildPage({minify: false});
  const models = [fileURLToPath(new URL("../../fixtures/models", import.meta.url))];
  const server = createServer({runs: join(folder, "runs"), models, page: built.folder, log: pino({level: "silent"})});
  const browser = await launch();
  try {
    const url = await server.listen({port: 0});
    const job = await captured(url);
    const page = await growingPage(await browser.newPage({viewport: {width: 1440, height: 900}}), `${url}/?run=${job.run}`);
    await measure(page, job, times);
  } finally {
    await browser.close();
    await server.close();
    await built.remove();
    await rm(folder, {recursive: true, force: true});
  }
}

/** A page whose job events can be told from outside, by `window.tell`, and whose longest task (0 where none takes 50 ms) is `window.longest`; as text, since what compiles this file would add its own helpers. */
const TELLABLE = `
  localStorage.setItem("orrery.hints", "seen");
  window.longest = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({duration}) => (window.longest = Math.max(window.longest, duration)))).observe({type: "longtask"});
  const Real = EventSource;
  window.EventSource = class extends Real {
    constructor(address) {
      super(address);
      window.tell = (job) => this.dispatchEvent(new MessageEvent("job", {data: JSON.stringify(job)}));
    }
  };
`;

async function captured(url: string): Promise<Job> {
  const order = {model: "tiny-arithmetic", prompt: PROMPT, steps: STEPS, inits: 1};
  const asked = await fetch(`${url}/api/captures`, {
    method: "POST",
    headers: {"content-type": "application/json"},
    body: JSON.stringify(order)
  });
  let job = (await asked.json()) as Job;
  while (job.status !== "complete") {
    await new Promise((resolve) => setTimeout(resolve, 200));
    job = (await (await fetch(`${url}/api/captures/${job.id}`)).json()) as Job;
  }
  return job;
}

/** The page of a run that the server calls growing, and whose events can be told by `window.tell`. */
async function growingPage(page: Page, url: string): Promise<Page> {
  await page.addInitScript(TELLABLE);
  await page.route(/\/api\/runs\/[^/]+$/, async (route) => {
    const answer = await route.fetch();
    const run = await answer.json();
    await route.fulfill({response: answer, json: {...run, summary: {...run.summary, live: true}}});
  });
  await page.goto(url);
  await page.getByText(/fitted on all/).waitFor();
  await page.waitForTimeout(4 * REST_MS);
  return page;
}

async function measure(page: Page, job: Job, count: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const grow = growth(page, job, 2 * count + 1);
  await grow();
  const [busy, scripts, longest]: [number[], number[], number[]] = [[], [], []];
  for (let k = 0; k < count; ++k) {
    await page.evaluate("longest = 0");
    const before = await timesOf(session);
    await grow();
    const after = await timesOf(session);
    busy.push(1000 * (after.TaskDuration - before.TaskDuration));
    longest.push((await page.evaluate("longest")) as number);
    scripts.push(1000 * (after.ScriptDuration - before.ScriptDuration));
  }
  const told = (values: readonly number[]): string =>
    `${(median(values) ?? NaN).toFixed(0)} ms (${values.map((value) => value.toFixed(0)).join(" ")})`;
  console.log(
    `a redraw of ${STEPS} steps: the main thread is busy for ${told(busy)}, with scripts for ${told(scripts)}; its longest task (0: below 50 ms): ${told(longest)}`
  );
  await session.send("Profiler.enable");
  await session.send("Profiler.setSamplingInterval", {interval: 500});
  await session.send("Profiler.start");
  for (let k = 0; k < count; ++k) await grow();
  const {profile} = await session.send("Profiler.stop");
  for (const {name, self, whole} of functionTimes(profile as Profile).slice(0, SHOWN))
    console.log(`${(whole / count / 1000).toFixed(1).padStart(8)} ms, itself ${(self / count / 1000).toFixed(1).padStart(6)}  ${name}`);
}

/** Tells the page of one step more, up to `count` of them, and waits until it rests. */
function growth(page: Page, job: Job, count: number): () => Promise<void> {
  let told = 0;
  return async () => {
    ++told;
    const grown = {...job, created: job.created + told, status: "running", position: 0, step: STEPS - count + told};
    await page.evaluate(`tell(${JSON.stringify(grown)})`);
    await page.waitForTimeout(REST_MS);
  };
}

async function timesOf(session: CDPSession): Promise<Record<string, number>> {
  const {metrics} = await session.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({name, value}) => [name, value]));
}
