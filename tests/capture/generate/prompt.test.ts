import {copyFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {preparePrompt} from "../../../capture/generate/prompt.ts";
import type {Model} from "../../../capture/model/family.ts";
import {loadTokenizer} from "../../../capture/model/tokenizer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const limits = {vocab: 1000, maxTokens: 1000} as Model;
const TEMPLATE =
  "{{ bos_token }}{% for message in messages %}[{{ message.role }}] {{ message.content }}\n{% endfor %}{% if add_generation_prompt %}[bot]{% endif %}";

describe.each(["llama-3", "tinyllama", "smollm2"])("a chat's prompt with a tokenizer in the form of %s", (name) => {
  it.each([
    ["one template", TEMPLATE],
    [
      "several",
      [
        {name: "tool_use", template: "no"},
        {name: "default", template: TEMPLATE}
      ]
    ]
  ])("is the template's text and nothing before it, of %s", async (_, chat_template) => {
    const folder = await temporaryFolder();
    await copyFile(join(import.meta.dirname, `../../../fixtures/tokenizers/${name}.json`), join(folder, "tokenizer.json"));
    const bos_token = {"llama-3": "<|begin_of_text|>", tinyllama: "<s>", smollm2: ""}[name];
    await writeFile(join(folder, "tokenizer_config.json"), JSON.stringify({bos_token, chat_template}));
    const {ids, tokenizer} = await preparePrompt(folder, limits, {prompt: "Hello", chat: true, max_new: 4, diffuse: null});
    const plain = await loadTokenizer(folder, limits);
    expect(ids).toEqual(plain.encode("[user] Hello\n[bot]")); // whose first token is the one BOS that the template has, too
    expect(tokenizer.decode(ids)).toMatch(/\[user\] Hello\n\[bot\]$/);
  });
});

it.each([
  ["{% for i in range(100000000) %}{{ i }}{% endfor %}", "invalid chat template: it came to no end within 2 s"],
  ["{{ raise_exception('no user speaks first') }}", "invalid chat template: no user speaks first"],
  ["{% for", "invalid chat template: Unexpected end of input"]
])("a chat template that loops, throws or ends early is refused in one line: %s", async (chat_template, error) => {
  const folder = await temporaryFolder();
  await copyFile(join(import.meta.dirname, "../../../fixtures/tokenizers/tinyllama.json"), join(folder, "tokenizer.json"));
  await writeFile(join(folder, "tokenizer_config.json"), JSON.stringify({chat_template}));
  await expect(preparePrompt(folder, limits, {prompt: "Hello", chat: true, max_new: 4, diffuse: null})).rejects.toThrow(error);
});
