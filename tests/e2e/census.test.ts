import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {writeCensus} from "../support/madeCensus.ts";
import {startServer} from "../support/startServer.ts";
import {temporaryFolder} from "../support/temporaryFolder.ts";

describe.skipIf(!chromiumPath)("the census view", () => {
  const bench = useBench();

  it("says how to make one where there is none", async () => {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?censuses`);
    await page.getByText("No censuses yet").waitFor();
    await page.getByText("orrery census --model").waitFor();
  });

  it("counts, says which tokens carry a label, shows their rows in context, and captures one at its token", async () => {
    const folder = await temporaryFolder();
    const prompts = ["\n19+29=", "\n20+72=", "\n7+5=", "\nrev 123=", "\npar 1000="];
    await writeCensus(join(folder, "censuses"), "sums", {prompts, claim: (text) => (/\d/.test(text) ? "orbit" : "converging")});
    const {url} = await startServer({page: bench.page, runs: join(folder, "runs")});
    const page = await openPage(bench.browser, `${url}/?censuses`);
    await page.getByRole("link", {name: "sums"}).click();
    await page.getByText("at most 0.038 are expected to be false").waitFor();
    const associations = page.getByRole("region", {name: "Which tokens carry which label"});
    const numbers = associations.getByRole("row").filter({hasText: "class"}).filter({hasText: "number"});
    expect(await numbers.innerText()).toMatch(/17 of 17, 100/);
    await numbers.getByRole("button", {name: "number"}).click();
    const rows = page.getByRole("region", {name: "Rows of the census"});
    await expect.poll(() => rows.getByRole("status").innerText()).toBe("17");
    await rows.getByLabel("Text").fill("5");
    await expect.poll(() => rows.getByRole("status").innerText()).toBe("1");
    expect(await rows.locator(".census-context").innerText()).toBe("⏎7+5=");
    await rows.getByRole("button", {name: "Capture"}).click();
    await expect.poll(() => page.url()).toMatch(/run=.*&t=3/);
    await page.getByRole("heading", {name: "sums: prompt 2"}).waitFor();
  });

  it("says of a census under way how far it is", async () => {
    const folder = await temporaryFolder();
    await writeCensus(join(folder, "censuses"), "half", {prompts: ["ab", "cd", "ef"], claim: () => "converging", shards: 1});
    const {url} = await startServer({page: bench.page, runs: join(folder, "runs")});
    const page = await openPage(bench.browser, `${url}/?census=half`);
    await page.getByText("2 of 3 prompts are done").waitFor();
    await page.goto(`${url}/?census=none`);
    await page.getByText("unknown census: none").waitFor();
  });
});
