import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {resultLines, resultOf} from "../../../api/experiments/resultLines.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

async function linesIn(content: string | Buffer): Promise<[string, number][]> {
  const path = join(await temporaryFolder(), "results.jsonl");
  await writeFile(path, content);
  const lines: [string, number][] = [];
  for await (const {text, end} of resultLines(path)) lines.push([text, end]);
  return lines;
}

it("resultLines gives whole lines with the byte at which they end, and leaves out what was cut short", async () => {
  expect(await linesIn("ab\n\nç\nrest")).toEqual([
    ["ab", 3],
    ["", 4],
    ["ç", 7]
  ]);
  expect(await linesIn("rest")).toEqual([]);
  expect(await linesIn("")).toEqual([]);
});

it("resultLines joins lines longer than what is read at once, also where a letter is cut", async () => {
  const long = `x${"é".repeat(100_000)}`; // 200,001 bytes: every chunk of 64 kB ends within a letter
  expect(await linesIn(`${long}\n${long}\n`)).toEqual([
    [long, 200_002],
    [long, 400_004]
  ]);
});

it("resultLines of a file that is not there is empty", async () => {
  for await (const line of resultLines(join(await temporaryFolder(), "none"))) throw new Error(line.text);
});

it("resultOf names the line that is no result", () => {
  expect(() => resultOf("{", "results.jsonl line 7")).toThrow("invalid results.jsonl line 7: not JSON");
  expect(() => resultOf("{}", "results.jsonl line 7")).toThrow(
    "invalid results.jsonl line 7: missing index; expected number, received undefined"
  );
});
