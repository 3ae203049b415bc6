import {join} from "node:path";
import {copyFile, readFile, writeFile} from "node:fs/promises";
import {beforeAll, describe, expect, it} from "vitest";
import {loadCheckpoint} from "../../../capture/families/loadCheckpoint.ts";
import type {Model} from "../../../capture/model/family.ts";
import {loadTokenizer, type Tokenizer} from "../../../capture/model/tokenizer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const folder = join(import.meta.dirname, "../../../fixtures/models/tiny-arithmetic");

describe("a tokenizer of one token a character", () => {
  let model: Model;
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    const checkpoint = await loadCheckpoint(folder);
    await checkpoint.close();
    ({model} = checkpoint);
    tokenizer = await loadTokenizer(folder, model);
  });

  it("gives each character its id, newline and space included", () => {
    expect(tokenizer.encode("\n4 +=")).toEqual([0, 21, 1, 12, 30]);
  });

  it("gives tokens back with the texts they were made of", () => {
    expect(tokenizer.tokens(tokenizer.encode("\n1 a"))).toEqual([
      {id: 0, text: "\n"},
      {id: 18, text: "1"},
      {id: 1, text: " "},
      {id: 66, text: "a"}
    ]);
    expect(tokenizer.decode(tokenizer.encode("\n48+37=85\n"))).toBe("\n48+37=85\n");
  });

  it("refuses an empty prompt, one that is too long, and ids that the model does not know", () => {
    expect(() => tokenizer.encode("")).toThrow("empty prompt: expected at least one token");
    expect(() => tokenizer.encode("a".repeat(1025))).toThrow("prompt too long: 1025 tokens; the model takes at most 1024");
    expect(() => tokenizer.tokens([96])).toThrow("invalid token id: 96; expected 0 to 95");
    expect(() => tokenizer.tokens([1.5])).toThrow("invalid token id: 1.5; expected 0 to 95");
    expect(() => tokenizer.tokens([])).toThrow("empty prompt");
  });

  it("takes ids only where its file is missing", async () => {
    const dir = await temporaryFolder();
    const without = await loadTokenizer(dir, model);
    expect(without.tokens([3, 95])).toEqual([
      {id: 3, text: "#3"},
      {id: 95, text: "#95"}
    ]);
    expect(() => without.encode("1+1=")).toThrow(`missing file: ${join(dir, "tokenizer.json")}; without it only token ids can be given`);
  });

  it.each([
    ["cats cat catcat", [0, 71, 262, 87, 225, 364, 334, 71, 262]],
    ["cat", [0, 364]],
    [" cat ", [0, 225, 364, 225]],
    ["_cat cat_", [0, 67, 71, 262, 334, 67]],
    ["cat\u0301 cat", [0, 71, 262, 141, 228, 225, 364]],
    ["1cat cat-", [0, 21, 71, 262, 225, 364, 17]],
    [" two words cat two wordscat", [0, 225, 363, 225, 364, 225, 363, 71, 262]],
    ["two wordscat cat<num>", [0, 363, 71, 262, 225, 364, 362]],
    ["x <num> <num>  cat", [0, 92, 362, 362, 364]],
    ["  <num>  ", [0, 362]]
  ])("takes a token marked as a single word nowhere else, as the reference does (tokenizers 0.23.3): %j", async (text, ids) => {
    const dir = await temporaryFolder();
    await copyFile(join(import.meta.dirname, "../../../fixtures/failing/tokenizer-single-word.json"), join(dir, "tokenizer.json"));
    expect((await loadTokenizer(dir, {...model, vocab: 400})).encode(text)).toEqual(ids);
  });

  it.each([[null], [{}], [[1, 2]], [{Regex: 7}], [{Glob: "\u001b[31m"}]])(
    "is refused where a pattern is %j, and nothing is printed",
    async (pattern) => {
      const dir = await temporaryFolder();
      const json = JSON.parse(
        await readFile(join(import.meta.dirname, "../../../fixtures/failing/tokenizer-single-word.json"), "utf8")
      ) as object;
      await writeFile(
        join(dir, "tokenizer.json"),
        JSON.stringify({...json, pre_tokenizer: {type: "Split", pattern, behavior: "Isolated", invert: false}})
      );
      await expect(loadTokenizer(dir, model)).rejects.toThrow(
        /unsupported tokenizer\.json in .*: pattern .*; expected a String or a Regex/
      );
    }
  );

  it("names a file that is a Git LFS pointer, or nested too deep", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "tokenizer.json"), "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
    await expect(loadTokenizer(dir, model)).rejects.toThrow("tokenizer.json: a Git LFS pointer, not the file itself: git lfs pull");
    await writeFile(join(dir, "tokenizer.json"), "[".repeat(200_000));
    await expect(loadTokenizer(dir, model)).rejects.toThrow("tokenizer.json: nested deeper than 100 levels");
  });

  it("is refused where its file is no JSON or of an unknown kind", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "tokenizer.json"), "{");
    await expect(loadTokenizer(dir, model)).rejects.toThrow("not JSON");
    await writeFile(join(dir, "tokenizer.json"), JSON.stringify({model: {type: "Nonsense", vocab: {}}}));
    await expect(loadTokenizer(dir, model)).rejects.toThrow("unsupported tokenizer.json");
  });
});
