import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {pino} from "pino";
import type {Browser, Page} from "playwright-core";
import {createServer} from "../../api/server.ts";
import {buildPage, chromiumPath, launch} from "../support/browser.ts";
import {NO_CHROMIUM} from "../support/findChromium.ts";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = at("fixtures/screenshots");

const QUERY = "?run=sum-and-parity";

/** The views shown in the README; what is to be waited for, and what is to be pressed first. */
const VIEWS: readonly {name: string; query: string; ready: string; act?: (page: Page) => Promise<void>}[] = [
  {name: "run", query: `${QUERY}&t=2,4,6&s=6&by=logstep`, ready: "q <"},
  {name: "rotations", query: `${QUERY}&pic=rotations&by=logstep`, ready: "q <"},
  {name: "waterfall", query: `${QUERY}&pic=waterfall&t=none&by=logstep`, ready: "No token is chosen"},
  {name: "capture", query: QUERY, ready: "q <", act: (page) => page.getByRole("button", {name: "New capture"}).click()},
  {name: "runs", query: "?runs", ready: "Captured"}
];

/** `npm run screenshots`: the main views, light and dark, of the example run, into fixtures/screenshots. */
async function screenshots(): Promise<void> {
  if (!chromiumPath) return console.log(NO_CHROMIUM);
  await mkdir(folder, {recursive: true});
  const built = await buildPage();
  const server = createServer({page: built.folder, runs: join(built.folder, "runs"), models: [at("fixtures/models")], examples: at("fixtures/runs"), log: pino({level: "silent"})});
  const url = await server.listen({port: 0});
  const browser = await launch();
  for (const colorScheme of ["light", "dark"] as const) for (const view of VIEWS) await take(browser, `${url}/`, view, colorScheme);
  await browser.close();
  await server.close();
  await built.remove();
}

async function take(browser: Browser, url: string, {name, query, ready, act}: (typeof VIEWS)[number], colorScheme: "light" | "dark"): Promise<void> {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}, colorScheme, reducedMotion: "reduce"});
  await context.addInitScript(() => localStorage.setItem("orrery.hints", "seen"));
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(`${url}${query}`);
  await page.getByText(ready).first().waitFor();
  if (act) await act(page);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForFunction(() => !document.body.textContent?.includes("Projecting …") && !document.body.textContent?.includes("Loading …"));
  await page.evaluate(() => new Promise((done) => setTimeout(done, 500))); // the drawing itself
  const path = join(folder, `${name}-${colorScheme}.png`);
  await page.screenshot({path});
  console.log(path);
  await context.close();
}

await screenshots();
