import type {ClusterCount} from "../../analysis/census/clusterShare.ts";
import {shareDifference} from "../../analysis/census/shareDifference.ts";
import {TOKEN_CLASSES} from "../../analysis/census/tokenClass.ts";
import {PATTERNS} from "../../analysis/patterns/labels.ts";
import {numberOrNull} from "../analyses/numberOrNull.ts";
import type {CensusComparison} from "../contract/censusAnswers.ts";
import {finishedSummary, openCensus, rowFilesIn, type OpenCensus, type Source} from "./censusFolder.ts";
import {readRowFile} from "./rowFiles.ts";

/** What of a row two censuses are compared by. */
interface ComparedRow {
  readonly prompt: number;
  readonly init: number;
  /** From the prompt's end, 0 for the last: what stands before the same prompt moves no token. */
  readonly back: number;
  readonly text: string;
  readonly class: string;
  readonly label: string;
}

interface Side extends OpenCensus {
  readonly rows: readonly ComparedRow[];
}

/**
 * Two finished censuses side by side: the share of each label, in all and within each class of tokens, and its difference. Prompts are pairs where
 * there are as many of them and each is the other's end (the same prompts, or with a system prompt before them); then the labels of the same tokens
 * are crossed, too. Throws a Refusal for a census that is not finished.
 */
export async function compareCensuses(first: string, other: string): Promise<CensusComparison> {
  const [a, b] = [await sideOf(first), await sideOf(other)];
  const paired = arePairs(a.sources, b.sources);
  const shares = (group: string | null) => {
    const [own, others] = [a, b].map((side) => clustersOf(side, group));
    if (group !== null && (own.all === 0 || others.all === 0)) return [];
    return PATTERNS.map((label) => {
      const found = shareDifference(own.of(label), others.of(label), {paired});
      const [one, two] = [found.first, found.other].map(({share, low, high}) => ({share: numberOrNull(share), low, high}));
      return {group, label, first: one, other: two, difference: numberOrNull(found.difference), low: found.low, high: found.high};
    });
  };
  return {
    paired,
    shares: [null, ...TOKEN_CLASSES].flatMap(shares),
    ...(paired ? crossed(a.rows, b.rows) : {same: null, tokens: null, crossed: null})
  };
}

async function sideOf(dir: string): Promise<Side> {
  const census = await openCensus(dir);
  await finishedSummary(dir);
  const rows: ComparedRow[] = [];
  for (const path of await rowFilesIn(dir)) {
    const columns = ["prompt", "init", "token", "tokens", "text", "class", "label"];
    for (const {token, tokens, ...row} of await readRowFile(path, columns))
      rows.push({...row, back: (tokens as number) - 1 - (token as number)} as ComparedRow);
  }
  return {...census, rows};
}

const arePairs = (a: readonly Source[], b: readonly Source[]): boolean =>
  a.length === b.length && a.every((source, i) => source.endsWith(b[i]) || b[i].endsWith(source));

/** Rows of each prompt, those of one class or all, by label. */
function clustersOf({rows, manifest: {prompts}}: Side, group: string | null) {
  const members = group === null ? rows : rows.filter((row) => row.class === group);
  return {
    all: members.length,
    of(label: string): ClusterCount[] {
      const clusters = Array.from({length: prompts.count}, () => ({rows: 0, found: 0}));
      for (const row of members) {
        clusters[row.prompt].rows += 1;
        if (row.label === label) clusters[row.prompt].found += 1;
      }
      return clusters;
    }
  };
}

/** Labels of the same tokens: by the first's label, how often the other has each. */
function crossed(a: readonly ComparedRow[], b: readonly ComparedRow[]): Pick<CensusComparison, "same" | "tokens" | "crossed"> {
  const place = ({prompt, init, back}: ComparedRow): string => `${prompt} ${init} ${back}`;
  const others = new Map(b.map((row) => [place(row), row]));
  const table: Record<string, Record<string, number>> = Object.fromEntries(
    PATTERNS.map((label) => [label, Object.fromEntries(PATTERNS.map((one) => [one, 0]))])
  );
  let [tokens, same] = [0, 0];
  for (const row of a) {
    const other = others.get(place(row));
    if (other?.text !== row.text) continue;
    tokens += 1;
    if (other.label === row.label) same += 1;
    table[row.label][other.label] += 1;
  }
  return {same, tokens, crossed: table};
}
