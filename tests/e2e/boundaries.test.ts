import {basename} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import {shippedRuns} from "../../api/models/shipped.ts";
import {exampleRun} from "../../fixtures/makeExampleRun.ts";
import {chromiumPath, launch, openPage, useBench} from "../support/browser.ts";
import {startServer} from "../support/startServer.ts";

const run = basename(exampleRun);

describe.skipIf(!chromiumPath)("a view that breaks", () => {
  const bench = useBench();
  const start = () => startServer({page: bench.page, examples: shippedRuns});

  it.each(["space", "waterfall"])("without WebGL says why it is not there, and the page stays: %s", async (picture) => {
    const browser = await launch({webgl: false});
    onTestFinished(() => browser.close());
    const {url} = await start();
    const page = await openPage(browser, `${url}/?run=${run}&pic=${picture}`, {expected: /WebGL/});
    await page.getByRole("alert").getByText("cannot be shown: this browser offers no WebGL").waitFor();
    await page.getByRole("heading", {name: "A sum and a parity"}).waitFor();
    await page.getByRole("button", {name: "PCA"}).click();
    await page.getByText("fitted on all 21 tokens").waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("for want of its part of the program asks to reload, and the page stays", async () => {
    const {url} = await start();
    const page = await openPage(bench.browser, `${url}/?run=${run}`, {expected: /dynamically imported module/});
    await page.route("**/assets/Space*", (route) => route.abort());
    await page.getByRole("button", {name: "3-D"}).click();
    await page.getByRole("alert").getByText("could not be loaded: the server does not answer, or is newer than this page").waitFor();
    await page.getByRole("heading", {name: "A sum and a parity"}).waitFor();
    await page.unroute("**/assets/Space*");
    await page.getByRole("button", {name: "Reload"}).click();
    await page.getByRole("img", {name: "Trajectories in three dimensions"}).waitFor();
  });
});
