import {spawn, type ChildProcess} from "node:child_process";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Page} from "playwright-core";
import {chromiumPath, launch} from "../support/browser.ts";
import {NO_CHROMIUM} from "../support/findChromium.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PROMPT = "\n12+34=";

/**
 * `npm run bench -- firstOrbit`: what a newcomer waits for. From `npm start`, the build included, to an orbit on the screen of a first
 * visit, without a press; and from the press that captures a prompt of one's own to its labels.
 */
export async function bench(): Promise<void> {
  if (!chromiumPath) return console.log(NO_CHROMIUM);
  const runs = await mkdtemp(join(tmpdir(), "orrery-first-"));
  const browser = await launch(); // a newcomer's is open
  const page = await browser.newPage({viewport: {width: 1440, height: 900}});
  page.setDefaultTimeout(300_000);
  const begun = performance.now();
  const server = spawn("npm", ["start", "--", "--port", "0", "--runs", runs], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"]
  });
  try {
    const url = await addressOf(server);
    say("npm start to its address", begun);
    await page.goto(url);
    await page.getByRole("heading", {name: /^Orbit of/}).waitFor();
    await page.getByRole("img", {name: /^Recurrence/}).waitFor();
    say("npm start to an orbit on the screen", begun);
    say("own prompt to its labels", await captured(page));
  } finally {
    process.kill(-server.pid!, "SIGTERM"); // npm, the shell and the server
    await browser.close();
    await rm(runs, {recursive: true, force: true});
  }
}

const say = (what: string, from: number): void => console.log(`${what}: ${((performance.now() - from) / 1000).toFixed(1)} s`);

/** Captures a prompt in the page; when the button was pressed. */
async function captured(page: Page): Promise<number> {
  await page.getByRole("button", {name: "New capture"}).click();
  await page.getByRole("textbox", {name: "Prompt"}).fill(PROMPT);
  const pressed = performance.now();
  await page.getByRole("button", {name: "Capture", exact: true}).click();
  await page.getByRole("heading", {level: 1, name: "12+34="}).waitFor();
  await page
    .getByTitle(/^Choose the tokens that are/)
    .first()
    .waitFor();
  return pressed;
}

/** The address that a server says on its output; throws where it ends before. */
async function addressOf({stdout}: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of stdout!) {
    text += chunk;
    const [url] = /http:\/\/\S+/.exec(text) ?? [];
    if (url) return url;
  }
  throw new Error(`npm start ended: ${text}`);
}
