import {mkdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import type {Page} from "playwright-core";
import {describe, expect, it, onTestFinished} from "vitest";
import {writeReportTrace} from "../api/report/reportTrace.ts";
import {chromiumPath, openPage, useBench, type OpenOptions} from "../support/browser.ts";
import {madeResult, madeSpec, madeToken} from "../support/madeExperiment.ts";
import {useServer, type RunningServer} from "../support/startServer.ts";
import {temporaryFolder} from "../support/temporaryFolder.ts";

const SIGN = "X5O"; // by which the texts are found again

/** What a stranger may write wherever a text is taken: markup of every kind, what ends what we write, controls, marks of direction, half a character. */
const EVIL =
  `${SIGN}<img src=x onerror="window.__pwned=1"></script><script>window.__pwned=2</script></style></title></textarea>` +
  `<svg onload=window.__pwned=3><a href="javascript:window.__pwned=4">y</a>"'\`\${window.__pwned=5}{{7*7}}-->]]>&lt;b&gt;` +
  `\u202egnp.exe\u2066\u0000\u0001\u001b[31m\u0085\u009b31m\u2028\ud800\uffff`;
const WELL_FORMED = EVIL.replace("\ud800", ""); // as an address can hold it
const LINK = `javascript:window.__pwned=6//${SIGN}`;
const FORMULA = `=HYPERLINK("javascript:alert(1)","${SIGN}")`;

/** What must not be in a document, whatever it shows: `alone` is a report, whose own script stands in it. */
const intruders = (page: Page, alone = false): Promise<string[]> =>
  page.evaluate((isAlone) => {
    const found = [...document.querySelectorAll("*")].filter(
      (element) =>
        element.getAttributeNames().some((name) => name.startsWith("on")) ||
        ["href", "src", "action", "xlink:href"].some((name) => /^\s*javascript:/i.test(element.getAttribute(name) ?? "")) ||
        element.matches("iframe, object, embed, base, img[src='x']") ||
        (element.matches("script") && !isAlone && !element.getAttribute("src")) ||
        element.matches("svg > b, h1 > *:not(span, em), option > *")
    );
    return [...found.map((element) => element.outerHTML.slice(0, 100)), ...("__pwned" in window ? [`ran ${String(window.__pwned)}`] : [])];
  }, alone);

describe.skipIf(!chromiumPath)("texts of strangers", () => {
  const bench = useBench();
  const place = useServer(
    () => ({page: bench.page}),
    async (server) => world(server)
  );

  /** Two runs and an experiment with such texts wherever there is one, a run that cannot be read, and a model's card. */
  async function world({runs}: RunningServer): Promise<void> {
    const announcement = {
      title: EVIL,
      prompt: EVIL,
      owner: EVIL,
      model: {name: EVIL, hash: EVIL, revision: EVIL, config: {[EVIL]: EVIL}},
      family: EVIL,
      state_is: EVIL,
      engine: {name: EVIL, version: EVIL, device: EVIL, threads: 1},
      software: {name: EVIL, version: EVIL},
      imported: {format: EVIL, file: EVIL, notes: [EVIL, LINK]},
      edits: [{op: EVIL}]
    };
    for (const name of ["a", "b"]) {
      await writeReportTrace(join(runs, name), {tokens: [EVIL, LINK, FORMULA, "ok"], steps: 32, inits: 2, announcement});
      await writeFile(join(runs, name, "card.json"), JSON.stringify({title: `${name} ${EVIL}`, tags: [EVIL, LINK, FORMULA]}));
      await writeFile(join(runs, name, "readout_texts.json"), JSON.stringify({"0": EVIL, "3": LINK, "4": FORMULA}));
    }
    await mkdir(join(runs, "broken"));
    await writeFile(join(runs, "broken", "trace.json"), JSON.stringify({schema: EVIL}));
    const folder = join(runs, "..", "experiments", "e");
    await mkdir(folder, {recursive: true});
    const result = (index: number) =>
      madeResult(index, {
        prompt: EVIL,
        answer: LINK,
        tokens: [madeToken(0, {text: EVIL, answer: {id: 1, text: EVIL}}), madeToken(1, {text: FORMULA, answer: {id: 1, text: LINK}})],
        sequence: {
          reached: 2,
          attractors: [
            {share: 0.5, answer: EVIL},
            {share: 0.5, answer: LINK}
          ]
        }
      });
    await writeFile(
      join(folder, "spec.json"),
      JSON.stringify({...madeSpec(3), title: EVIL, owner: EVIL.slice(0, 64), model: {name: EVIL, hash: "0".repeat(64)}})
    );
    await writeFile(join(folder, "prompts.jsonl"), [0, 1, 2].map(() => `${JSON.stringify({prompt: EVIL, answer: LINK})}\n`).join(""));
    await writeFile(join(folder, "results.jsonl"), [0, 1, 2].map((index) => `${JSON.stringify(result(index))}\n`).join(""));
  }

  /** Opens an address, and fails if a script of a stranger runs or asks for something, then and until the test is over. */
  async function open(url: string, options: OpenOptions & {readonly alone?: boolean} = {}): Promise<Page> {
    const page = await openPage(bench.browser, "about:blank", {expected: /WebGL|localStorage/, ...options});
    page.on("dialog", (dialog) => {
      throw new Error(`a dialog opened: ${dialog.message()}`);
    });
    const asked: string[] = [];
    page.on("request", (request) => void (new URL(request.url()).pathname === "/x" && asked.push(request.url())));
    await page.goto(url);
    onTestFinished(async () => {
      if (!page.isClosed()) expect(await intruders(page, options.alone)).toEqual([]);
      expect(asked).toEqual([]);
    });
    return page;
  }

  const shown = async (page: Page): Promise<void> => {
    await expect
      .poll(async () => (await page.locator("body").innerText()).replaceAll("\n", " ").slice(0, 3000), {
        message: page.url(),
        timeout: 60_000
      })
      .toContain(SIGN);
    expect(await intruders(page)).toEqual([]);
  };

  it("are texts on every page", async () => {
    const {url} = place.server;
    const page = await open(url);
    const run = "?run=a&t=0";
    for (const address of [
      "?runs",
      `?runs=&q=${encodeURIComponent(WELL_FORMED)}`,
      ...["portrait", "plane", "umap", "waterfall", "rotations", "space"].map((picture) => `${run}&pic=${picture}`),
      `${run}&lens=coda&s=5`,
      `${run}&with=b`,
      `${run}&site=${encodeURIComponent(WELL_FORMED)}`,
      `?run=${encodeURIComponent(WELL_FORMED)}`,
      "?experiments",
      "?exp=e",
      "?exp=e&p=0",
      `?exp=${encodeURIComponent(WELL_FORMED)}`
    ]) {
      await page.goto(`${url}/${address}`);
      if (address.startsWith("?runs=&q")) await page.getByRole("searchbox").waitFor();
      else await shown(page);
    }
  });

  it("turn the direction of nothing but themselves", async () => {
    const page = await open(`${place.server.url}/?runs`);
    const title = page.getByRole("link", {name: new RegExp(SIGN)}).first();
    expect(await title.evaluate((element) => getComputedStyle(element).unicodeBidi)).toBe("isolate");
  });

  it("are texts in a picture that is saved, which is whole XML for all that", async () => {
    const page = await open(`${place.server.url}/?run=a&t=0&pic=plane`);
    await page.getByRole("button", {name: /^Save: .*principal/}).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", {name: "SVG picture"}).click()]);
    const path = join(await temporaryFolder(), "picture.svg");
    await download.saveAs(path);
    const svg = await readFile(path, "utf8");
    expect(svg).toContain(SIGN);
    const picture = await open(pathToFileURL(path).href, {alone: true}); // a browser shows nothing of XML that is not whole
    expect(
      await picture.evaluate(() => [
        document.documentElement.nodeName,
        document.querySelectorAll("parsererror, script, a, img, foreignObject").length
      ])
    ).toEqual(["svg", 0]);
    expect(await picture.evaluate(() => document.documentElement.textContent)).toContain(SIGN);
  });

  it.each(["runs/a", "experiments/e"])(
    "are texts in the report of %s, which runs its own script and no other, and asks for nothing",
    async (what) => {
      const {get} = place.server;
      const response = await get(`/api/${what}/report`);
      expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
      expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename=[ae]\.html$/);
      expect(response.headers.get("content-security-policy")).toContain("script-src 'self'");
      const path = join(await temporaryFolder(), "report.html");
      const text = await response.text();
      await writeFile(path, text);
      const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(text)![1];
      expect(policy).toMatch(/default-src (&#39;|')none/);
      expect(policy).toMatch(/script-src (&#39;|')sha256-/);
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      const page = await open(pathToFileURL(path).href, {
        alone: true,
        offline: true,
        firstVisit: true,
        expected: /Content Security Policy/
      });
      await expect.poll(async () => page.locator("body").innerText()).toContain(SIGN);
      expect(await page.locator("script").count()).toBe(2);
      await page.evaluate(() => {
        const script = document.createElement("script"); // whatever might get in does not run
        script.textContent = "window.__pwned = 'inline'";
        document.body.append(script);
        script.remove();
      });
      expect(await page.evaluate(() => "__pwned" in window)).toBe(false);
    }
  );

  it("are texts in CSV, in cells that no spreadsheet runs", async () => {
    const csv = await (await place.server.get("/api/runs/a/export?format=csv")).text();
    for (const cell of csv.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^",\r\n]*)/gm))
      expect(cell[1].replace(/^"/, "")).not.toMatch(/^[=+@\t]|^-[^\d.]/);
    expect(csv).toContain("'=HYPERLINK");
  });

  it("of a file that is dropped, and of the answer about it, are texts", async () => {
    const page = await open(`${place.server.url}/?runs`);
    await page.getByRole("button", {name: "Open …"}).click();
    await page.getByLabel("File, or all files of a trace folder").setInputFiles({
      name: `${SIGN}<img src=x onerror=window.__pwned=7>.npy`,
      mimeType: "text/html",
      buffer: Buffer.from("<script>window.__pwned=8</script>")
    });
    await page.getByRole("button", {name: "Open", exact: true}).click();
    await page.getByRole("alert").first().waitFor();
    expect(await intruders(page)).toEqual([]);
  });

  it("the page's policy holds: a script that got in does not run, nor is anything asked for elsewhere", async () => {
    const page = await openPage(bench.browser, `${place.server.url}/?runs`, {expected: /Content Security Policy|localStorage/i});
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.__pwned = 'inline'";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", "<img src='data:,' onerror='window.__pwned = 1'><iframe srcdoc='<p>'></iframe>");
    });
    expect(await page.evaluate(() => fetch("http://127.0.0.1:9/").then(String, (error: Error) => error.message))).toBe("Failed to fetch");
    await page.waitForTimeout(100);
    expect(await page.evaluate(() => "__pwned" in window)).toBe(false);
  });
});
