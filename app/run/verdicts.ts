import type {PatternAnswer, Patterns} from "../../api/contract/contract.ts";
import {formatInterval, formatNumber} from "../plot/format.ts";
import {beyondWords, counted, isBeyond, type Pattern, type Trained} from "../../api/contract/choices.ts";
import {tableCsv, type Cell} from "../plot/csv.ts";

/** The verdicts of a run, found by trajectory. */
export interface Verdicts extends Patterns {
  readonly summary: Patterns["summary"];
  /** The verdict of one trajectory; undefined where the run has none such. */
  of(init: number, token: number): PatternAnswer | undefined;
}

export function verdictsOf({tokens, summary}: Patterns): Verdicts {
  return {
    tokens,
    summary,
    of: (init, token) => (init < summary.inits && token < summary.tokens ? tokens[init * summary.tokens + token] : undefined)
  };
}

/** How often each label occurs among a token's inits (or only one of them), the most frequent first. */
export function labelCounts(verdicts: Verdicts, token: number, init: number | undefined): readonly (readonly [Pattern, number])[] {
  const counts = new Map<Pattern, number>();
  const inits = init === undefined ? [...Array(verdicts.summary.inits).keys()] : [init];
  for (const own of inits) {
    const pattern = verdicts.of(own, token)?.pattern;
    if (pattern) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** The one label that a token is drawn as where there is room for one: what is rare, else what most of its trajectories are. */
export function drawnAs(verdicts: Verdicts, token: number, init: number | undefined): Pattern | undefined {
  const labels = labelCounts(verdicts, token, init).map(([label]) => label);
  return (["orbit", "slider"] as const).find((rare) => labels.includes(rare)) ?? labels[0];
}

/** Tokens of which at least one trajectory has the label. */
export function tokensWith(verdicts: Verdicts, label: Pattern, init: number | undefined): number[] {
  return [...Array(verdicts.summary.tokens).keys()].filter((token) =>
    labelCounts(verdicts, token, init).some(([found]) => found === label)
  );
}

const BEYOND = "†"; // a mark at each step beyond the trained ones, and what it means once

/** The numbers of a verdict in words, those that its label has; steps beyond those that the model was trained with are marked, and the mark is told at the end. */
export function factsOf(verdict: PatternAnswer, trained?: Trained): readonly (readonly [string, string])[] {
  const {rate, rate_ci, settled_step, spiral, spiral_period, period, period_ci, amplitude, off_curve, ...rest} = verdict;
  const {drift_speed, noise_floor, window} = rest;
  const facts: (readonly [string, string])[] = [];
  const marked = (step: number): string => (isBeyond(trained, step) ? `${step}${BEYOND}` : String(step));
  if (verdict.not_converging !== undefined) facts.push(["not converging", verdict.not_converging]);
  if (rate !== null) facts.push(["rate", `${formatNumber(rate)}${intervalOf(rate_ci)} a step`]);
  if (verdict.no_rate_ci !== undefined) facts.push(["no interval of it", verdict.no_rate_ci]);
  if (period !== null) facts.push(["period", `${formatNumber(period)}${intervalOf(period_ci)} steps`]);
  if (verdict.no_period_ci !== undefined) facts.push(["no interval of it", verdict.no_period_ci]);
  if (amplitude !== null) facts.push(["radius", `${formatNumber(amplitude)} of the norm`]);
  if (off_curve !== null) facts.push(["off its curve", `${formatNumber(off_curve)} of its radius`]);
  if (drift_speed !== null) facts.push(["drift", `${formatNumber(drift_speed)} rad a step`]);
  if (settled_step !== null && verdict.pattern === "converging") facts.push(["settles at", `step ${marked(settled_step)}`]);
  if (spiral) facts.push(["spiral", spiral_period === null ? "yes" : `period ${formatNumber(spiral_period)} steps`]);
  facts.push(["window", `steps ${marked(window[0])} to ${marked(window[1])}`]);
  if (noise_floor !== null) facts.push(["noise floor", formatNumber(noise_floor)]);
  if (verdict.still_from !== null) facts.push(["still, bit for bit", `from step ${marked(verdict.still_from)}`]);
  if (verdict.bad_from !== null) facts.push(["NaN or Infinity", `from step ${verdict.bad_from}: no label`]);
  if (verdict.weighed.length > 0) facts.push(["weighed down by noise", `coordinate ${verdict.weighed.join(", ")}`]);
  if (typeof trained === "number" && facts.some(([, text]) => text.includes(BEYOND))) facts.push([BEYOND, beyondWords(trained)]);
  return facts;
}

const intervalOf = (interval: readonly [number | null, number | null] | null): string => (interval ? ` ${formatInterval(interval)}` : "");

/** q or p as it is written: exact above a thousandth. */
export const formatQ = (name: "q" | "p", value: number): string => (value < 0.001 ? `${name} < 0.001` : `${name} = ${formatNumber(value)}`);

/** What was found in a run, in one sentence: an answer also where nothing was. */
export function findingOf({counts, alpha, inits, tokens}: Patterns["summary"]): string {
  const rare = (["orbit", "slider"] as const).filter((label) => (counts[label] ?? 0) > 0);
  if (rare.length)
    return rare.map((label) => counted(counts[label], label)).join(" and ") + ` at q ≤ ${alpha} among ${inits * tokens} trajectories`;
  return `No orbit or slider at q ≤ ${alpha} among ${inits * tokens} trajectories`;
}

/** What is said of a run whose tokens have become one another, the sign of a failed training run; undefined of any other. */
export function collapseOf({collapse: {collapsed, since, correlation}}: Patterns["summary"]): string | undefined {
  return collapsed
    ? `Collapsed: since step ${since} the tokens’ states are one another’s, correlation ${correlation?.toFixed(3)}`
    : undefined;
}

const VERDICT_COLUMNS = [
  "init",
  "index",
  "text",
  "pattern",
  "q",
  "p",
  "rate",
  "settled_step",
  "spiral",
  "spiral_period",
  "period",
  "amplitude",
  "drift_speed",
  "noise_floor",
  "last_step_norm",
  "still_from",
  "bad_from",
  "no_rate_ci",
  "no_period_ci",
  "not_converging",
  "off_curve"
] as const;

/** Every verdict of a run as a table, a line for each trajectory; intervals and windows as two columns, weighed coordinates with blanks between. */
export function verdictsCsv({tokens}: Patterns): string {
  const ends = (name: string): string[] => [`${name}_low`, `${name}_high`];
  return tableCsv(
    [...VERDICT_COLUMNS, ...ends("rate_ci"), ...ends("period_ci"), "window_first", "window_last", "weighed"],
    tokens.map((verdict): Cell[] => [
      ...VERDICT_COLUMNS.map((name) => verdict[name]),
      ...(verdict.rate_ci ?? [null, null]),
      ...(verdict.period_ci ?? [null, null]),
      ...verdict.window,
      verdict.weighed.join(" ")
    ])
  );
}
