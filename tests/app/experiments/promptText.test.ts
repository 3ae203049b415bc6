import {describe, expect, it} from "vitest";
import {promptLinesOf, promptsInFile, promptTextOf} from "../../../app/experiments/promptText.ts";

describe("promptLinesOf", () => {
  it("takes a prompt a line, its answer after a tab, and newlines written out", () => {
    expect(promptLinesOf("\\n48+37=\t85\\n\n \r\n1+2=")).toEqual([{prompt: "\n48+37=", answer: "85\n"}, {prompt: "1+2="}]);
  });

  it.each([
    ["a\n\nb\tc\td", "line 3 has 2 tabs; expected one, between prompt and answer"],
    ["a\n\tb", "line 2 has no prompt before its tab"],
    ["a\n".repeat(10_001), "10001 prompts; expected at most 10000 here, more in a shell"]
  ])("refuses what it cannot read, and names the line", (text, message) => {
    expect(() => promptLinesOf(text)).toThrow(message);
  });
});

describe("promptTextOf", () => {
  it("is read back as the same prompts, whatever is in them", () => {
    const prompts = [
      {prompt: "\n1+2=", answer: "3\n"},
      {prompt: "a\\nb"},
      {prompt: "tab\there"},
      {prompt: "   "},
      {prompt: " two ", answer: " "},
      {prompt: "\r\\"}
    ];
    expect(promptLinesOf(promptTextOf(prompts))).toEqual(prompts);
  });
});

describe("promptsInFile", () => {
  it("reads JSON lines by the file's name, and anything else as lines of text", () => {
    expect(promptsInFile("p.jsonl", '{"prompt": "\\n1+2=", "answer": "3"}\n\n{"prompt": "a", "more": 1}\n')).toEqual([
      {prompt: "\n1+2=", answer: "3"},
      {prompt: "a"}
    ]);
    expect(promptsInFile("p.txt", "1+2=\t3\n")).toEqual([{prompt: "1+2=", answer: "3"}]);
  });

  it.each([
    ["p.jsonl", '{"prompt": "a"}\n\n{"prompt":', 'p.jsonl line 3 is not JSON: {"prompt":; expected {"prompt": …}'],
    ["p.jsonl", '{"prompt": 3}', "p.jsonl line 1 has the prompt 3; expected a text"],
    ["p.jsonl", "null", "p.jsonl line 1 has the prompt nothing; expected a text"],
    ["p.jsonl", '{"prompt": "a", "answer": 4}', "p.jsonl line 1 has the answer 4; expected a text, or none"],
    ["p.jsonl", "\n", "p.jsonl holds no prompt; expected one a line"],
    ["p.txt", "a\tb\tc", "p.txt line 1 has 2 tabs; expected one, between prompt and answer"]
  ])("names the broken line of %s: %j", (name, text, message) => {
    expect(() => promptsInFile(name, text)).toThrow(message);
  });
});
