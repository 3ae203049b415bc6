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
        {prompt: "Q", choices: ["a", "b"], answer: "a", delimiter: " ", id: "q3"},
        {prompt: "N", answer: 7, filter: "gsm8k-flexible", until: "\n"}
      )
    ).toEqual([
      {kind: "text", task: "sum", prompt: "1+1=", answer: "2", until: [], filter: "exact"},
      {kind: "choice", task: "task", prompt: "Q", choices: [" a", " b"], delimiter: "", answer: 1},
      {kind: "choice", task: "task", prompt: "Q", choices: ["a", "b"], delimiter: " ", answer: 0, id: "q3"},
      {kind: "text", task: "task", prompt: "N", answer: "7", until: ["\n"], filter: "gsm8k-flexible"}
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
      arguments: [["Q: y\nA:", {until: ["\n\n", "Q:"], max_gen_toks: 300}]],
      filter: "flexible-extract"
    };
    const text = {kind: "text", task: "task", prompt: "Q: y\nA:", answer: "work\n#### 42", until: ["\n\n", "Q:"], max_new: 300};
    expect(await taskOf(arc, {...old, doc_id: 1}, {...gsm, doc_id: 2}, {...gsm, doc_id: 3, filter: "strict-match"})).toEqual([
      {kind: "choice", id: "0", task: "task", prompt: "Q: x\nA:", choices: ["no", "yes"], delimiter: " ", answer: 1},
      {kind: "choice", id: "1", task: "task", prompt: "Q: x\nA:", choices: ["no", "yes"], delimiter: " ", answer: 0},
      {...text, id: "2", filter: "gsm8k-flexible"},
      {...text, id: "3", filter: "gsm8k-strict"}
    ]);
  });
  it("takes a sample that went through several filters once, by the flexible one", async () => {
    const strict = {doc_id: 4, target: "#### 1", arguments: [["Q", {until: ["Q:"]}]], filter: "strict-match"};
    const items = await taskOf(strict, {...strict, doc_id: 5}, {...strict, filter: "flexible-extract"});
    expect(items.map(({id, ...item}) => [id, item.kind === "text" && item.filter])).toEqual([
      ["4", "gsm8k-flexible"],
      ["5", "gsm8k-strict"]
    ]);
  });
  it("reads choices that differ in what stands before them, and tells the right one by the harness's own answer", async () => {
    const wino = {
      doc_id: 0,
      target: "was late.",
      arguments: [
        ["Ann", " was late."],
        ["Bob", " was late."]
      ],
      filtered_resps: [
        ["-3.5", "False"],
        ["-2", "False"]
      ]
    };
    expect(await taskOf({...wino, acc: 1.0}, {...wino, doc_id: 1, acc: 0.0})).toMatchObject([
      {contexts: ["Ann", "Bob"], choices: ["was late.", "was late."], delimiter: " ", answer: 1},
      {contexts: ["Ann", "Bob"], answer: 0}
    ]);
    await expect(taskOf(wino)).rejects.toThrow("line 1: which of its contexts is right is not told");
  });
  it("leaves out the requests that acc_mutual_info asks besides", async () => {
    const line = {
      doc_id: 0,
      target: 1,
      arguments: [
        ["Q", " a"],
        ["Q", " b"],
        ["", " a"],
        ["", " b"]
      ]
    };
    expect(await taskOf(line)).toMatchObject([{choices: ["a", "b"], answer: 1}]);
  });
  it("names a task after its file, the harness's samples after theirs", async () => {
    const path = join(await temporaryFolder(), "samples_arc_easy_2026-01-01T00-00-00.000000.jsonl");
    await writeFile(path, '\n{"prompt": "1", "answer": "2"}\n');
    expect(await readTask(path)).toMatchObject([{task: "arc_easy"}]);
    expect(await readTask(path, {name: "mine.jsonl"})).toMatchObject([{task: "mine"}]);
  });
  it.each([
    [[{prompt: "1", answer: "2"}, {prompt: "3"}], /line 2: missing answer; expected \{"prompt"/],
    [[{prompt: "1", answer: ""}], /line 1: missing answer/],
    [
      [
        {prompt: "1", answer: "2", id: "a"},
        {prompt: "3", answer: "4", id: "a"}
      ],
      /line 2: id a is line 1's; expected one of its own/
    ],
    [
      [
        {
          doc_id: 0,
          target: 0,
          arguments: [
            ["Q", " a"],
            ["Q", " b"]
          ]
        },
        {
          doc_id: 0,
          target: 0,
          arguments: [
            ["Q", " a"],
            ["Q", " b"]
          ]
        }
      ],
      /line 2: id 0 is line 1's/
    ],
    [[{doc_id: 0, target: ["a", "b"], arguments: [["Q", {}]]}], /line 1: several targets; expected one/],
    [[{doc_id: 0, target: "['a', 'b']", arguments: [["Q", {}]]}], /line 1: several targets; expected one/],
    [[{doc_id: 0, target: " b", arguments: [["Q a", " b"]]}], /line 1: the likelihood of one continuation; expected two or more choices/],
    [[{doc_id: 0, target: "Q", arguments: {gen_args_0: {arg_0: "Q"}}}], /line 1: the likelihood of a text alone; expected choices/],
    [[{doc_id: 0, target: "Q", arguments: [["Q", {}]], filter: "get-answer"}], /line 1: filter "get-answer", whose pattern is not/],
    [[{prompt: "1", answer: "  "}], /line 1: missing answer/],
    [[{prompt: "1", answer: null}], /line 1: invalid answer: null; expected string or number/],
    [["[1]"], /line 1: \[1\]; expected \{"prompt"/],
    [[{prompt: "1", choices: ["a"], answer: 0}], /line 1: .*choices/],
    [[{prompt: "1", choices: ["a", "b"], answer: 2}], /line 1: answer 2; expected one of the 2 choices, or its index from 0/],
    [[{prompt: "1", choices: ["a", "b"], answer: "c"}], /line 1: answer "c"; expected one of the 2 choices/],
    [[{prompt: "", answer: "x"}], /line 1: .*prompt/],
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
      /line 1: target 5; expected the index of one of 2 choices/
    ]
  ])("refuses %j and names the line", async (lines, message) => {
    await expect(taskOf(...lines)).rejects.toThrow(message);
  });
});
