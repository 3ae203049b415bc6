import {copyFile, mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {beforeAll, describe, expect, it} from "vitest";
import type {EvalItem} from "../../../api/contract/evalSchemas.ts";
import {itemTokens, positionsOf} from "../../../api/eval/itemTokens.ts";
import {loadTokenizer, type Tokenizer} from "../../../capture/model/tokenizer.ts";

const model = {maxTokens: 40, vocab: 60_000};
let tokenizer: Tokenizer;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "orrery-test-"));
  await copyFile(fileURLToPath(new URL("../../../fixtures/tokenizers/smollm2.json", import.meta.url)), join(folder, "tokenizer.json"));
  tokenizer = await loadTokenizer(folder, model);
  await rm(folder, {recursive: true});
});

const choice = {kind: "choice" as const, task: "t", choices: ["no", "yes"], delimiter: " ", answer: 0};
const text: EvalItem = {kind: "text", task: "t", prompt: "one two", answer: " three four", until: [], filter: "exact"};
const words = (ids: readonly number[]) => ids.map((id) => tokenizer.text(id)).join("|");

describe("itemTokens", () => {
  it("cuts a choice where the context ends, the delimiter in the continuation's first token", () => {
    const tokens = itemTokens({...choice, prompt: "Is it so? A:"}, {model, tokenizer});
    expect(tokens).toEqual({
      kind: "choice",
      choices: [" no", " yes"].map((answer) => ({context: tokenizer.encode("Is it so? A:"), continuation: tokenizer.encode(answer)}))
    });
  });
  it("gives blanks at the end of a context to the continuation, as the harness does", () => {
    const blank = itemTokens({...choice, delimiter: "", prompt: "Is it so? A: "}, {model, tokenizer});
    expect(blank).toEqual(itemTokens({...choice, prompt: "Is it so? A:"}, {model, tokenizer}));
  });
  it("takes the continuation's tokens out of the whole text's, also where the two melt into one another", () => {
    const tokens = itemTokens({...choice, delimiter: "", prompt: "h", choices: ["en so", "at"]}, {model, tokenizer});
    if (tokens.kind !== "choice") throw new Error("expected a choice");
    const [{context, continuation}] = tokens.choices;
    const whole = tokenizer.encode("hen so");
    expect(whole.slice(0, context.length)).not.toEqual(context); // the harness scores what is left after as many tokens all the same
    expect(words(continuation)).toBe(words(whole.slice(context.length)));
  });
  it("puts each of several contexts before its choice", () => {
    const tokens = itemTokens({...choice, prompt: "Ann", contexts: ["Ann", "Bob"], choices: ["was late", "was late"]}, {model, tokenizer});
    expect(tokens.kind === "choice" && tokens.choices.map(({context, continuation}) => words([...context, ...continuation]))).toEqual([
      words(tokenizer.encode("Ann was late")),
      words(tokenizer.encode("Bob was late"))
    ]);
  });
  it("lets a text be as long as its answer, as its file says, as it is told, and never longer than the context", () => {
    expect(itemTokens(text, {model, tokenizer})).toMatchObject({most: tokenizer.encode(" three four").length});
    expect(itemTokens({...text, max_new: 5}, {model, tokenizer})).toMatchObject({most: 5});
    expect(itemTokens({...text, max_new: 5}, {model, tokenizer, maxNew: 3})).toMatchObject({most: 3});
    expect(itemTokens({...text, filter: "gsm8k-flexible"}, {model, tokenizer})).toMatchObject({
      most: 40 - tokenizer.encode("one two").length + 1
    });
    expect(itemTokens({...text, filter: "gsm8k-flexible"}, {model: {maxTokens: 1000}, tokenizer})).toMatchObject({most: 256});
  });
  it.each([
    [{...choice, prompt: " \n"}, "the prompt is nothing but blanks"],
    [{...text, prompt: "word ".repeat(41)}, "tokens; the model takes at most 40"],
    [{...text, prompt: "word", answer: " word".repeat(41)}, "prompt too long"]
  ])("refuses %j", (item, message) => expect(() => itemTokens(item as never, {model, tokenizer})).toThrow(message));
});

describe("positionsOf", () => {
  it("counts a shared context once, and no last token", () => {
    const shared = itemTokens({...choice, prompt: "Is it so? A:", choices: ["no way", "yes"]}, {model, tokenizer});
    const more = [" no way", " yes"].map((answer) => tokenizer.encode(answer).length - 1);
    expect(positionsOf(shared)).toBe(tokenizer.encode("Is it so? A:").length + more[0] + more[1]);
    const several = itemTokens({...choice, prompt: "Ann", contexts: ["Ann", "Bob"], choices: ["was", "was"]}, {model, tokenizer});
    expect(positionsOf(several)).toBe(tokenizer.encode("Ann was").length + tokenizer.encode("Bob was").length - 2);
    expect(positionsOf(itemTokens(text, {model, tokenizer}))).toBe(tokenizer.encode("one two three four").length - 1);
  });
});
