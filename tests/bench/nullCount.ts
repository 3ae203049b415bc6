import {appendFile, readFile} from "node:fs/promises";
import {parseArgs} from "node:util";
import {claimOf} from "../../analysis/patterns/claim.ts";
import {ALPHA} from "../../analysis/patterns/classifyRun.ts";
import {fTail} from "../../analysis/patterns/statistics/fTail.ts";
import {CLAIMS} from "../../analysis/patterns/labels.ts";
import {precisionOf, toBfloat16} from "../../analysis/patterns/path/rounding.ts";
import {seededRandom} from "../../analysis/random.ts";
import {NULLS} from "./patternCases.ts";
import {printTable} from "./table.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {positive, wholeFrom} from "../support/readNumber.ts";

/** What became of the paths of one null of one chunk. */
interface Counted {
  readonly seed: number;
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

/** Width, states, and how many chunks of a round are of that size: small ones more often, since they cost less and are as hard. */
const SIZES: readonly (readonly [width: number, steps: number, chunks: number])[] = [
  [64, 32, 8],
  [128, 32, 3],
  [256, 32, 2],
  [512, 32, 1],
  [1024, 32, 1],
  [64, 64, 3],
  [256, 64, 1],
  [64, 128, 1],
  [1024, 128, 1]
];
const ROUND = SIZES.flatMap(([width, steps, chunks]) => Array.from({length: chunks}, () => ({width, steps})));
const OF_EACH = 10;
const COSTLY = ["resonances in every plane", "chaotic net"]; // a matrix of width × width for each path
const WIDEST_COSTLY = 128;
const CONFIDENCE = 0.95;

/**
 * Counts wrong labels of null paths in chunks, each of its own seed: ten of every null, of one width and length, every second round of chunks rounded to bfloat16. Every chunk is some lines
 * of `--log`, so that a count goes on where it ended, and shards (`--shard 0/2`) add up. `--paths N` or `--seconds S` ends it; `--only-print` prints what is there, with the upper
 * bounds of Clopper and Pearson (1934).
 */
export async function bench(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      log: {type: "string", default: "nulls.jsonl"},
      shard: {type: "string", default: "0/1"},
      paths: {type: "string", default: "Infinity"},
      seconds: {type: "string", default: "Infinity"},
      seed: {type: "string", default: "1"},
      "only-print": {type: "boolean", default: false},
      as: {type: "string", default: "text"}
    }
  });
  const [shards, shard] = values.shard
    .split("/", 2)
    .reverse()
    .map((text) => wholeFrom(0, "--shard", text));
  if (!(shard < shards)) throw new Refusal(`invalid --shard: ${values.shard}; expected one below the number of shards, as in 0/2`);
  const seed = wholeFrom(0, "--seed", values.seed);
  const [most, seconds] = [positive("--paths", values.paths), positive("--seconds", values.seconds)];
  if (!values["only-print"] && most === Infinity && seconds === Infinity) throw new Error("missing --paths or --seconds");
  const end = performance.now() + 1000 * seconds;
  const done = (await countedIn(values.log)).filter((one) => one.seed === seed);
  const known = new Set(done.map(({chunk}) => chunk));
  let paths = pathsOf(done);
  for (let chunk = shard; !values["only-print"] && paths < most && performance.now() < end; chunk += shards) {
    if (known.has(chunk)) continue;
    const lines = countedChunk(chunk, seed);
    await appendFile(values.log, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    paths += pathsOf(lines);
  }
  printCounts(await countedIn(values.log), values.as === "markdown" ? "markdown" : "text");
}

const pathsOf = (counts: readonly Counted[]): number => counts.reduce((sum, {n}) => sum + n, 0);

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
  const {width, steps} = ROUND[chunk % ROUND.length];
  const rounded = Math.floor(chunk / ROUND.length) % 2 === 1;
  const nulls = Object.entries(NULLS).filter(([name]) => width <= WIDEST_COSTLY || !COSTLY.includes(name));
  return nulls.map(([name, {make, allowed = []}], row) => {
    const random = seededRandom((seed * 1_000_003 + chunk * 101 + row) >>> 0);
    const wrong: Record<string, number> = {};
    let small = 0;
    for (let i = 0; i < OF_EACH; ++i) {
      const path = make({random, steps, width});
      const data = rounded ? toBfloat16(path.data) : path.data;
      const {pattern, p} = claimOf({...path, data}, {token: 0, init: 0, precision: precisionOf(data), evidence: "decisive"});
      if (p > ALPHA || allowed.includes(pattern)) continue;
      if (pattern !== "unsettled") wrong[pattern] = (wrong[pattern] ?? 0) + 1;
      ++small;
    }
    return {seed, chunk, name, width, steps, n: OF_EACH, wrong, small};
  });
}

function printCounts(counts: readonly Counted[], format: "text" | "markdown"): void {
  const table = printTable(["null", "n", ...CLAIMS, "orbit or slider at most, 95 %", "converging at most, 95 %", "p ≤ 0.001"], format);
  const row = (name: string, some: readonly Counted[]): void => {
    const n = pathsOf(some);
    const wrong = (labels: readonly string[]): number =>
      some.reduce((sum, one) => sum + labels.reduce((of, label) => of + (one.wrong[label] ?? 0), 0), 0);
    const small = some.reduce((sum, one) => sum + one.small, 0);
    const atMost = (labels: readonly string[]): string => `${(100 * exactUpper(wrong(labels), n)).toPrecision(2)} %`;
    table.row([
      name,
      String(n),
      ...CLAIMS.map((label) => String(wrong([label]))),
      atMost(["orbit", "slider"]),
      atMost(["converging"]),
      `${((100 * small) / n).toFixed(3)} %`
    ]);
  };
  const group = (key: (one: Counted) => string): void => {
    for (const name of new Set(counts.map(key))) {
      row(
        name,
        counts.filter((one) => key(one) === name)
      );
    }
  };
  group(({name}) => name);
  group(({width, steps}) => `width ${width}, ${steps} states`);
  row("all of them", counts);
}

/** The share at which so few of n would be seen once in twenty times: P(X ≤ count) of a binomial is an incomplete beta function, and so F's upper tail. */
function exactUpper(count: number, n: number): number {
  if (count >= n) return 1;
  const [above, below] = [2 * (count + 1), 2 * (n - count)];
  let [low, high] = [count / n, 1];
  for (let i = 0; i < 60; ++i) {
    const share = (low + high) / 2;
    if (fTail((below * share) / (above * (1 - share)), above, below) > 1 - CONFIDENCE) low = share;
    else high = share;
  }
  return high;
}
