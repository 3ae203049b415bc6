import {appendFile, readFile} from "node:fs/promises";
import {parseArgs} from "node:util";
import {ALPHA, classifyPath} from "../../analysis/patterns/classifyRun.ts";
import {CLAIMS} from "../../analysis/patterns/labels.ts";
import {toBfloat16} from "../../analysis/patterns/rounding.ts";
import {seededRandom} from "../../analysis/random.ts";
import {NULLS} from "./patternCases.ts";
import {printTable} from "./table.ts";
import {wilsonInterval} from "../../analysis/paths/interval.ts";

/** What became of the paths of one null of one chunk. */
interface Counted {
  readonly chunk: number;
  readonly name: string;
  readonly width: number;
  readonly steps: number;
  readonly n: number;
  /** Labels that are wrong, by label. */
  readonly wrong: Readonly<Record<string, number>>;
  /** Paths with p ≤ 0.001 among those whose label is not one that it may have. */
  readonly small: number;
}

const SIZES = [
  [64, 32],
  [64, 64],
  [64, 128],
  [128, 32],
  [256, 64],
  [1024, 32]
] as const;
const OF_EACH = 10;

/**
 * Counts wrong labels of null paths in chunks, each of its own seed: ten of every null, of one width and length. Every chunk is a line of `--log`, so that a count goes on where it ended, and
 * shards (`--shard 0/2`) add up. `--seconds N` ends it; `--only-print` prints what is there, with Wilson's upper bounds.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      log: {type: "string", default: "nulls.jsonl"},
      shard: {type: "string", default: "0/1"},
      seconds: {type: "string", default: "60"},
      seed: {type: "string", default: "1"},
      "only-print": {type: "boolean", default: false},
      as: {type: "string", default: "text"}
    }
  });
  const [shard, shards] = values.shard.split("/").map(Number);
  const end = performance.now() + 1000 * Number(values.seconds);
  const done = await countedIn(values.log);
  const known = new Set(done.map(({chunk}) => chunk));
  for (let chunk = shard; !values["only-print"] && performance.now() < end; chunk += shards) {
    if (known.has(chunk)) continue;
    const lines = countedChunk(chunk, Number(values.seed));
    await appendFile(values.log, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }
  printCounts(await countedIn(values.log), values.as === "markdown" ? "markdown" : "text");
}

async function countedIn(log: string): Promise<Counted[]> {
  const text = await readFile(log, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Counted);
}

function countedChunk(chunk: number, seed: number): Counted[] {
  const [width, steps] = SIZES[chunk % SIZES.length];
  const rounded = Math.floor(chunk / SIZES.length) % 2 === 1;
  return Object.entries(NULLS).map(([name, {make, allowed = []}], row) => {
    const random = seededRandom((seed * 1_000_003 + chunk * 101 + row) >>> 0);
    const wrong: Record<string, number> = {};
    let small = 0;
    for (let i = 0; i < OF_EACH; ++i) {
      const path = make({random, steps, width});
      const {pattern, p} = classifyPath(rounded ? {...path, data: toBfloat16(path.data)} : path);
      if (pattern !== "unsettled" && allowed.includes(pattern)) continue;
      if (pattern !== "unsettled") wrong[pattern] = (wrong[pattern] ?? 0) + 1;
      if (p <= ALPHA) ++small;
    }
    return {chunk, name, width, steps, n: OF_EACH, wrong, small};
  });
}

function printCounts(counts: readonly Counted[], format: "text" | "markdown"): void {
  const table = printTable(["null", "n", ...CLAIMS, "wrong at most, 95 %", "p ≤ 0.001"], format);
  const row = (name: string, some: readonly Counted[]): void => {
    const n = some.reduce((sum, one) => sum + one.n, 0);
    const wrong = CLAIMS.map((label) => some.reduce((sum, one) => sum + (one.wrong[label] ?? 0), 0));
    const small = some.reduce((sum, one) => sum + one.small, 0);
    const most = wilsonInterval(
      wrong.reduce((sum, x) => sum + x, 0),
      n
    )[1];
    table.row([name, String(n), ...wrong.map(String), `${(100 * most).toFixed(3)} %`, `${((100 * small) / n).toFixed(3)} %`]);
  };
  for (const name of Object.keys(NULLS)) {
    row(
      name,
      counts.filter((one) => one.name === name)
    );
  }
  row("all of them", counts);
}
