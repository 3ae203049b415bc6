import {describe, expect, it} from "vitest";
import type {PromptRow} from "../../../api/contract/contract.ts";
import {arrangePrompts, PROMPT_COLUMNS, promptOrderOf, promptOrderText, promptRowsCsv} from "../../../app/experiments/promptRows.ts";
import {promptDigest} from "../../../api/experiments/promptDigest.ts";
import {madeResult} from "../../support/madeExperiment.ts";

const row = (index: number, given: Partial<PromptRow>): PromptRow => ({...promptDigest(madeResult(index)).row, ...given});
const rows = [
  row(0, {prompt: "2+2=", rate: 0.9, verdict: "dependent"}),
  row(1, {prompt: "par 10=", rate: null}),
  row(2, {prompt: "1+1=", rate: 0.3, mode: "hard_to_reach"}),
  row(3, {prompt: "9+1=", rate: 0.9})
];
const indices = (sought: string, order: string): number[] => arrangePrompts(rows, sought, promptOrderOf(order)).map(({index}) => index);

describe("arrangePrompts", () => {
  it("orders by a column, equal ones by their index, unknown ones last either way", () => {
    expect(indices("", "rate")).toEqual([2, 0, 3, 1]);
    expect(indices("", "-rate")).toEqual([0, 3, 2, 1]);
    expect(indices("", "prompt")).toEqual([2, 0, 3, 1]);
    expect(indices("", "-index")).toEqual([3, 2, 1, 0]);
  });

  it("can order by every column", () => {
    for (const by of PROMPT_COLUMNS) expect(indices("", by).sort()).toEqual([0, 1, 2, 3]);
  });

  it("keeps rows with every sought word; a verdict is a word of its own", () => {
    expect(indices("+1", "")).toEqual([2, 3]);
    expect(indices("HARD +", "")).toEqual([2]);
    expect(indices("dependent", "")).toEqual([0]);
    expect(indices("independent", "")).toEqual([1, 2, 3]);
  });
});

describe("an order in an address", () => {
  it.each(["", "-index", "rate", "-rate", "said"])("%j is read back", (text) => expect(promptOrderText(promptOrderOf(text))).toBe(text));
  it("that names no column is by index", () => expect(promptOrderOf("colour")).toEqual({by: "index", down: false}));
});

describe("promptRowsCsv", () => {
  it("writes a line a prompt; texts are quoted, unknown numbers empty", () => {
    const [head, line] = promptRowsCsv([row(4, {prompt: 'a,"b"', rate: null, rate_ci: null, said: "=1"})])
      .trim()
      .split("\n");
    const cells = Object.fromEntries(head.split(",").map((name, i) => [name, line.replace('"a,""b"""', "PROMPT").split(",")[i]]));
    expect(cells).toMatchObject({
      index: "4",
      prompt: "PROMPT",
      verdict: "independent",
      rate: "",
      rate_low: "",
      aa_noise: "0.99",
      said: '"\'=1"',
      mode: ""
    });
  });
});
