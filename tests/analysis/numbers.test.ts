import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseAst, type ESTree} from "vite";
import {expect, it} from "vitest";

const analysis = fileURLToPath(new URL("../../analysis/", import.meta.url));
const ROOMS = ["census", "exit", "measures", "paths", "patterns"];
const CONSTANT = /^[A-Z][A-Z0-9_]*$/;

/** What a statement of a module declares, by the first name. */
function nameOf(statement: ESTree.Node): string {
  if ("declaration" in statement && statement.declaration) return nameOf(statement.declaration as ESTree.Node);
  if (statement.type === "VariableDeclaration") return nameOf(statement.declarations[0]);
  return "id" in statement && statement.id && "name" in statement.id ? (statement.id.name as string) : statement.type;
}

/** The numbers in a part of a module as they are written, in their order. */
function numbersOf(part: unknown): string[] {
  if (part === null || typeof part !== "object") return [];
  if ("value" in part && typeof part.value === "number" && "raw" in part) return [part.raw as string];
  return Object.values(part).flatMap(numbersOf);
}

/** `file owner: 2 0.5 …`, a line for each function or constant that has numbers; 0 and 1, which mostly count places, only of constants. */
function numbersIn(file: string, text: string): string[] {
  return parseAst(text, {lang: "ts"}).body.flatMap((statement) => {
    const owner = nameOf(statement);
    const numbers = numbersOf(statement).filter((number) => CONSTANT.test(owner) || !["0", "1"].includes(number));
    return numbers.length > 0 ? [`${file} ${owner}: ${numbers.join(" ")}`] : [];
  });
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
    `const told = (x: number) => \`\${x} of \${half(3)}, 5\`;`,
    "const FIRST = 0;"
  ].join("\n");
  expect(numbersIn("x.ts", text)).toEqual(["x.ts MOST: 1e-4", "x.ts half: 2 0.5", "x.ts told: 3", "x.ts FIRST: 0"]);
});
