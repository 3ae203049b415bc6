import {readdir, readFile} from "node:fs/promises";
import {expect, it} from "vitest";

const folder = new URL("../../../analysis/patterns/", import.meta.url);
const CONSTANT = /^(?:export )?const ([A-Z][A-Z0-9_]*)(?:: [^=]+)? = ([^"'`;\n]*(?:\d|Math)[^"'`;\n]*);/gm;

/** `file NAME = value`, a line for each number that is a constant of a text. */
const constantsIn = (file: string, text: string): string[] =>
  [...text.matchAll(CONSTANT)].map(([, name, value]) => `${file} ${name} = ${value}`);

it("every number that labels are made with is the one in constants.txt: where one changes, raise REVISION in rules.ts, and change it there, too", async () => {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".ts")).sort();
  const found = await Promise.all(files.map(async (name) => constantsIn(name, await readFile(new URL(name, folder), "utf8"))));
  const kept = (await readFile(new URL("constants.txt", import.meta.url), "utf8")).trimEnd().split("\n");
  expect(found.flat()).toEqual(kept);
});

it("a constant is found whatever form its number has, and a text is none", () => {
  const text = [
    "const A = 1e-4; // why",
    "export const B_1: readonly number[] = [1, 2];",
    'const C = "3";',
    "const D = {x: 4};",
    "const E = F;"
  ].join("\n");
  expect(constantsIn("x.ts", text)).toEqual(["x.ts A = 1e-4", "x.ts B_1 = [1, 2]", "x.ts D = {x: 4}"]);
});
