import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {parseHTML} from "linkedom";
import {describe, expect, it} from "vitest";
import {collectExperiment} from "../../../api/report/collectExperiment.ts";
import {html} from "../../../api/report/html.ts";
import {experimentSections} from "../../../api/report/sections/experimentSections.ts";
import {madeResult, madeSpec, madeToken, type MadeParts} from "../../support/madeExperiment.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

/** The report's body on these prompts, as a document. */
async function bodyOf(prompts: readonly MadeParts[]): Promise<Document> {
  const dir = join(await temporaryFolder(), "e");
  await mkdir(dir);
  await writeFile(join(dir, "spec.json"), JSON.stringify(madeSpec(prompts.length)));
  await writeFile(join(dir, "results.jsonl"), prompts.map((parts, i) => `${JSON.stringify(madeResult(i, parts))}\n`).join(""));
  const report = await collectExperiment(dir);
  return parseHTML(html`<html><body>${experimentSections(report, () => undefined)}</body></html>`.markup).document as unknown as Document;
}

const plain = (text: string): string => text.replaceAll("\u00a0", " ").trim();

const textOf = (document: Document, selector: string): string => plain(document.querySelector(selector)!.textContent!);

const cellsOf = (document: Document, selector: string): string[][] =>
  [...document.querySelectorAll(`${selector} tbody tr`)].map((row) => [...row.children].map((cell) => plain(cell.textContent!)));

describe("the report of an experiment", () => {
  it("lists every place of a prompt with several, with its share, what it says, and whether that is right", async () => {
    const document = await bodyOf([
      {},
      {
        prompt: "48+37=",
        answer: "85",
        sequence: {
          verdict: "dependent",
          reached: 2,
          attractors: [
            {share: 0.75, answer: "85", correct: true},
            {share: 0.25, answer: "84", correct: false, period: 2, starts: {"normal 1": 1, zero: 1}}
          ]
        }
      }
    ]);
    expect(document.querySelector("#places p")!.textContent).toContain("1 of 2 prompts");
    expect(cellsOf(document, "#places")).toEqual([
      ["48+37=", "1", "75 %", "75 % to 75 %", "rests", "“85”, right", "3 normal 1"],
      ["", "2", "25 %", "25 % to 25 %", "cycle of period 2", "“84”, wrong", "1 normal 1, 1 zero"]
    ]);
    expect(textOf(document, "#prompts")).toContain("2 attractors (75 %, 25 %)");
  });

  it("counts among a dependent prompt's attractors those that tested starts reached, wherever they stand", async () => {
    const document = await bodyOf([
      {sequence: {verdict: "dependent", reached: 2, attractors: [{share: 0.75}, {share: 0, starts: {"normal 10": 4}}, {share: 0.25}]}}
    ]);
    expect(textOf(document, "#prompts")).toContain("2 attractors (75 %, 25 %)");
  });

  it("says where no prompt has several places", async () => {
    expect((await bodyOf([{}])).querySelector("#places")!.textContent).toContain("each prompt ended in one place");
  });

  it("shows how far the readouts diverge at the end, token by token, and leaves the column out where nothing was decoded", async () => {
    const heads = (document: Document) => [...document.querySelectorAll("details th[scope=col]")].map(({textContent}) => textContent);
    const decoded = await bodyOf([{tokens: [madeToken(0, {kl: 0.25})]}]);
    expect(cellsOf(decoded, "details")[0][heads(decoded).indexOf("KL at the end, nats")]).toBe("0.25");
    expect(heads(await bodyOf([{tokens: [madeToken(0, {kl: null})]}]))).not.toContain("KL at the end, nats");
  });
});
