import {basename} from "node:path";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {CensusRowAnswer, CensusRows, CensusRowsQuery} from "../contract/censusAnswers.ts";
import {finishedSummary, openCensus, rowFilesIn, type Source} from "./censusFolder.ts";
import {readRowFile} from "./rowFiles.ts";

const SHOWN = [
  ...["prompt", "init", "token", "text", "class", "label", "q", "period", "rate", "drift_speed", "settled_step", "amplitude"],
  ...["entropy", "top_text", "published"]
];

type ShownRow = Omit<CensusRowAnswer, "context">;

/** Read once for as long as a process asks about the same census: its rows do not change once they are there. */
let kept: {readonly key: string; readonly rows: readonly ShownRow[]} | undefined;

async function rowsIn(dir: string, {key, count}: {readonly key: string; readonly count: number}): Promise<readonly ShownRow[]> {
  if (kept?.key === key) return kept.rows;
  const rows: ShownRow[] = [];
  for (const path of await rowFilesIn(dir)) for (const row of await readRowFile(path, SHOWN)) rows.push(row as ShownRow);
  if (rows.length !== count)
    throw new Refusal(`damaged census: ${basename(dir)} has ${rows.length} rows; expected ${count}`, {kind: "damaged"});
  kept = {key, rows};
  return rows;
}

/** A finished census's prompts and all of its rows, in their order. Throws a Refusal where it is not finished. */
export async function rowsOfCensus(dir: string): Promise<{readonly sources: readonly Source[]; readonly rows: readonly ShownRow[]}> {
  const {manifest, sources} = await openCensus(dir);
  const summary = await finishedSummary(dir);
  return {sources, rows: await rowsIn(dir, {key: `${dir} ${manifest.created} ${manifest.prompts.hash}`, count: summary.rows})};
}

/** Rows of a finished census that fit a question, in the order asked for; rows without the number that orders come last. */
export async function askRows(dir: string, query: CensusRowsQuery): Promise<CensusRows> {
  const {sources, rows: all} = await rowsOfCensus(dir);
  const fits = (row: ShownRow): boolean =>
    (query.label === undefined || row.label === query.label) &&
    (query.class === undefined || row.class === query.class) &&
    (query.text === undefined || row.text === query.text) &&
    (query.prompt === undefined || row.prompt === query.prompt);
  const found = all.filter(fits);
  if (query.order !== "prompt" || query.descending === "true") found.sort(by(query));
  const rows = found.slice(query.from, query.from + query.count);
  return {total: found.length, rows: rows.map((row) => ({...row, context: contextOf(row, sources, all)}))};
}

function by({order, descending}: CensusRowsQuery): (a: ShownRow, b: ShownRow) => number {
  const sign = descending === "true" ? -1 : 1;
  return (a, b) => {
    const [x, y] = [a[order], b[order]];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y) || a.prompt - b.prompt || a.init - b.init || a.token - b.token;
  };
}

const AROUND = 12; // tokens before and after

/** The tokens about one, of its own prompt and init. */
function contextOf({prompt, init, token}: ShownRow, sources: readonly Source[], all: readonly ShownRow[]): CensusRowAnswer["context"] {
  const first = firstOf(all, prompt, init);
  const texts: string[] = [];
  for (let i = first; i < all.length && all[i].prompt === prompt && all[i].init === init; ++i) texts.push(all[i].text);
  if (texts.length === 0) return {before: "", after: sources[prompt] ?? ""};
  return {before: texts.slice(Math.max(0, token - AROUND), token).join(""), after: texts.slice(token + 1, token + 1 + AROUND).join("")};
}

/** Rows lie in the order of prompts and inits. */
function firstOf(all: readonly ShownRow[], prompt: number, init: number): number {
  let [from, to] = [0, all.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const row = all[middle];
    if (row.prompt < prompt || (row.prompt === prompt && row.init < init)) from = middle + 1;
    else to = middle;
  }
  return from;
}
