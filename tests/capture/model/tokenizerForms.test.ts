import {copyFile, readFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {loadTokenizer} from "../../../capture/model/tokenizer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const forms = join(import.meta.dirname, "../../../fixtures/tokenizers");
const limits = {vocab: 1000, maxTokens: 1000};

interface Expected {
  readonly tokenizers: string;
  readonly cases: readonly {readonly text: string; readonly ids: readonly number[]; readonly decoded: string}[];
}

async function formOf(name: string) {
  const folder = await temporaryFolder();
  await copyFile(join(forms, `${name}.json`), join(folder, "tokenizer.json"));
  return loadTokenizer(folder, limits);
}

describe.each(["llama-3", "tinyllama", "olmo-2", "smollm2"])("a tokenizer in the form of %s", (name) => {
  it("gives the ids and the texts of Hugging Face's tokenizers", async () => {
    const tokenizer = await formOf(name);
    const {cases} = JSON.parse(await readFile(join(forms, `${name}.expected.json`), "utf8")) as Expected;
    expect(cases.length).toBeGreaterThan(5);
    for (const {text, ids, decoded} of cases) {
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
      expect(tokenizer.decode(ids), JSON.stringify(text)).toBe(decoded);
    }
  });

  it("reads what follows a text as it follows it, its first blank included", async () => {
    const tokenizer = await formOf(name);
    const before = tokenizer.encode("Hello").length;
    for (const next of [" world", "  two", "\nthree", "4"])
      expect(tokenizer.decodeNext(tokenizer.encode(`Hello${next}`).slice(before)), JSON.stringify(next)).toBe(next);
    expect(tokenizer.decodeNext([])).toBe("");
  });

  it("reads each token by itself so that the texts side by side are the text, but for parts of a character", async () => {
    const tokenizer = await formOf(name);
    for (const text of ["Hello world", " two  spaces", "it's 12345 and 3.14"]) {
      const special = /^<(s|\|.*\|)>$/;
      const texts = tokenizer
        .tokens(tokenizer.encode(text))
        .map((token) => token.text)
        .filter((token) => !special.test(token));
      expect(texts.join("")).toBe(name === "tinyllama" ? ` ${text}` : text); // it puts a space before everything
    }
  });
});

describe("a token that is a part of a character", () => {
  it.each([
    ["tinyllama", "日", ["<0xE6>", "<0x97>", "<0xA5>"]],
    ["llama-3", "日", ["æ", "Ĺ", "¥"]]
  ])("is shown by its name in %s", async (name, text, names) => {
    const tokenizer = await formOf(name);
    expect(
      tokenizer
        .tokens(tokenizer.encode(text))
        .map((token) => token.text)
        .slice(-3)
    ).toEqual(names);
  });
});
