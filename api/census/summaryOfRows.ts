import {associationOf, type ClusterTable} from "../../analysis/census/association.ts";
import {clusterShare} from "../../analysis/census/clusterShare.ts";
import {benjaminiHochberg} from "../../analysis/patterns/statistics/benjaminiHochberg.ts";
import {ALPHA} from "../../analysis/patterns/classifyRun.ts";
import {CLAIMS, PATTERNS, type Pattern} from "../../analysis/patterns/labels.ts";
import {numberOrNull} from "../analyses/numberOrNull.ts";
import {ASSOCIATED, type CensusSummary} from "../contract/censusSchemas.ts";
import type {LabelledRow} from "./censusRow.ts";

/** What of a row its census is summed up by. */
export type CountedRow = Pick<
  LabelledRow,
  "prompt" | "init" | "token" | "tokens" | "text" | "class" | "label" | "published" | "period" | "rate" | "settled_step" | "bad_from"
>;

/** What all rows come to; `kept` is told apart. A prompt's rows are a cluster: they are not independent of one another. */
export function summaryOfRows(rows: readonly CountedRow[], prompts: number): Omit<CensusSummary, "kept"> {
  const labels = Object.fromEntries(PATTERNS.map((label) => [label, shareOf(rows, prompts, label)]));
  const claimed = CLAIMS.reduce((sum, label) => sum + labels[label].count, 0);
  return {
    schema: "orrery-census-summary/1",
    prompts,
    tokens: rows.filter(({init}) => init === 0).length,
    rows: rows.length,
    alpha: ALPHA,
    labels,
    expected_false: ALPHA * claimed,
    not_finite: rows.filter(({bad_from}) => bad_from !== null).length,
    published: crossed(rows),
    associations: associationsOf(rows, prompts),
    periods: histogram(numbers(rows, "orbit", "period"), PERIOD_EDGES),
    rates: histogram(numbers(rows, "converging", "rate"), RATE_EDGES),
    settling: settlingBy(rows)
  };
}

const PERIOD_EDGES = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 12.5, 16.5, 32.5, 64.5, 128.5];
const RATE_EDGES = Array.from({length: 21}, (_, i) => i / 20);

function shareOf(rows: readonly CountedRow[], prompts: number, label: Pattern): CensusSummary["labels"][string] {
  const clusters = Array.from({length: prompts}, () => ({rows: 0, found: 0}));
  for (const row of rows) {
    clusters[row.prompt].rows += 1;
    if (row.label === label) clusters[row.prompt].found += 1;
  }
  const {share, low, high} = clusterShare(clusters);
  return {count: clusters.reduce((sum, {found}) => sum + found, 0), share: numberOrNull(share), low, high};
}

function crossed(rows: readonly CountedRow[]): CensusSummary["published"] {
  const table: Record<string, Record<string, number>> = {};
  for (const {published, label} of rows) {
    table[published] ??= Object.fromEntries(PATTERNS.map((pattern) => [pattern, 0]));
    table[published][label] += 1;
  }
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const numbers = (rows: readonly CountedRow[], label: Pattern, name: "period" | "rate"): number[] =>
  rows.flatMap((row) => (row.label === label && row[name] !== null ? [row[name]] : []));

/** Counts between the edges; what lies outside counts into the first or the last bin. */
function histogram(values: readonly number[], edges: readonly number[]): CensusSummary["periods"] {
  const bins = edges.slice(1).map((to, i) => ({from: edges[i], to, count: 0}));
  for (const value of values) {
    const at = bins.findIndex(({to}) => value < to);
    bins[at < 0 ? bins.length - 1 : at].count += 1;
  }
  return bins;
}

const TENTHS = 10;

function settlingBy(rows: readonly CountedRow[]): CensusSummary["settling"] {
  const steps = Array.from({length: TENTHS}, (): number[] => []);
  for (const {label, settled_step, token, tokens} of rows)
    if (label === "converging" && settled_step !== null) steps[Math.floor((TENTHS * token) / tokens)].push(settled_step);
  return steps.map((list, i) => {
    list.sort((a, b) => a - b);
    return {from: i / TENTHS, to: (i + 1) / TENTHS, median: list.length > 0 ? list[list.length >> 1] : null, count: list.length};
  });
}

const MOST_TEXTS = 200; // groups of one text: those with the most rows, and as many with the most orbits and sliders

/** Groups of rows by what they have in common: by name, the indices of their rows. */
function groupsOf(
  rows: readonly CountedRow[]
): {readonly by: (typeof ASSOCIATED)[number]; readonly group: string; readonly members: number[]}[] {
  const places: Record<(typeof ASSOCIATED)[number], Map<string, number[]>> = {class: new Map(), position: new Map(), text: new Map()};
  const add = (by: (typeof ASSOCIATED)[number], group: string, i: number) => {
    const members = places[by].get(group);
    if (members) members.push(i);
    else places[by].set(group, [i]);
  };
  rows.forEach((row, i) => {
    add("class", row.class, i);
    for (const band of bandsOf(row)) add("position", band, i);
    add("text", row.text, i);
  });
  const rare = (members: readonly number[]) => members.filter((i) => rows[i].label === "orbit" || rows[i].label === "slider").length;
  const texts = [...places.text].map(([group, members]) => ({group, members, rare: rare(members)}));
  const byRows = [...texts].sort((a, b) => b.members.length - a.members.length || (a.group < b.group ? -1 : 1)).slice(0, MOST_TEXTS);
  const byRare = texts.filter((one) => one.rare > 0).sort((a, b) => b.rare - a.rare || (a.group < b.group ? -1 : 1));
  const chosen = new Map([...byRows, ...byRare.slice(0, MOST_TEXTS)].map(({group, members}) => [group, members]));
  return [
    ...[...places.class].map(([group, members]) => ({by: "class" as const, group, members})),
    ...[...places.position].map(([group, members]) => ({by: "position" as const, group, members})),
    ...[...chosen].map(([group, members]) => ({by: "text" as const, group, members}))
  ].sort((a, b) => ASSOCIATED.indexOf(a.by) - ASSOCIATED.indexOf(b.by) || (a.group < b.group ? -1 : a.group > b.group ? 1 : 0));
}

function bandsOf({token, tokens}: CountedRow): string[] {
  const third = ["first third", "middle third", "last third"][Math.floor((3 * token) / tokens)];
  return [...(token === 0 ? ["first token"] : []), ...(token === tokens - 1 ? ["last token"] : []), third];
}

function associationsOf(rows: readonly CountedRow[], prompts: number): CensusSummary["associations"] {
  const labels = PATTERNS.filter((label) => {
    const count = rows.filter((row) => row.label === label).length;
    return count > 0 && count < rows.length;
  });
  const totals = countsBy(rows, prompts);
  const found = groupsOf(rows)
    .filter(({members}) => members.length < rows.length)
    .flatMap(({by, group, members}) => {
      const own = countsBy(
        members.map((i) => rows[i]),
        prompts
      );
      return labels.map((label) => ({by, group, label, ...associationOf(tables(own, totals, label))}));
    });
  const q = benjaminiHochberg(found.map(({p}) => p));
  return found.map(({by, group, label, table, oddsRatio, interval, p}, i) => ({
    by,
    group,
    label,
    table: [[...table[0]], [...table[1]]],
    odds_ratio: numberOrNull(oddsRatio),
    interval: interval ? [...interval] : null,
    p,
    q: q[i]
  })) as CensusSummary["associations"];
}

/** Rows of each prompt, by label. */
type Counts = Readonly<Record<Pattern, Int32Array>> & {readonly all: Int32Array};

function countsBy(rows: readonly CountedRow[], prompts: number): Counts {
  const counts = Object.fromEntries([...PATTERNS, "all"].map((name) => [name, new Int32Array(prompts)])) as Counts;
  for (const {label, prompt} of rows) {
    ++counts[label][prompt];
    ++counts.all[prompt];
  }
  return counts;
}

const tables = (own: Counts, totals: Counts, label: Pattern): ClusterTable[] =>
  Array.from(totals.all, (all, i) => {
    const [a, rows] = [own[label][i], own.all[i]];
    const c = totals[label][i] - a;
    return [
      [a, rows - a],
      [c, all - rows - c]
    ];
  });
