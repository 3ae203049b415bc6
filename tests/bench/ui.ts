import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {mean, quantile} from "d3-array";
import type {Browser} from "playwright-core";
import {build} from "vite";
import {chromiumPath, launch} from "../support/browser.ts";
import {NO_CHROMIUM} from "../support/findChromium.ts";
import type {Drawn} from "./uiPage/frames.ts";
import type {Lines} from "./uiPage/scatterplotPage.ts";
import type {Size} from "./uiPage/walks.ts";
import {positive} from "../support/readNumber.ts";

const SIZES: readonly Size[] = [
  {steps: 65, inits: 4, tokens: 32},
  {steps: 129, inits: 1, tokens: 512},
  {steps: 245, inits: 4, tokens: 512}
];

/** Straight lines are what Orrery draws; its own default are splines. */
const PEERS: readonly (readonly [string, Lines])[] = [
  ["straight lines", "straight"],
  ["its splines", "splines"],
  ["points only", "none"]
];

/**
 * `npm run bench -- ui [SECONDS]`: the page's plot and regl-scatterplot draw the same trajectories in one headless browser, one after the
 * other; how long until the first picture, from frame to frame while it zooms, and from then on until nothing changes any more: Orrery draws a
 * sample of the lines while it moves, and the others once it rests. SECONDS of zooming each, 4 where it is not said.
 */
export async function bench([seconds = "4"]: readonly string[]): Promise<void> {
  const each = positive("SECONDS", seconds);
  if (!chromiumPath) return console.log(NO_CHROMIUM);
  const folder = await mkdtemp(join(tmpdir(), "orrery-ui-"));
  const root = fileURLToPath(new URL("./uiPage", import.meta.url));
  await build({
    root,
    configFile: false,
    logLevel: "error",
    build: {
      outDir: folder,
      emptyOutDir: true,
      lib: {entry: join(root, "main.ts"), formats: ["iife"], name: "uiBench", fileName: () => "bench.js"}
    }
  });
  const browser = await launch();
  try {
    console.log(`points   ${"drawn by".padEnd(32)}first picture    frame, mean   frame, 95 %   whole, at rest`);
    for (const size of SIZES) {
      await report(browser, folder, size, "Orrery", `drawOrrery(${JSON.stringify(size)}, ${each})`);
      for (const [name, lines] of PEERS)
        await report(browser, folder, size, `regl-scatterplot, ${name}`, `drawScatterplot(${JSON.stringify(size)}, ${each}, "${lines}")`);
    }
  } finally {
    await browser.close();
    await rm(folder, {recursive: true, force: true});
  }
}

/** A page of its own for each, so that none draws in the other's memory. */
async function report(browser: Browser, folder: string, {steps, inits, tokens}: Size, name: string, call: string): Promise<void> {
  const page = await browser.newPage({viewport: {width: 1000, height: 600}});
  await page.addScriptTag({path: join(folder, "bench.js")});
  const begin = `${String(steps * inits * tokens).padStart(7)}  ${name.padEnd(32)}`;
  try {
    const {first, times, rest} = (await page.evaluate(call)) as Drawn;
    const columns = [first, mean(times), quantile(times, 0.95), rest].map((value) => `${(value ?? NaN).toFixed(0).padStart(9)} ms`);
    console.log(`${begin}${columns.join("   ")}`);
  } catch (error) {
    console.log(`${begin}  failed: ${(error as Error).message.split("\n")[0]}`);
  } finally {
    await page.close();
  }
}
