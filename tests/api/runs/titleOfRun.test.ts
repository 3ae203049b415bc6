import {expect, it} from "vitest";
import {promptBeside} from "../../../api/contract/titleOfWords.ts";
import {titleOfRun} from "../../../api/runs/titleOfRun.ts";

const token = (text: string) => ({text});

it("titleOfRun is the title, else the prompt, else what the tokens read", () => {
  const tokens = [token("a "), token("b")];
  expect(titleOfRun({title: "mine", prompt: "p", tokens})).toBe("mine");
  expect(titleOfRun({title: null, prompt: "p", tokens})).toBe("p");
  expect(titleOfRun({title: null, prompt: null, tokens})).toBe("a b");
});

it("titleOfRun has 200 characters of what a long run reads, and cuts none in two", () => {
  const tokens = Array.from({length: 5000}, (_, i) => token(`w${i} `));
  const words = tokens.map(({text}) => text).join("");
  expect(titleOfRun({title: null, prompt: null, tokens})).toBe(`${words.slice(0, 199)}…`);
  expect(titleOfRun({title: null, prompt: "x".repeat(200), tokens})).toBe("x".repeat(200));
  expect(titleOfRun({title: null, prompt: `${"x".repeat(198)}😀😀`, tokens})).toBe(`${"x".repeat(198)}…`);
});

it("promptBeside is the prompt that a title does not say already, however long", () => {
  const prompt = `\n${"x".repeat(5000)}`;
  expect(promptBeside({title: titleOfRun({title: null, prompt, tokens: []}), prompt})).toBeUndefined();
  expect(promptBeside({title: "1+1=", prompt: "\n1+1="})).toBeUndefined();
  expect(promptBeside({title: "mine", prompt: null})).toBeUndefined();
  expect(promptBeside({title: "mine", prompt})).toBe(prompt);
});
