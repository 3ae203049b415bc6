import {basename} from "node:path";
import {seededRandom} from "../../analysis/random.ts";
import type {Pattern} from "../../analysis/patterns/labels.ts";
import {captureBytes, prepareCapture} from "../../capture/job/prepareCapture.ts";
import type {CensusManifest, CensusSummary} from "../contract/censusSchemas.ts";
import {makeFolder, removeAt} from "../files/places.ts";
import {cellsOf, LABELLED_COLUMNS, rowOfCells, type LabelledRow} from "./censusRow.ts";
import {keptTrace, rowsFile, shardFile, shardsOf, writeSummary, type OpenCensus} from "./censusFolder.ts";
import {labelsOfClaims, type ClaimCells} from "./labelsOfClaims.ts";
import {readRowFile, writeRowFile} from "./rowFiles.ts";
import {summaryOfRows, type CountedRow} from "./summaryOfRows.ts";
import {capturePrompt, type ShardOptions} from "./workShard.ts";

const COUNTED = ["prompt", "init", "token", "tokens", "text", "class", "published", "period", "rate", "settled_step", "bad_from"];

export interface FinishOptions extends ShardOptions {
  /** Captures what is worth a look elsewhere, by prompt; false where nobody can. Defaults to here. */
  readonly keepElsewhere?: (prompts: readonly number[]) => Promise<boolean>;
}

/**
 * Ends a census whose shards are all done: q-values over all rows (Benjamini and Hochberg 1995), the labelled rows, the traces that are worth a
 * look, and the summary, last. It can be killed anywhere and begun again.
 */
export async function finishCensus({dir, manifest, sources}: OpenCensus, options: FinishOptions): Promise<CensusSummary> {
  const shards = Array.from({length: shardsOf(manifest)}, (_, i) => i);
  const claims: ClaimCells[] = [];
  const counted: Omit<CountedRow, "label">[] = [];
  for (const shard of shards) {
    options.signal?.throwIfAborted();
    for (const {claim, p, ...row} of await readRowFile(shardFile(dir, shard), ["claim", "p", ...COUNTED])) {
      counted.push(row as unknown as CountedRow);
      claims.push({claim, p, bad_from: row.bad_from} as ClaimCells);
    }
  }
  const {labels, q} = labelsOfClaims(claims);
  await writeRows(dir, {shards, labels, q, signal: options.signal});
  const rows = counted.map((row, i) => ({...row, label: labels[i]}));
  const kept = await keepTraces(rows, {dir, manifest, sources}, options);
  const summary: CensusSummary = {...summaryOfRows(rows, manifest.prompts.count), kept};
  await writeSummary(dir, summary);
  return summary;
}

async function writeRows(
  dir: string,
  {shards, labels, q, signal}: {shards: readonly number[]; labels: readonly Pattern[]; q: readonly number[]; signal?: AbortSignal}
): Promise<void> {
  let first = 0;
  for (const shard of shards) {
    signal?.throwIfAborted();
    const rows = (await readRowFile(shardFile(dir, shard))).map(rowOfCells);
    const labelled = rows.map((row, i): LabelledRow => ({...row, label: labels[first + i], q: q[first + i]}));
    await writeRowFile(rowsFile(dir, shard), LABELLED_COLUMNS, labelled.map(cellsOf));
    first += rows.length;
  }
}

/**
 * Captures once more what is worth a look: the same states as before. Which prompts those are is known when all rows are, long after their states are gone.
 * Traces that were captured elsewhere stay where they are.
 */
async function keepTraces(
  rows: readonly CountedRow[],
  {dir, manifest, sources}: OpenCensus,
  options: FinishOptions
): Promise<CensusSummary["kept"]> {
  const found = worthALook(rows, manifest);
  if (manifest.from === "traces") return found.map(({prompt, why}) => ({prompt, why, trace: sources[prompt]}));
  const kept: typeof found = [];
  let left = manifest.keep.megabytes * 1e6;
  for (const one of found) {
    left -= await bytesOf(manifest, sources[one.prompt], options.model);
    if (left < 0) break;
    kept.push(one);
  }
  for (const {prompt} of kept) await removeAt(keptTrace(dir, prompt)); // of one who was killed at it
  const prompts = kept.map(({prompt}) => prompt);
  if (prompts.length > 0 && !(await options.keepElsewhere?.(prompts)))
    for (const prompt of prompts) {
      options.signal?.throwIfAborted();
      await makeFolder(keptTrace(dir, prompt), (fresh) => capturePrompt(manifest, sources[prompt], fresh, options));
    }
  return kept.map(({prompt, why}) => ({prompt, why, trace: basename(keptTrace(dir, prompt))}));
}

/** Prompts with an orbit, then with a slider, as many as are asked for; then a sample of the others. */
function worthALook(
  rows: readonly CountedRow[],
  {keep, seed, prompts}: CensusManifest
): Pick<CensusSummary["kept"][number], "prompt" | "why">[] {
  const withLabel = (label: Pattern) => [...new Set(rows.flatMap((row) => (row.label === label ? [row.prompt] : [])))];
  const orbits = withLabel("orbit");
  const sliders = withLabel("slider").filter((prompt) => !orbits.includes(prompt));
  const found = [
    ...orbits.map((prompt) => ({prompt, why: "orbit" as const})),
    ...sliders.map((prompt) => ({prompt, why: "slider" as const}))
  ];
  const taken = new Set(found.map(({prompt}) => prompt));
  const random = seededRandom(seed);
  const rest = Array.from({length: prompts.count}, (_, prompt) => ({prompt, place: random()})).filter(({prompt}) => !taken.has(prompt));
  const sample = rest.sort((a, b) => a.place - b.place).slice(0, keep.sample);
  return [...found.slice(0, keep.traces), ...sample.map(({prompt}) => ({prompt, why: "sample" as const}))];
}

async function bytesOf({steps, inits, site}: CensusManifest, prompt: string, model: string): Promise<number> {
  const demand = {model, prompt, steps, inits, sites: [site], edits: []};
  return captureBytes(await prepareCapture(demand), demand);
}
