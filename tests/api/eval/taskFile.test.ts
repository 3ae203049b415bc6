import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {readTask} from "../../../api/eval/taskFile.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

async function taskOf(...lines: readonly (object | string)[]) {
  const path = join(await temporaryFolder(), "task.jsonl");
  await writeFile(path, lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""));
  return readTask(path);
}

describe("readTask", () => {
  it("reads texts, choices by index and choices by text", async () => {
    expect(
      await taskOf(
        {prompt: "1+1=", answer: "2", task: "sum"},
        {prompt: "Q", choices: [" a", " b"], answer: 1},
        {prompt: "Q", choices: [" a", " b"], answer: " a"},
        {prompt: "N", answer: 7, filter: "gsm8k-flexible", until: "\n"}
      )
    ).toEqual([
      {kind: "text", task: "sum", prompt: "1+1=", answer: "2", until: [], filter: "exact"},
      {kind: "choice", task: "all", prompt: "Q", choices: [" a", " b"], answer: 1},
      {kind: "choice", task: "all", prompt: "Q", choices: [" a", " b"], answer: 0},
      {kind: "text", task: "all", prompt: "N", answer: "7", until: ["\n"], filter: "gsm8k-flexible"}
    ]);
  });
  it("reads lm-evaluation-harness's samples, of choices and of texts, old and new", async () => {
    const arc = {
      doc_id: 0,
      doc: {},
      target: 1,
      arguments: {gen_args_0: {arg_0: "Q: x\nA:", arg_1: " no"}, gen_args_1: {arg_0: "Q: x\nA:", arg_1: " yes"}},
      resps: []
    };
    const old = {
      ...arc,
      target: "0",
      arguments: [
        ["Q: x\nA:", " no"],
        ["Q: x\nA:", " yes"]
      ]
    };
    const gsm = {
      doc_id: 1,
      target: "work\n#### 42",
      arguments: [["Q: y\nA:", {until: ["\n\n", "Q:"], max_gen_toks: 256}]],
      filter: "flexible-extract"
    };
    expect(await taskOf(arc, old, gsm, {...gsm, filter: "strict-match"})).toEqual([
      {kind: "choice", task: "all", prompt: "Q: x\nA:", choices: [" no", " yes"], answer: 1},
      {kind: "choice", task: "all", prompt: "Q: x\nA:", choices: [" no", " yes"], answer: 0},
      {kind: "text", task: "all", prompt: "Q: y\nA:", answer: "work\n#### 42", until: ["\n\n", "Q:"], filter: "gsm8k-flexible"},
      {kind: "text", task: "all", prompt: "Q: y\nA:", answer: "work\n#### 42", until: ["\n\n", "Q:"], filter: "gsm8k-strict"}
    ]);
  });
  it.each([
    [[{prompt: "1", answer: "2"}, {prompt: "3"}], /item 2: missing answer; expected \{"prompt"/],
    [[{prompt: "1", choices: ["a"], answer: 0}], /item 1: .*choices/],
    [[{prompt: "1", choices: ["a", "b"], answer: 2}], /item 1: answer 2; expected one of the 2 choices, or its index from 0/],
    [[{prompt: "1", choices: ["a", "b"], answer: "c"}], /item 1: answer "c"; expected one of the 2 choices/],
    [[{prompt: "", answer: "x"}], /item 1: .*prompt/],
    [["not json"], /line 1: /],
    [
      [
        {
          doc_id: 0,
          target: 5,
          arguments: [
            ["Q", " a"],
            ["Q", " b"]
          ]
        }
      ],
      /item 1: target 5; expected the index of one of 2 choices/
    ]
  ])("refuses %j and names the line", async (lines, message) => {
    await expect(taskOf(...lines)).rejects.toThrow(message);
  });
});
