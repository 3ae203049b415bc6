import {describe, expect, it} from "vitest";
import type {PromptResult} from "../../api/contract.ts";
import {promptLinesOf} from "../../app/promptLines.ts";
import {saidOf} from "../../app/views/PromptTable.tsx";

describe("promptLinesOf", () => {
  it("takes a prompt a line, its answer after a tab, and newlines written out", () => {
    expect(promptLinesOf("\\n48+37=\t85\n\n1+2=")).toEqual([{prompt: "\n48+37=", answer: "85"}, {prompt: "1+2="}]);
  });
  it("refuses no prompt, and too many", () => {
    expect(() => promptLinesOf(" \n ")).toThrow("no prompts: expected at least one line");
    expect(() => promptLinesOf("a\n".repeat(1001))).toThrow("too many prompts: 1001; expected at most 1000");
  });
});

describe("saidOf", () => {
  const tokens = ["=", "8", "5"].map((text) => ({answer: {id: 0, text}})) as PromptResult["tokens"];
  it("joins as many answers as the known one is long, else only the last", () => {
    expect(saidOf(tokens, "85")).toBe("85");
    expect(saidOf(tokens, null)).toBe("5");
    expect(saidOf([], "85")).toBe("");
  });
});
