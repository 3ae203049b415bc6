import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {expect, it} from "vitest";

const analysis = fileURLToPath(new URL("../../analysis/", import.meta.url));
const ROOMS = ["census", "exit", "measures", "paths", "patterns"];
const BESIDE_CODE = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\$]|\\.|\$(?!\{))*`/g; // comments and texts
const NUMBER = /(?<![\w.$])\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)/g;
const OWNER = /^(?:export )?(?:async )?(?:function\*?|const) (\w+)/;
const CONSTANT = /^[A-Z][A-Z0-9_]*$/;

/** `file owner: 2 0.5 …`, a line for each function or constant that has numbers; 0 and 1, which mostly count places, only of constants. */
function numbersIn(file: string, text: string): string[] {
  const found = new Map<string, string[]>();
  let owner = "";
  for (const line of text.replace(BESIDE_CODE, (match) => match.replace(/[^\n]/g, " ")).split("\n")) {
    owner = OWNER.exec(line)?.[1] ?? owner;
    const numbers = (line.match(NUMBER) ?? []).filter((number) => CONSTANT.test(owner) || !["0", "1"].includes(number));
    if (numbers.length > 0) found.set(owner, [...(found.get(owner) ?? []), ...numbers]);
  }
  return [...found].map(([name, numbers]) => `${file} ${name}: ${numbers.join(" ")}`);
}

it("every number that labels, paths and reports are made with is the one in numbers.txt: where one is meant to change, run this with -u, and raise REVISION in rules.ts where labels change", async () => {
  const lines: string[] = [];
  for (const room of ROOMS) {
    const files = (await readdir(join(analysis, room), {recursive: true})).filter((name) => name.endsWith(".ts")).sort();
    for (const file of files) lines.push(...numbersIn(`${room}/${file}`, await readFile(join(analysis, room, file), "utf8")));
  }
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("numbers.txt");
});

it("a number is found in a constant and in an expression, and not in a comment, a text or a name", () => {
  const text = [
    "const MOST = 1e-4; // of 3",
    "export function half(x2: number): number {",
    "  return x2 / 2 + x2 ** 0.5 - 1;",
    "}",
    'const NAME = "4";',
    "const FIRST = 0;"
  ].join("\n");
  expect(numbersIn("x.ts", text)).toEqual(["x.ts MOST: 1e-4", "x.ts half: 2 0.5", "x.ts FIRST: 0"]);
});
