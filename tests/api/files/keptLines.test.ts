import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {z} from "zod";
import {keptLines, keptValue, sealedLine, wholeLines} from "../../../api/files/keptLines.ts";
import {cutToWholeLines, mendLines} from "../../../api/files/mendLines.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

async function linesIn(content: string | Buffer): Promise<[string, number][]> {
  const path = join(await temporaryFolder(), "results.jsonl");
  await writeFile(path, content);
  const lines: [string, number][] = [];
  for await (const {text, end} of wholeLines(path)) lines.push([text, end]);
  return lines;
}

it("wholeLines gives whole lines with the byte at which they end, and leaves out what was cut short", async () => {
  expect(await linesIn("ab\n\nç\nrest")).toEqual([
    ["ab", 3],
    ["", 4],
    ["ç", 7]
  ]);
  expect(await linesIn("rest")).toEqual([]);
  expect(await linesIn("")).toEqual([]);
});

it("wholeLines joins lines longer than what is read at once, also where a letter is cut", async () => {
  const long = `x${"é".repeat(100_000)}`; // 200,001 bytes: every chunk of 64 kB ends within a letter
  expect(await linesIn(`${long}\n${long}\n`)).toEqual([
    [long, 200_002],
    [long, 400_004]
  ]);
});

it("wholeLines of a file that is not there is empty", async () => {
  for await (const line of wholeLines(join(await temporaryFolder(), "none"))) throw new Error(line.text);
});

const schema = z.object({index: z.number().int(), text: z.string()});
const jsonOf = (index: number): string => JSON.stringify({index, text: `the result number ${index}`});
const whole = Array.from({length: 5}, (_, index) => sealedLine(jsonOf(index)));

async function read(path: string, count?: number) {
  const [values, damage]: [number[], [number | undefined, string][]] = [[], []];
  for await (const line of keptLines(path, {schema, count}))
    if ("value" in line) values.push(line.value.index);
    else damage.push([line.index, line.damage.slice(`invalid ${path} `.length)]);
  return {values, damage};
}

describe("keptLines", () => {
  it("gives what was sealed, and lines without a seal as they are", async () => {
    const path = join(await temporaryFolder(), "r.jsonl");
    await writeFile(path, `${whole[0]}\n${jsonOf(1)}\n${whole[2]}\n`);
    expect(await read(path)).toEqual({values: [0, 1, 2], damage: []});
    expect(whole[0]).toMatch(/^\{"index":0,"text":"the result number 0","sha256":"[0-9a-f]{16}"\}$/);
  });

  /** What becomes of the third of five lines, and where the damage is told: nothing else is ever lost. */
  const damages: readonly (readonly [string, (lines: string[]) => string[], number[], [number | undefined, RegExp][]])[] = [
    ["a changed letter", (l) => l.with(2, l[2].replace("result", "Result")), [0, 1, 3, 4], [[2, /^line 3: its sha256 is/]]],
    ["a changed index", (l) => l.with(2, l[2].replace('"index":2', '"index":4')), [0, 1, 3, 4], [[2, /^line 3: its sha256 is/]]],
    [
      "a changed seal",
      (l) =>
        l.with(
          2,
          l[2].replace(/.(?="\}$)/, (digit) => (digit === "0" ? "1" : "0"))
        ),
      [0, 1, 3, 4],
      [[2, /sha256/]]
    ],
    ["half of it", (l) => l.with(2, l[2].slice(0, 20)), [0, 1, 3, 4], [[2, /^line 3: not JSON/]]],
    ["nothing", (l) => l.with(2, ""), [0, 1, 3, 4], [[2, /^line 3: not JSON/]]],
    ["no line", (l) => l.toSpliced(2, 1), [0, 1, 3, 4], [[2, /^line 3: index 3; expected 2/]]],
    ["two of it", (l) => l.toSpliced(2, 0, l[2]), [0, 1, 2, 3, 4], [[undefined, /^line 4: index 2; expected 3/]]],
    ["a break within it", (l) => l.with(2, l[2].replace(" ", "\n")), [0, 1, 3, 4], [[2, /^line 3: not JSON/]]],
    [
      "no break behind it",
      (l) => l.toSpliced(2, 2, l[2] + l[3]),
      [0, 1, 4],
      [
        [2, /^line 3: (not JSON|its sha256)/],
        [3, /^line 3: (not JSON|its sha256)/]
      ]
    ],
    ["something else before it", (l) => l.toSpliced(2, 0, "{"), [0, 1, 2, 3, 4], [[undefined, /^line 3: not JSON/]]],
    ["200,000 brackets", (l) => l.with(2, "[".repeat(200_000)), [0, 1, 3, 4], [[2, /^line 3: nested deeper/]]],
    ["zeros", (l) => l.with(2, "\0".repeat(l[2].length)), [0, 1, 3, 4], [[2, /^line 3: not JSON/]]]
  ];

  it.each(damages)(
    "with %s in the place of a line loses that line alone, and names it; mending puts it back",
    async (_, damage, values, told) => {
      const path = join(await temporaryFolder(), "r.jsonl");
      const text = `${whole.join("\n")}\n`;
      await writeFile(path, `${damage(whole).join("\n")}\n{"index":5,"te`); // and what a kill cut short
      expect(await read(path, 6)).toEqual({
        values,
        damage: told.map(([index, line]) => [index, expect.stringMatching(line)])
      });
      const state = await cutToWholeLines(path, {schema, count: 6});
      expect(state).toEqual({finished: 5, damaged: told.flatMap(([index]) => index ?? []), isDamaged: true});
      await mendLines(path, {schema, count: 6}, new Map(state.damaged.map((index) => [index, jsonOf(index)])));
      expect(await readFile(path, "utf8")).toBe(text);
    }
  );

  it("takes no more than there are to be", async () => {
    const path = join(await temporaryFolder(), "r.jsonl");
    await writeFile(path, `${whole.join("\n")}\n`);
    expect(await read(path, 4)).toEqual({values: [0, 1, 2, 3], damage: [[undefined, "line 5: index 4; expected 4"]]});
  });

  it("keptValue names the line that holds something else", () => {
    const where = "results.jsonl line 7";
    expect(() => keptValue("{", where, schema)).toThrow("invalid results.jsonl line 7: not JSON");
    expect(() => keptValue("{}", where, schema)).toThrow(
      "invalid results.jsonl line 7: missing index; expected number, received undefined"
    );
  });
});
