import {readFile} from "node:fs/promises";
import {createRequire} from "node:module";
import type {AxeResults, RunOptions} from "axe-core";
import type {Page} from "playwright-core";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** How a page is looked at: light, dark, narrow. */
export const ways = [
  {colorScheme: "light", viewport: {width: 1440, height: 900}},
  {colorScheme: "dark", viewport: {width: 1440, height: 900}},
  {colorScheme: "light", viewport: {width: 768, height: 1024}}
] as const;

interface Axe {
  run(options: RunOptions): Promise<AxeResults>;
}

/** What axe finds serious or critical in a page, each with the places. */
export async function seriousOf(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axePath, "utf8")); // not a script tag: the page's policy forbids those
  const {violations} = await page.evaluate(() => (globalThis as unknown as {axe: Axe}).axe.run({resultTypes: ["violations"]})); // what passes is not described node by node
  return violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .map(
      ({id, nodes}) =>
        `${id}: ${nodes
          .map(({html, failureSummary}) => `${html.slice(0, 120)} ${failureSummary?.split("\n")[1] ?? ""}`)
          .slice(0, 3)
          .join(" | ")}`
    );
}
