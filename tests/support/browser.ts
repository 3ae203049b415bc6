import {fileURLToPath} from "node:url";
import {existsSync} from "node:fs";
import {mkdir, mkdtemp, rename, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {chromium, type Browser, type BrowserContextOptions, type Page} from "playwright-core";
import {afterAll, beforeAll, onTestFinished} from "vitest";
import {findChromium} from "./findChromium.ts";

const app = fileURLToPath(new URL("../../app", import.meta.url));

const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync"
];
const SOFTWARE_GL = ["--disable-gpu", "--enable-unsafe-swiftshader"]; // WebGL by the processor; the page itself is drawn without, which takes a fraction of the time

const SHARED = "ORRERY_TEST_PAGE"; // set by oncePerRun.ts
const WAIT_MS = 50;

export const chromiumPath = findChromium();

/** The page as it is in the sources, built into a folder of its own. */
export interface BuiltPage {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function buildPage({minify = true}: {readonly minify?: boolean} = {}): Promise<BuiltPage> {
  const folder = await mkdtemp(join(tmpdir(), "orrery-page-"));
  const {build} = await import("vite"); // one file of a run builds
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production"; // the test runner's own value would bring React's development build
  await build({root: app, configFile: join(app, "vite.config.ts"), logLevel: "error", build: {outDir: folder, emptyOutDir: true, minify}});
  process.env.NODE_ENV = before;
  return {folder, remove: () => rm(folder, {recursive: true, force: true})};
}

/** A headless Chromium with a fresh profile; `webgl` off is a machine that offers none. */
export const launch = ({webgl = true}: {readonly webgl?: boolean} = {}): Promise<Browser> =>
  chromium.launch({executablePath: chromiumPath, args: [...FLAGS, ...(webgl ? SOFTWARE_GL : ["--disable-3d-apis"])]});

/** The page that all files of one test run share: the first that needs it builds it, the others wait. A folder of the file's own outside of such a run. */
async function sharedPage(): Promise<BuiltPage> {
  const folder = process.env[SHARED];
  if (!folder) return buildPage();
  const built = join(folder, "built");
  const mine = await mkdir(join(folder, "claimed")).then(
    () => true,
    () => false
  );
  if (mine) await buildPage().then((page) => rename(page.folder, built));
  while (!existsSync(built)) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  return {folder: built, remove: async () => {}};
}

/** One browser for a whole file, and one build of the page; there from the first test on. */
export interface Bench {
  readonly browser: Browser;
  /** Folder of the built page. */
  readonly page: string;
}

/** Starts a browser and builds the page before the tests of a block, and ends both after them. */
export function useBench(): Bench {
  let built: BuiltPage;
  let browser: Browser;
  beforeAll(async () => {
    [built, browser] = await Promise.all([sharedPage(), launch()]);
  });
  afterAll(async () => {
    await browser?.close();
    await built?.remove();
  });
  return {
    get browser() {
      return browser;
    },
    get page() {
      return built.folder;
    }
  };
}

export interface OpenOptions extends BrowserContextOptions {
  /** The hints of a first visit are put away, unless this is set. */
  readonly firstVisit?: boolean;
  /** What the page may throw or log besides; defaults to nothing. */
  readonly expected?: RegExp;
}

/** A page in a context of its own; the test fails if it throws or logs an error, save for what a server's absence causes. */
export async function openPage(
  browser: Browser,
  url: string,
  {firstVisit = false, expected = /$^/, viewport = {width: 1440, height: 900}, ...options}: OpenOptions = {}
): Promise<Page> {
  const context = await browser.newContext({viewport, ...options});
  const errors: string[] = [];
  onTestFinished(async () => {
    await context.close();
    if (errors.length > 0) throw new Error(`the page complained: ${errors.join("; ")}`);
  });
  if (!firstVisit) await context.addInitScript(() => localStorage.setItem("orrery.hints", "seen"));
  const page = await context.newPage();
  page.on("pageerror", (error) => !expected.test(error.message) && errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource|ERR_/.test(message.text()) && !expected.test(message.text()))
      errors.push(message.text());
  });
  page.setDefaultTimeout(120_000); // a slow machine is not a failure
  await page.goto(url);
  return page;
}
