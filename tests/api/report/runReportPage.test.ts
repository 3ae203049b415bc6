import {Refusal} from "../../../capture/trace/refusal.ts";
import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {beforeAll, describe, expect, it} from "vitest";
import {reportImport, isReport} from "../../../api/exchange/reportImport.ts";
import {collectRun} from "../../../api/report/collectRun.ts";
import {unpackNumbers} from "../../../api/report/packing.ts";
import {partialLine} from "../../../api/report/reportPage.ts";
import {builtScript, type ReportScript} from "../../../api/report/reportScript.ts";
import {runReportPage} from "../../../api/report/runReportPage.ts";
import {openTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {shippedModel} from "../../support/shippedModel.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {FLIPPING, reportTrace} from "./reportTrace.ts";

let script: ReportScript;
beforeAll(async () => {
  script = await builtScript();
});

describe("collectRun", () => {
  it("carries the labels and the paths that a run has by construction, and says so in words", async () => {
    const {summary, verdicts, paths, portraits} = await collectRun(await reportTrace(await temporaryFolder()));
    expect(summary).toMatchObject({
      status: "complete",
      tokens: 4,
      inits: 4,
      steps: 64,
      patterns: {counts: {converging: 12, orbit: 4, slider: 0, unsettled: 0}},
      independence: {independent: 4, dependent: 0, unfinished: 0}
    });
    expect(verdicts.filter(({pattern}) => pattern === "orbit").map(({token, period}) => [token, Math.round(period!)])).toEqual(
      Array.from({length: 4}, () => [FLIPPING, 2])
    );
    expect(summary.rate!.median).toBeCloseTo(0.6, 1);
    for (const {rate} of paths!.tokens) expect(rate).toBeCloseTo(0.6, 3);
    expect(paths!.tokens.map(({period}) => period)).toEqual([1, 2, 1, 1]);
    expect(portraits[0].info).toMatchObject({token: FLIPPING, pattern: "orbit", inits: [0, 1, 2, 3]});
    expect(portraits.map(({info}) => info.token).sort()).toEqual([0, 1, 2, 3]);
    expect(summary.sentences).toEqual(
      expect.arrayContaining([
        "small ran 64 recurrent steps over 4 tokens from 4 initial states: 16 trajectories.",
        "Of 16 trajectories, 12 converge and 4 are orbits at q ≤ 0.001.",
        "No slider was found among 16 trajectories at q ≤ 0.001.",
        expect.stringMatching(/^The orbits turn once in 2 steps/),
        expect.stringMatching(/^All 4 initial states end in one attractor for every token/),
        expect.stringContaining(
          "the likeliest next token is “d” (mean probability 0.5 at the last step); all 4 initial states give it from step 2 on."
        )
      ])
    );
  });

  it("keeps the run's own numbers: distances end at 0, the readout as it was", async () => {
    const {numbers, words} = await collectRun(await reportTrace(await temporaryFolder()));
    const distance = unpackNumbers(numbers.distance);
    expect(numbers.distance.shape).toEqual([65, 4, 4]);
    expect([...distance.subarray(64 * 16)]).toEqual(new Array(16).fill(0));
    expect([...unpackNumbers(numbers.top_ids).subarray(0, 5)]).toEqual([0, 4, 5, 6, 7]);
    expect(words).toEqual({0: "a", 3: "d"});
    expect(numbers.points.shape).toEqual([65, 4, 4, 6]);
  });

  it("reads ids in the words of the run's model, and not in those of a model that reads the prompt otherwise", async () => {
    const reader = await openTrace(exampleRun);
    const known = new Set(reader.trace.tokens.map(({text}) => text));
    const named = await collectRun(reader, {model: shippedModel});
    await reader.close();
    expect(Object.values(named.words).some((text) => !known.has(text))).toBe(true);
    const other = await collectRun(await reportTrace(await temporaryFolder(), {tokens: ["Ω", "b", "c"]}), {model: shippedModel});
    expect(other.words).toEqual({0: "Ω"});
  });

  it("says why there is nothing about paths: one initial state, equal ones, too few steps", async () => {
    const reasons = await Promise.all(
      [{inits: 1}, {announcement: {inits: [0, 1, 2, 3].map(() => ({kind: "zero" as const, seed: null, scale: null}))}}, {steps: 3}].map(
        async (options) => (await collectRun(await reportTrace(await temporaryFolder(), options))).no_paths
      )
    );
    expect(reasons).toEqual([
      "The run has one initial state; path independence needs at least two.",
      "All initial states of the run are equal, so nothing can be said about path independence.",
      "The run has 3 steps; path independence needs at least 4."
    ]);
  });

  it("does without a readout", async () => {
    const report = await collectRun(await reportTrace(await temporaryFolder(), {readout: false}));
    expect(report).toMatchObject({lens: null, words: {}});
    expect(Object.keys(report.numbers)).not.toContain("top_ids");
    expect(
      (await runReportPage(await reportTrace(await temporaryFolder(), {readout: false}), {script})).includes(
        "The run was captured without a readout."
      )
    ).toBe(true);
  });
});

describe("runReportPage", () => {
  it("makes the same bytes of the same run", async () => {
    const dir = await temporaryFolder();
    const reader = await reportTrace(dir);
    const page = await runReportPage(reader, {script});
    expect(page).toBe(await runReportPage(reader, {script}));
    expect(page).toContain("; entropy of the readout, nats; KL of the readout to the last step&#39;s, nats");
  });

  it("takes at most 6 MB for 64 steps, 40 tokens and 4 initial states, and asks no address for anything", async () => {
    const tokens = Array.from({length: 40}, (_, i) => `t${i}`);
    const page = await runReportPage(await reportTrace(await temporaryFolder(), {tokens}), {script});
    expect(Buffer.byteLength(page)).toBeLessThan(6_000_000);
    expect(/\b(src|href|action)\s*=\s*["']?(https?:)?\/\//i.exec(page)).toBeNull();
    expect(page.includes("default-src &#39;none&#39;")).toBe(true);
  });

  it("says partial on its first line, in its title and in what is read back, up to where the run came", async () => {
    const dir = await temporaryFolder();
    const page = await runReportPage(await reportTrace(dir, {last: 23}), {script});
    const path = join(dir, "report.html");
    await writeFile(path, page);
    expect(page.slice(0, page.indexOf("\n"))).toContain("partial");
    expect(page.includes("<title>Partial: ")).toBe(true);
    expect(page.slice(page.indexOf("<main>"), page.indexOf("<header>"))).toMatch(
      /^<main>\s*<p class="partial" role="note">Partial run: stopped at step 23 of 64 \(killed\)\./
    );
    const {summary, ...report} = await reportImport(path);
    expect(summary).toMatchObject({status: "partial", stopped: "killed", steps: 64, steps_written: 23});
    expect(partialLine({summary, ...report} as Parameters<typeof partialLine>[0])).toContain("step 23 of 64");
    expect(summary.sentences[0]).toContain("23 of 64 recurrent steps (stopped: killed)");
  });

  it.each([0, 1, 2])("reports a run that stopped at step %i", async (last) => {
    const page = await runReportPage(await reportTrace(await temporaryFolder(), {last}), {script});
    expect(page.includes(`Partial run: stopped at step ${last} of 64 (killed)`)).toBe(true);
    expect(/NaN|undefined|Infinity/.exec(page.slice(page.indexOf("<main>"), page.indexOf("</main>")))).toBeNull();
  });

  it.each([0, 20])(
    "reports a run of which one initial state is not finite from step %i on, with all pictures of the others",
    async (from) => {
      const reader = await reportTrace(await temporaryFolder());
      const {trace} = reader;
      const broken: TraceReader = {
        ...reader,
        async readSite(site, options = {}) {
          const slice = await reader.readSite(site, options);
          const inits = options.inits ?? [...trace.inits.keys()];
          const slab = slice.tokens * slice.width;
          for (let row = 0; row < slice.steps * slice.inits; ++row)
            if (inits[row % slice.inits] === 1 && slice.firstStep + Math.floor(row / slice.inits) >= from)
              slice.data.fill(NaN, row * slab, (row + 1) * slab);
          return slice;
        }
      };
      const page = await runReportPage(broken, {script});
      const {paths, portraits} = await collectRun(broken);
      expect(paths!.tokens.map(({rate}) => rate !== null)).toEqual(paths!.tokens.map(() => true));
      expect(portraits.length).toBeGreaterThan(0);
      expect(page).toContain("Left out of path independence");
    }
  );

  it("refuses a run without a step", async () => {
    await expect(runReportPage(await reportTrace(await temporaryFolder(), {last: -1}), {script})).rejects.toThrow(
      new Refusal("invalid run: no step of state is written yet; expected at least one")
    );
  });

  it("has no partial line for a complete run", async () => {
    const page = await runReportPage(await reportTrace(await temporaryFolder()), {script});
    expect(/class="partial"|<title>Partial|partial report/.exec(page)).toBeNull();
  });

  it("holds every figure as a drawing that needs no script, once", async () => {
    const page = await runReportPage(await reportTrace(await temporaryFolder()), {script});
    for (const id of ["portrait", "plane", "waterfall", "rotations", "heat", "curves", "gaps"]) {
      const start = page.indexOf(`<figure id="fig-${id}">`);
      expect(page.slice(start, page.indexOf("</figure>", start))).toMatch(/<svg [\s\S]*<\/svg>[\s\S]*<figcaption><b>Figure \d/);
    }
    expect(page.match(/<b>Figure (\d)/g)).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `<b>Figure ${n}`));
  });

  it("keeps markup in a prompt, a title and a token a text", async () => {
    const attack = "</script><img src=x onerror=alert(1)><!--";
    const page = await runReportPage(
      await reportTrace(await temporaryFolder(), {
        tokens: [attack, "</title>", "]]>"],
        announcement: {title: attack, model: {name: "<b>small", hash: null, revision: null, config: {}}}
      }),
      {script}
    );
    expect(["<img src=x", "<b>small"].filter((markup) => page.includes(markup))).toEqual([]);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
  });
});

describe("reportImport", () => {
  it("gives back the whole report, summary first, as it was collected", async () => {
    const dir = await temporaryFolder();
    const reader = await reportTrace(dir);
    const path = join(dir, "report.html");
    await writeFile(path, await runReportPage(reader, {script}));
    const collected = await collectRun(reader);
    expect(await isReport(path)).toBe(true);
    expect(await reportImport(path)).toEqual(JSON.parse(JSON.stringify(collected)));
  });

  it("refuses HTML that is no report, one that was damaged, and one of another schema, by name", async () => {
    const dir = await temporaryFolder();
    const path = join(dir, "page.html");
    const refusalOf = async (text: string) => {
      await writeFile(path, text);
      return reportImport(path).then(String, (error: Error) => error.message);
    };
    const page = await runReportPage(await reportTrace(join(dir, "run")), {script});
    expect(await refusalOf("<!doctype html><p>hello")).toBe(`not a report: ${path} has no element #report-data`);
    expect(await refusalOf(page.replace('"schema":"orrery-report/1",', "}"))).toBe(`invalid report: ${path}: the data inside: not JSON`);
    expect(await refusalOf(page.replace("orrery-report/1", "orrery-report/9"))).toMatch(
      /^invalid report: .*schema: "orrery-report\/9"; .*"orrery-report\/1"/
    );
    expect(await refusalOf(page.replace('"kind":"run","summary"', '"kind":"talk","summary"'))).toMatch(/^invalid report: .*kind/);
  });

  it("knows a report by its first bytes", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "a.html"), "not html");
    expect(await isReport(join(dir, "a.html"))).toBe(false);
    expect(await isReport(dir)).toBe(false);
  });
});
