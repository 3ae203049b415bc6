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
  run(within: string, options: RunOptions): Promise<AxeResults>;
}

/** What axe finds serious or critical in a page, or within an element of it that lies over the rest, each with the places. */
export async function seriousOf(page: Page, within = "html"): Promise<string[]> {
  await page.evaluate(await readFile(axePath, "utf8")); // not a script tag: the page's policy forbids those
  const options: RunOptions = {
    resultTypes: ["violations"], // what passes is not described node by node
    rules: {"target-size": {enabled: true}} // WCAG 2.2, 2.5.8; off unless asked for
  };
  const {violations} = await page.evaluate(([place, how]) => (globalThis as unknown as {axe: Axe}).axe.run(place, how), [
    within,
    options
  ] as const);
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
