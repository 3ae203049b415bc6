import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {answerItem} from "../../../api/eval/answerItem.ts";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {generation} from "../../../capture/generate/generation.ts";
import {generateSpecSchema} from "../../../capture/generate/generateSpec.ts";
import {loadTokenizer, type Tokenizer} from "../../../capture/model/tokenizer.ts";
import {goldenFolders, goldenRoot} from "../../support/goldenModels.ts";

describe.each(goldenFolders)("answerItem with %s", (name) => {
  const folder = join(goldenRoot, name);
  let engine: Engine;
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    engine = await loadEngine(folder);
    tokenizer = await loadTokenizer(folder, engine.model);
  });
  afterAll(() => engine?.dispose());
  const outcome = (item: Parameters<typeof answerItem>[0]) =>
    answerItem(item, {steps: 4, exit: null, kv: "full"}, {engine, tokenizer, stopIds: new Set(), seed: 2});
  const generated = (token_ids: readonly number[], max_new: number) =>
    generation(generateSpecSchema.parse({model: folder, token_ids, max_new, steps: 4, seed: 2}), {engine: async () => engine});

  const prompt = [11, 5, 30, 40, 8];
  it("answers a text with what is generated after its prompt", async () => {
    const {text} = await generated(prompt, 6);
    const item = {kind: "text" as const, task: "t", prompt: "-", answer: text, until: [], filter: "exact" as const};
    expect(await outcome({item, tokens: {kind: "text", prompt, most: 6}})).toMatchObject({right: true, answer: text});
  });
  it("takes the choice that would be generated, also where contexts differ in length", async () => {
    const made = [];
    for (const context of [prompt, prompt.slice(1), prompt]) {
      const {tokens} = await generated(context, 1);
      made.push({context, continuation: [tokens[0].id], logprob: tokens[0].logprob!});
    }
    const likeliest = made[1].logprob > made[0].logprob ? 1 : 0;
    const texts = ["a", "b", "c"];
    const item = {kind: "choice" as const, task: "t", prompt: "-", choices: texts, delimiter: "", answer: likeliest};
    expect(await outcome({item, tokens: {kind: "choice", choices: made}})).toMatchObject({right: true, answer: texts[likeliest]});
  });
});
