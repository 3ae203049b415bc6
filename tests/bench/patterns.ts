import {parseArgs} from "node:util";
import {ALPHA, classifyPath} from "../../analysis/patterns/classifyRun.ts";
import {MOST_AHEAD} from "../../analysis/patterns/approach/contraction.ts";
import {CLAIMS, type Pattern} from "../../analysis/patterns/labels.ts";
import {toBfloat16} from "../../analysis/patterns/path/rounding.ts";
import type {Matrix} from "../../analysis/matrix.ts";
import {seededRandom, type Random} from "../../analysis/random.ts";
import {coveredBy, errorOf, keptCovered, noiseAloneCovered, NULLS, POSITIVES, type Null, type Positive} from "./patternCases.ts";
import {HARD_POSITIVES} from "../support/hardPositives.ts";
import {distanceFromEndless, endHidden, endSeenAtBest} from "./endBound.ts";
import {leastRateError, resolvedAtBest, withinAtBest} from "./rateBound.ts";
import {printOrganisms} from "./organisms.ts";
import {INTERVALS, medianText, othersText, percent, shareOf, tally} from "./patternCells.ts";
import {printTable, type Format} from "./table.ts";
import {wholeFrom, wholesFrom} from "../support/readNumber.ts";

const SMALL = [ALPHA, 0.01, 0.1]; // p-values of nulls that are no smaller than this as often as this at most
const AMPLITUDES = [1.5, 2, 5, 20, 100, Infinity];

/** What one table is made of: paths of one width, length and number format. */
interface Cell {
  readonly width: number;
  readonly steps: number;
  readonly rounded: boolean;
}

interface Choice {
  readonly seed: string;
  readonly match: string;
  readonly format: Format;
  readonly n: number;
}

/**
 * Prints false positives per null, and recall, accuracy and coverage of the intervals per class and amplitude, with Wilson's 95 % intervals. Every row has its own seed, so that
 * the rows of a run in parts are those of a whole run. Trained networks whose dynamics are known come last, at their own width. `--quick` runs a small part; `--widths`, `--steps`, `--formats f32,bf16`, `--nulls N`, `--positives N`,
 * `--only nulls|positives|kinds|organisms`, `--match TEXT` (in the row's name), `--seed` choose; `--as markdown` prints tables for a document.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      quick: {type: "boolean", default: false},
      widths: {type: "string"},
      steps: {type: "string"},
      formats: {type: "string", default: "f32,bf16"},
      nulls: {type: "string"},
      positives: {type: "string"},
      only: {type: "string"},
      match: {type: "string", default: ""},
      seed: {type: "string", default: "1"},
      as: {type: "string", default: "text"}
    }
  });
  const {match, seed, as: format} = values;
  if (format !== "text" && format !== "markdown") throw new Error(`unknown form: ${format}; one of text, markdown`);
  wholeFrom(0, "--seed", seed);
  const list = (name: "widths" | "steps", usual: number[]): number[] =>
    values[name] === undefined ? usual : wholesFrom(1, `--${name}`, values[name]);
  const count = (name: "nulls" | "positives", usual: number): number =>
    values[name] === undefined ? usual : wholeFrom(1, `--${name}`, values[name]);
  const [widths, lengths] = [list("widths", values.quick ? [64] : [64, 512, 5280]), list("steps", values.quick ? [32] : [32, 64, 128])];
  const prompts = count("positives", values.quick ? 10 : 170);
  for (const width of values.only === "organisms" ? [] : widths) {
    const wide = width > 1000;
    const nulls = count("nulls", values.quick ? 50 : wide ? 100 : 3000);
    const positives = count("positives", values.quick ? 20 : wide ? 30 : 300);
    for (const steps of lengths) {
      for (const storage of values.formats.split(",")) {
        const cell = {width, steps, rounded: storage === "bf16"};
        console.log(`\nwidth ${width}, ${steps} states, ${cell.rounded ? "rounded to bfloat16" : "float32"}`);
        if (values.only !== "positives" && values.only !== "kinds") printNulls(cell, {seed, match, format, n: nulls});
        if (values.only !== "nulls" && values.only !== "kinds") printPositives(cell, {seed, match, format, n: positives});
        if (values.only !== "nulls" && values.only !== "positives") printHardPositives(cell, {seed, match, format, n: positives});
      }
    }
  }
  if (values.only === undefined || values.only === "organisms") {
    console.log("\ntrained networks, 96 steps, float32");
    await printOrganisms(match, format, {prompts, steps: 96, seed: Number(seed)});
  }
}

const stored = ({rows, cols, data}: Matrix, rounded: boolean): Matrix => ({rows, cols, data: rounded ? toBfloat16(data) : data});
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** A random source of a row's own. */
function randomOf(seed: string, {width, steps, rounded}: Cell, row: string): Random {
  let hash = 2166136261;
  for (const letter of `${seed} ${width} ${steps} ${rounded} ${row}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  return seededRandom(hash >>> 0);
}

function printNulls(cell: Cell, {seed, match, format, n}: Choice): void {
  const table = printTable(["null", "n", "orbit", "slider", "converging", "wrong, 95 % interval", ...SMALL.map((p) => `p ≤ ${p}`)], format);
  let [wrong, rare, rows] = [0, 0, 0];
  for (const [name, {make, allowed = []}] of Object.entries(NULLS)) {
    if (!name.includes(match)) continue;
    const {counts, small} = labelsOfNull(make, cell, randomOf(seed, cell, name), n);
    const own = CLAIMS.filter((label) => !allowed.includes(label)).reduce((sum, label) => sum + counts[label], 0);
    wrong += own;
    rare += counts.orbit + counts.slider - allowed.reduce((sum, label) => sum + counts[label], 0);
    ++rows;
    const shown = (["orbit", "slider", "converging"] as const).map(
      (label) => `${counts[label]}${allowed.includes(label) ? " (may be)" : ""}`
    );
    table.row([name, String(n), ...shown, shareOf(own, n), ...small.map((count) => percent(count / n))]);
  }
  if (rows > 1)
    table.row([
      "all of them",
      String(rows * n),
      "",
      `${rare} false orbits and sliders`,
      "",
      shareOf(wrong, rows * n),
      ...SMALL.map(() => "")
    ]);
}

function labelsOfNull(
  make: Null,
  {width, steps, rounded}: Cell,
  random: Random,
  n: number
): {readonly counts: Record<Pattern, number>; readonly small: readonly number[]} {
  const counts: Record<Pattern, number> = {converging: 0, orbit: 0, slider: 0, unsettled: 0};
  const small = SMALL.map(() => 0);
  for (let i = 0; i < n; ++i) {
    const {pattern, p} = classifyPath(stored(make({random, steps, width}), rounded));
    ++counts[pattern];
    SMALL.forEach((most, k) => (small[k] += Number(p <= most)));
  }
  return {counts, small};
}

/** Motions of the kinds that real networks show: what was found, and what else they were called. */
function printHardPositives(cell: Cell, {seed, match, format, n}: Choice): void {
  const table = printTable(["kind", "n", "label", "found, 95 % interval", "median error", ...INTERVALS, "else"], format);
  for (const [name, positive] of Object.entries(HARD_POSITIVES)) {
    if (!name.includes(match)) continue;
    const random = randomOf(seed, cell, name);
    const others: Record<string, number> = {};
    const errors: number[] = [];
    const [covered, alone, kept] = [tally(), tally(), tally()];
    let found = 0;
    for (let i = 0; i < n; ++i) {
      const {path, truth} = positive.make({random, steps: cell.steps, width: cell.width});
      const verdict = classifyPath(stored(path, cell.rounded));
      if (verdict.pattern !== positive.pattern) {
        others[verdict.pattern] = (others[verdict.pattern] ?? 0) + 1;
        continue;
      }
      ++found;
      errors.push(errorOf(positive, verdict, truth));
      covered.add(coveredBy(positive, verdict, truth));
      alone.add(noiseAloneCovered(verdict, truth));
      kept.add(keptCovered(verdict, truth));
    }
    table.row([
      name,
      String(n),
      positive.must ? positive.pattern : `${positive.pattern}, or none`,
      shareOf(found, n),
      medianText(errors),
      ...covered.cells(),
      alone.cells()[1],
      kept.cells()[1],
      othersText(others)
    ]);
  }
}

function printPositives(cell: Cell, {seed, match, format, n}: Choice): void {
  const table = printTable(
    [
      "class",
      "× noise",
      "n",
      "most ahead",
      "recall of the others, 95 % interval",
      "no end to be seen",
      "recall where there is one, 95 % interval",
      "recall at best",
      "within",
      "within at best",
      "median error",
      ...INTERVALS,
      "else"
    ],
    format
  );
  for (const [name, positive] of Object.entries(POSITIVES)) {
    if (!name.includes(match)) continue;
    for (const amplitude of AMPLITUDES.filter((size) => size < Infinity || !cell.rounded)) {
      const {recalled, errors, covered, alone, kept, others, resolved, best, early, hidden, recalledHidden} = judgedRow(positive, cell, {
        amplitude,
        random: randomOf(seed, cell, `${name} ${amplitude}`),
        n
      });
      table.row([
        name,
        amplitude === Infinity ? "none" : String(amplitude),
        String(n),
        String(early),
        early === n ? "–" : shareOf(recalled, n - early),
        ...(hidden === undefined
          ? ["–", "–"]
          : [String(hidden), early + hidden === n ? "–" : shareOf(recalled - recalledHidden, n - early - hidden)]),
        percent(mean(resolved)),
        percent(errors.filter((error) => error <= positive.tolerance).length / recalled),
        percent(mean(best)),
        medianText(errors),
        ...covered.cells(),
        alone.cells()[1],
        kept.cells()[1],
        othersText(others)
      ]);
    }
  }
}

/** One row's runs. `resolved` and `best` hold, run by run, what no method could better: P(rate below 1 resolved, and its end seen) and, of the runs labelled, P(rate within the tolerance). */
function judgedRow(
  positive: Positive,
  {width, steps, rounded}: Cell,
  {amplitude, random, n}: {amplitude: number; random: Random; n: number}
) {
  const row = {
    recalled: 0,
    errors: [] as number[],
    covered: tally(),
    alone: tally(),
    kept: tally(),
    others: {} as Record<string, number>,
    resolved: [] as number[],
    best: [] as number[],
    /** Paths that have most of their way ahead of them, which nobody can call converging yet: they are none of those to be found. */
    early: 0,
    /** Plain decays whose end the noise hides from the best test, most likely: a way without one accounts for them as well; and those of them that are found. */
    hidden: undefined as number | undefined,
    recalledHidden: 0
  };
  for (let i = 0; i < n; ++i) {
    const onSphere = random() < 0.5;
    const {path, truth} = positive.make({random, steps, width, onSphere, amplitude, rounded});
    const verdict = classifyPath(stored(path, rounded));
    const {rate, omega} = truth;
    const decay =
      rate !== undefined && omega !== undefined && amplitude < Infinity
        ? {rate, omega, steps, amplitude, dimensions: width - Number(onSphere)}
        : undefined;
    const bound = decay && leastRateError(decay);
    if (rate !== undefined && rate ** (steps - 1) > MOST_AHEAD) {
      ++row.early;
      if (verdict.pattern !== "unsettled")
        row.others[`${verdict.pattern} too early`] = (row.others[`${verdict.pattern} too early`] ?? 0) + 1;
      continue;
    }
    const fromEndless = decay && omega === 0 ? distanceFromEndless(decay) : undefined; // what turns goes back and forth, as no such way does
    const hidden = fromEndless !== undefined && endHidden(fromEndless);
    if (fromEndless !== undefined) row.hidden = (row.hidden ?? 0) + Number(hidden);
    if (bound !== undefined) row.resolved.push(Math.min(resolvedAtBest(bound, rate!), endSeenAtBest(fromEndless ?? Infinity)));
    if (verdict.pattern !== positive.pattern) {
      row.others[verdict.pattern] = (row.others[verdict.pattern] ?? 0) + 1;
      continue;
    }
    ++row.recalled;
    row.recalledHidden += Number(hidden);
    if (bound !== undefined) row.best.push(withinAtBest(bound, positive.tolerance));
    row.errors.push(errorOf(positive, verdict, truth));
    row.covered.add(coveredBy(positive, verdict, truth));
    row.alone.add(noiseAloneCovered(verdict, truth));
    row.kept.add(keptCovered(verdict, truth));
  }
  return row;
}
