import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {startServer} from "../support/startServer.ts";

const examples = fileURLToPath(new URL("../../fixtures/runs", import.meta.url));

describe.skipIf(!chromiumPath)("a narrow page", () => {
  const bench = useBench();

  it("of any list sticks out nowhere at 390 pixels", async () => {
    const {url} = await startServer({page: bench.page, examples});
    const page = await openPage(bench.browser, `${url}/?runs`, {viewport: {width: 390, height: 844}});
    const found: string[] = [];
    for (const view of ["runs", "censuses", "experiments", "evaluations", "methods", "generate"]) {
      await page.goto(`${url}/?${view}`);
      await page.getByRole("heading", {level: 1}).waitFor();
      if (view === "generate") await page.getByText("try", {exact: true}).waitFor();
      if (view === "runs") await page.getByRole("table").waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > 390) {
        const widest = await page.evaluate(() =>
          [...document.querySelectorAll("body *")]
            .filter((node) => node.getBoundingClientRect().right > 391)
            .map((node) => node.outerHTML.slice(0, 90))
        );
        found.push(`${view}: ${wide} px: ${widest.slice(0, 6).join(" | ")}`);
      }
    }
    expect(found).toEqual([]);
  });
});
