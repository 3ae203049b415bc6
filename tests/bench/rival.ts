import {execFileSync} from "node:child_process";
import {existsSync} from "node:fs";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import type {Matrix} from "../../analysis/matrix.ts";
import {classifyPath} from "../../analysis/patterns/classifyRun.ts";
import type {Pattern} from "../../analysis/patterns/labels.ts";
import {seededRandom, type Random} from "../../analysis/random.ts";
import {HARD_POSITIVES} from "../support/hardPositives.ts";
import {NULLS, POSITIVES} from "./patternCases.ts";
import {printTable} from "./table.ts";
import {wholeFrom} from "../support/readNumber.ts";

const THEIRS: Readonly<Record<string, Pattern>> = {
  converging: "converging",
  looping: "orbit",
  drifting: "slider",
  uncertain: "unsettled"
};
const AMPLITUDES = [2, 5, 20];

/** Paths of one kind, and which of the labels are right of it, or only not wrong. */
interface Row {
  readonly name: string;
  readonly make: (random: Random) => Matrix;
  readonly right: Pattern;
  readonly allowed: readonly Pattern[];
}

/**
 * `npm run bench -- rival --source DIR`: ours beside the one public classifier of the same labels, on the same paths. DIR is a checkout of github.com/anbauoq/huginn-latent-dynamics;
 * needs a Python with numpy (`--python`). `--n`, `--steps`, `--width`, `--seed` choose; `--as markdown` prints a table for a document.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      source: {type: "string"},
      python: {type: "string", default: process.env.ORRERY_PYTHON?.split(",")[0] ?? "python3"},
      n: {type: "string", default: "40"},
      steps: {type: "string", default: "64"},
      width: {type: "string", default: "64"},
      seed: {type: "string", default: "1"},
      as: {type: "string", default: "text"}
    }
  });
  const {source} = values;
  if (source === undefined || !existsSync(join(source, "src/huginn_research/metrics.py")))
    throw new Error(`invalid --source: ${source ?? "none"}; expected a checkout of github.com/anbauoq/huginn-latent-dynamics`);
  const folder = await mkdtemp(join(tmpdir(), "orrery-rival-"));
  await besideThem(folder, {...values, source}).finally(() => rm(folder, {recursive: true, force: true}));
}

interface Order {
  readonly source: string;
  readonly python: string;
  readonly n: string;
  readonly steps: string;
  readonly width: string;
  readonly seed: string;
  readonly as: string;
}

async function besideThem(folder: string, values: Order): Promise<void> {
  const [n, steps, width] = (["n", "steps", "width"] as const).map((name) => wholeFrom(1, `--${name}`, values[name]));
  const seed = wholeFrom(0, "--seed", values.seed);
  const ask = async (paths: readonly Matrix[]): Promise<Pattern[]> => {
    const file = join(folder, "paths");
    await writeFile(file, new Uint8Array(Buffer.concat(paths.map(({data}) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)))));
    const peer = fileURLToPath(new URL("peers/rival.py", import.meta.url));
    const env = {...process.env, PYTHONDONTWRITEBYTECODE: "1"};
    const text = execFileSync(values.python, [peer, values.source, file, String(steps), String(width)], {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "pipe"]
    });
    return (JSON.parse(text) as string[]).map((label) => THEIRS[label]);
  };
  const table = printTable(
    ["paths", "n", "right", "ours: right", "wrong", "theirs: right", "wrong"],
    values.as === "markdown" ? "markdown" : "text"
  );
  const totals = {nulls: {n: 0, ours: [0, 0], theirs: [0, 0]}, motions: {n: 0, ours: [0, 0], theirs: [0, 0]}};
  for (const [i, {name, make, right, allowed}] of rowsOf({steps, width}).entries()) {
    const random = seededRandom(seed * 1000 + i);
    const paths = Array.from({length: n}, () => make(random));
    const counted = (labels: readonly Pattern[]): number[] => [
      labels.filter((label) => label === right).length,
      labels.filter((label) => label !== right && label !== "unsettled" && !allowed.includes(label)).length
    ];
    const [ours, theirs] = [counted(paths.map((path) => classifyPath(path).pattern)), counted(await ask(paths))];
    const total = right === "unsettled" ? totals.nulls : totals.motions;
    total.n += n;
    for (const k of [0, 1]) {
      total.ours[k] += ours[k];
      total.theirs[k] += theirs[k];
    }
    table.row([name, String(n), right, ...[...ours, ...theirs].map(String)]);
  }
  table.row(["all nulls", String(totals.nulls.n), "", ...[...totals.nulls.ours, ...totals.nulls.theirs].map(String)]);
  table.row(["all motions", String(totals.motions.n), "", ...[...totals.motions.ours, ...totals.motions.theirs].map(String)]);
}

function rowsOf(shape: {readonly steps: number; readonly width: number}): Row[] {
  const nulls = Object.entries(NULLS).map(
    ([name, {make, allowed = []}]): Row => ({name, make: (random) => make({...shape, random}), right: "unsettled", allowed})
  );
  const motions = Object.entries(POSITIVES).flatMap(([name, {make, pattern}]) =>
    AMPLITUDES.map(
      (amplitude): Row => ({
        name: `${name}, ${amplitude} × the noise`,
        make: (random) => make({...shape, random, amplitude, onSphere: random() < 0.5}).path,
        right: pattern,
        allowed: []
      })
    )
  );
  const hard = Object.entries(HARD_POSITIVES).map(
    ([name, {make, pattern}]): Row => ({name, make: (random) => make({...shape, random}).path, right: pattern, allowed: []})
  );
  return [...nulls, ...motions, ...hard];
}
