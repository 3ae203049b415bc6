import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {writeCensus} from "../support/madeCensus.ts";
import {startServer} from "../support/startServer.ts";
import {temporaryFolder} from "../support/temporaryFolder.ts";

describe.skipIf(!chromiumPath)("the census view", () => {
  const bench = useBench();

  it("starts one from the form, which says what it takes, cancels it, goes on with it, removes it and takes it back", async () => {
    const {url} = await startServer({page: bench.page});
    const page = await openPage(bench.browser, `${url}/?censuses`);
    await page.getByRole("link", {name: "Workers"}).click();
    await page.getByText("This server does its work itself").waitFor();
    await page.getByRole("link", {name: "Censuses", exact: true}).last().click();
    await page.getByText("No censuses yet").waitFor();
    await page.getByRole("button", {name: "Start the first one"}).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Prompts, one a line").fill("\\n1+1=\né");
    await form.getByText("invalid prompt 2:").waitFor(); // by the server, before it is started
    const lines = Array.from({length: 40}, (_, i) => JSON.stringify({prompt: `\n${i}+7=`})).join("\n");
    await form.getByLabel("File of prompts").setInputFiles({name: "sums.jsonl", mimeType: "text/plain", buffer: Buffer.from(lines)});
    await form.getByLabel("Steps").fill("0");
    await form.getByText("Steps: 0; expected 1 to 4096.").waitFor();
    await form.getByLabel("Steps").fill("12");
    await form.getByText(/^40 prompts, \d+ tokens, [\d,]+ steps of a token, at most .* on disk/).waitFor();
    await form.getByRole("button", {name: "Start"}).click();
    await page.getByRole("heading", {name: "sums"}).waitFor();
    await page.getByRole("progressbar", {name: "Prompts done"}).waitFor();
    await page.getByRole("button", {name: "Cancel"}).click();
    await page.getByText(/^Partial: stopped after \d+ of 40 prompts/).waitFor();
    await page.getByRole("button", {name: "Go on"}).click();
    await page.getByText(/^Of \d+ trajectories of \d+ tokens in 40 prompts/).waitFor();
    const kept = page.getByRole("region", {name: "Kept traces in one picture"});
    await kept.getByLabel("Kept traces drawn as").selectOption("pca");
    await kept.getByText(/^\d+ states of \d+ tokens in the \d+ traces that were kept, placed together/).waitFor();
    const picture = kept.getByRole("img", {name: /^Trajectories: PC 1 against PC 2/});
    const {width, height} = (await picture.boundingBox())!;
    const position = {x: 0, y: 0};
    for (let spot = 0; spot < 400 && (await kept.getByText(/^“.+”, token \d+ of prompt \d+, /).count()) === 0; ++spot) {
      Object.assign(position, {x: width * (0.1 + 0.04 * (spot % 20)), y: height * (0.08 + 0.04 * Math.floor(spot / 20))});
      await picture.hover({position}); // until a trajectory is under the pointer
    }
    await picture.click({position});
    const rows = page.getByRole("region", {name: "Rows of the census"});
    await expect.poll(() => rows.getByLabel("Prompt", {exact: true}).inputValue()).toMatch(/^\d+$/);
    await page.getByRole("link", {name: "All censuses"}).click();
    await page.getByRole("button", {name: "Delete sums"}).click();
    await page.getByText("No censuses yet").waitFor();
    await page.getByRole("button", {name: "Undo"}).click();
    await page.getByRole("link", {name: "sums"}).waitFor();
  });

  it("counts, says which tokens carry a label, shows their rows in context, and captures one at its token", async () => {
    const folder = await temporaryFolder();
    const prompts = ["\n19+29=", "\n20+72=", "\n7+5=", "\nrev 123=", "\npar 1000="];
    await writeCensus(join(folder, "censuses"), "sums", {prompts, claim: (text) => (/\d/.test(text) ? "orbit" : "converging")});
    await writeCensus(join(folder, "censuses"), "others", {prompts, claim: () => "converging"});
    const {url} = await startServer({page: bench.page, runs: join(folder, "runs")});
    const page = await openPage(bench.browser, `${url}/?censuses`);
    await page.getByRole("link", {name: "sums"}).click();
    await page.getByText("at most 0.038 are expected to be false").waitFor();
    const associations = page.getByRole("region", {name: "Which tokens carry which label"});
    const numbers = associations.getByRole("row").filter({hasText: "class"}).filter({hasText: "number"});
    expect(await numbers.innerText()).toMatch(/17 of 17, 100/);
    const beside = page.getByRole("region", {name: "Beside another census"});
    await beside.getByLabel("Other census").selectOption({label: "others"});
    await beside.getByText("of 38 trajectories of the same token carry the same label").waitFor();
    expect(page.url()).toMatch(/with=others/);
    const orbits = beside.getByRole("row").filter({hasText: "number"}).filter({hasText: "orbit"});
    expect(await orbits.innerText()).toMatch(/−100/);
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

  it("says of a census that was interrupted how far it is", async () => {
    const folder = await temporaryFolder();
    await writeCensus(join(folder, "censuses"), "half", {prompts: ["ab", "cd", "ef"], claim: () => "converging", shards: 1});
    const {url} = await startServer({page: bench.page, runs: join(folder, "runs")});
    const page = await openPage(bench.browser, `${url}/?census=half`);
    await page.getByText("Partial: stopped after 2 of 3 prompts.").waitFor();
    const interim = await page.getByRole("region", {name: "Counts so far"}).innerText();
    expect(interim).toMatch(/Interim: 4 trajectories of 2 of 3 prompts\. *4 converging \(100 %\)/);
    await page.goto(`${url}/?census=none`);
    await page.getByText("unknown census: none").waitFor();
  });
});
