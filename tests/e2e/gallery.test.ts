import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Page} from "playwright-core";
import {beforeAll, describe, expect, it} from "vitest";
import {shownRuns} from "../../api/gallery/shownRuns.ts";
import {writeGallery} from "../../api/gallery/writeGallery.ts";
import {writeReportTrace} from "../api/report/reportTrace.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {seriousOf} from "../support/seriousOf.ts";
import {staticServer} from "../support/staticServer.ts";
import {useTemporaryFolder} from "../support/temporaryFolder.ts";

const clock = fileURLToPath(new URL("../../fixtures/runs/clock-of-five", import.meta.url));

/** As strict as a host may be; attributes of style are what charts need. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'";

describe.skipIf(!chromiumPath)("a gallery on a static host", () => {
  const bench = useBench();
  const place = useTemporaryFolder();
  const folder = (): string => join(place.path, "gallery");
  beforeAll(async () => {
    const other = join(place.path, "x <img src=x onerror=alert(1)>");
    await writeReportTrace(other, {announcement: {title: "<b>bold</b>", prompt: null}});
    const runs = await shownRuns([clock, other], {sites: ["state"], modelOf: async () => undefined, log: () => {}});
    await writeGallery(runs, {out: folder(), title: "Two runs", sites: ["state"], umap: true, maxBytes: 1e8, page: bench.page});
  });

  it("lists its runs, opens one, draws the label of a chosen token from parts of its states, and asks for nothing outside its folder", async () => {
    const host = await staticServer(folder(), {below: "/some lab/été/", headers: {"content-security-policy": POLICY}});
    const page = await openPage(bench.browser, `${host.url}/`);
    const outside: string[] = [];
    page.on("request", (request) => {
      if (/^(data|blob):/.test(request.url())) return;
      if (!request.url().startsWith(`${host.url}/`)) outside.push(request.url());
    });
    expect(await page.getByRole("row").nth(1).innerText()).toMatch(
      /A clock of five[\s\S]*clock[\s\S]*12[\s\S]*2[\s\S]*7[\s\S]*64[\s\S]*2[\s\S]*MB/
    );
    await page.getByRole("link", {name: "<b>bold</b>"}).waitFor();
    await page.getByRole("link", {name: "A clock of five"}).click();
    await page.getByRole("heading", {name: /^Orbit of “5”, token 6, init [12]: round every 5 steps/}).waitFor();
    for (const name of [/Orbit plane/, /^Unrolled/, /^Recurrence/]) await page.getByRole("img", {name}).waitFor();
    await page.getByText("Why, and why not the others").click();
    await page.getByRole("region", {name: "Why orbit"}).getByText("yes").first().waitFor();
    await page.keyboard.press("ArrowLeft");
    await page
      .getByRole("heading", {name: /^“y”.*token 5|^Approach of “y”|“y”, token 5/})
      .first()
      .waitFor();
    await pictures(page);
    expect(host.requests.filter(({status}) => status >= 400)).toEqual([]);
    expect(
      host.requests.filter(({path, range, status}) => path.endsWith("states.safetensors") && range && status === 206).length
    ).toBeGreaterThan(0);
    expect(outside).toEqual([]);
  });

  /** Every picture and the parts beside it, each from its file. */
  async function pictures(page: Page): Promise<void> {
    const shown = page.getByRole("region", {name: "Trajectories"});
    for (const [name, heading] of [
      ["PCA", /fitted on/],
      ["Rotations", /mean/],
      ["UMAP", /trustworthiness/]
    ] as const) {
      await page.getByRole("button", {name, exact: true}).click();
      await shown.getByText(heading).first().waitFor();
    }
    await page.getByLabel("Measure").selectOption({label: "entropy"});
    await page.getByText("Exit rules: what each would have done").click();
    await page
      .getByRole("rowheader", {name: /kl|entropy/i})
      .first()
      .waitFor();
    for (const gone of ["Compare", "New capture", "Steer", "Capture again", "Export the run"])
      expect(await page.getByRole("button", {name: gone}).count()).toBe(0);
    for (const gone of ["Nearest states of other trajectories", "Witness: the model’s own step"])
      expect(await page.getByText(gone).count()).toBe(0);
  }

  it("opens by a link at a token and a step where the host gives no parts, narrow and dark; axe finds nothing serious", async () => {
    const host = await staticServer(folder(), {ranges: false});
    const page = await openPage(bench.browser, `${host.url}/?run=clock-of-five&t=2&s=9&pic=plane`, {
      colorScheme: "dark",
      viewport: {width: 390, height: 844}
    });
    await page.getByText(/token 2 · init 1 · step 9/).waitFor();
    expect(await seriousOf(page)).toEqual([]);
    await page.getByRole("button", {name: "Files"}).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", {name: "states.safetensors"}).click()]);
    expect((await readFile(await download.path())).equals(await readFile(join(clock, "states.safetensors")))).toBe(true);
    await page.goto(`${host.url}/`);
    await page.getByRole("link", {name: "A clock of five"}).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await seriousOf(page)).toEqual([]);
    await page.goto(`${host.url}/?run=nobody`);
    await page.getByText(/unknown run: nobody; the gallery has clock-of-five/).waitFor();
    expect(host.requests.filter(({status}) => status !== 200)).toEqual([]);
  });
});
