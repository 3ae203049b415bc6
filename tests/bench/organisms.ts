import {readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {PATTERNS} from "../../analysis/patterns/labels.ts";
import {randomAt, wholeBelow} from "../../capture/train/randomAt.ts";
import {confusionOf} from "../../fixtures/organisms/confusion.ts";
import {labelledPrompts} from "../../fixtures/organisms/labelledPrompts.ts";
import {othersText, shareOf} from "./patternCells.ts";
import {printTable, type Format} from "./table.ts";

interface OrganismsOptions {
  /** Of each organism; the clock and the bistable were trained on none of them. */
  readonly prompts: number;
  readonly steps: number;
  readonly seed: number;
}

/** Tokens of which one thing is true, and how often each label was given. */
interface OrganismRow {
  readonly name: string;
  readonly truth: string;
  /** Which of the counts is the right one. */
  readonly right: string;
  readonly counts: Readonly<Record<string, number>>;
}

const at = (path: string): string => fileURLToPath(new URL(`../../fixtures/organisms/${path}`, import.meta.url));

/** Prints what the labels say of trained networks whose dynamics are known, organisms whose name holds `match`. */
export async function printOrganisms(match: string, format: Format, options: OrganismsOptions): Promise<void> {
  const table = printTable(["organism", "n", "truth", "found, 95 % interval", "else"], format);
  for (const [organism, rowsOf] of Object.entries(ORGANISMS)) {
    if (!organism.includes(match)) continue;
    for (const {name, truth, right, counts} of await rowsOf(options)) {
      const n = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const others = Object.fromEntries(Object.entries(counts).filter(([label, count]) => label !== right && count > 0));
      table.row([name, String(n), truth, shareOf(counts[right], n), othersText(others)]);
    }
  }
}

const ORGANISMS: Readonly<Record<string, (options: OrganismsOptions) => Promise<OrganismRow[]>>> = {
  async clock({prompts, steps, seed}) {
    const confusion = await confusionOf({model: at("clock"), prompts, tokens: 12, steps, form: "one clock", seed});
    return [...confusion].map(([truth, counts]) =>
      truth.startsWith("period")
        ? {name: `clock: ${truth}`, truth: `orbit of ${truth}`, right: "right period", counts}
        : {name: `clock: ${truth}`, truth: "converging", right: "converging", counts}
    );
  },
  async bistable({prompts, steps, seed}) {
    const drawn = Array.from({length: prompts}, (_, i) => {
      const random = randomAt(seed, "measured rows", i);
      return `${Array.from({length: 5}, () => String.fromCharCode(97 + wholeBelow(random, 26))).join("")}?`;
    });
    return [await settling("bistable", drawn, steps)];
  },
  async arithmetic({prompts, steps}) {
    const problems = readFileSync(at("arithmetic/problems.jsonl"), "utf8").trimEnd().split("\n");
    const every = Math.max(1, problems.length / prompts); // some of each family
    const spread = problems.filter((_, i) => Math.floor(i / every) > Math.floor((i - 1) / every));
    return [
      await settling(
        "arithmetic",
        spread.map((line) => (JSON.parse(line) as {prompt: string}).prompt),
        steps
      )
    ];
  }
};

/** Every token comes to rest. */
async function settling(organism: string, prompts: readonly string[], steps: number): Promise<OrganismRow> {
  const counts: Record<string, number> = Object.fromEntries(PATTERNS.map((label) => [label, 0]));
  for await (const {tokens} of labelledPrompts(at(organism), prompts, steps)) for (const {pattern} of tokens) ++counts[pattern];
  return {name: organism, truth: "converging", right: "converging", counts};
}
