import {createHash} from "node:crypto";
import {basename, join} from "node:path";
import {jsonFileIfThere} from "../../capture/trace/jsonFile.ts";
import {isLeftBehind} from "../../capture/trace/processIdentity.ts";
import {diskFault, Refusal} from "../../capture/trace/refusal.ts";
import {namesAt, replaceIn} from "../files/places.ts";
import {checkLine} from "../contract/checkLine.ts";
import type {CensusDetails} from "../contract/censusAnswers.ts";
import {censusManifestSchema, censusSummarySchema, type CensusManifest, type CensusSummary} from "../contract/censusSchemas.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";

/**
 * A census is a folder, of a disk or `s3://bucket/prefix`: census.json says what is asked, sources.json the prompts (or traces), shards/ holds a file for each shard that is done,
 * and, when all are, rows/ the labelled rows, traces/ what was kept, and summary.json, which is written last.
 */
export const CENSUS_FILE = "census.json";
const SOURCES_FILE = "sources.json";
const SUMMARY_FILE = "summary.json";
const COORDINATOR_FILE = "coordinator.json"; // there while a process takes the census to its end
const SHARDS_FOLDER = "shards";
export const ROWS_FOLDER = "rows";
export const TRACES_FOLDER = "traces";

const MAX_MANIFEST_BYTES = 2 ** 20;
const MAX_SOURCES_BYTES = 2 ** 29; // a prompt file of 256 MB, with its escapes
const MAX_SUMMARY_BYTES = 64 * 2 ** 20;

/** A text that is captured, or the folder of a trace that was captured elsewhere. */
export type Source = string;

/** A census's folder and what it holds. */
export interface OpenCensus {
  readonly dir: string;
  readonly manifest: CensusManifest;
  readonly sources: readonly Source[];
}

const numbered =
  (folder: string) =>
  (dir: string, shard: number): string =>
    join(dir, folder, `${String(shard).padStart(5, "0")}.parquet`);
export const shardFile = numbered(SHARDS_FOLDER);
export const rowsFile = numbered(ROWS_FOLDER);
export const keptTrace = (dir: string, prompt: number): string => join(dir, TRACES_FOLDER, `prompt-${String(prompt).padStart(6, "0")}`);

export const coordinatorFile = (dir: string): string => join(dir, COORDINATOR_FILE);

export const shardsOf = ({prompts, shard}: Pick<CensusManifest, "prompts" | "shard">): number => Math.ceil(prompts.count / shard);

export const sourcesHash = (sources: readonly Source[]): string => createHash("sha256").update(JSON.stringify(sources)).digest("hex");

/** Makes a census's folder, or finds it made under the same demands. Throws a Refusal that names what differs, with both values. */
export async function makeCensus(dir: string, manifest: CensusManifest, sources: readonly Source[]): Promise<void> {
  try {
    const before = await manifestIn(dir);
    if (before) return refuseOther(dir, before, manifest);
    if ((await namesAt(dir)).some((name) => !BEGUN.includes(name) && !isLeftBehind(name)))
      throw new Refusal(`invalid folder: ${dir} is not empty and no census; expected a new or an empty one`, {kind: "conflict"});
    await replaceIn(join(dir, SOURCES_FILE), JSON.stringify(sources));
    await replaceIn(join(dir, CENSUS_FILE), `${JSON.stringify(manifest, undefined, 1)}\n`); // last: without it the folder is no census
  } catch (error) {
    throw diskFault(error, dir);
  }
}

/** What is there of a census that was killed before its manifest. */
const BEGUN: readonly string[] = [SHARDS_FOLDER, SOURCES_FILE];

/** What a census is. Throws a Refusal where the folder is none, or its sources are not what they were. */
export async function openCensus(dir: string): Promise<OpenCensus> {
  const manifest = await readManifest(dir);
  const sources = (await jsonIn(join(dir, SOURCES_FILE), MAX_SOURCES_BYTES)) as readonly Source[];
  if (!Array.isArray(sources) || sourcesHash(sources) !== manifest.prompts.hash)
    throw new Refusal(`damaged census: ${join(dir, SOURCES_FILE)} is not what ${CENSUS_FILE} was made with`, {kind: "damaged"});
  return {dir, manifest, sources};
}

/** The source of a number, as it was asked for. Throws a Refusal where the census has none of it. */
export function sourceAt(sources: readonly Source[], prompt: string): Source {
  const source = /^\d{1,9}$/.test(prompt) ? sources[Number(prompt)] : undefined;
  if (source === undefined)
    throw new Refusal(`unknown prompt: ${prompt.slice(0, 40)}; expected 0 to ${sources.length - 1}`, {kind: "unknown"});
  return source;
}

/** What was asked. Throws a Refusal where the folder is no census. */
export async function readManifest(dir: string): Promise<CensusManifest> {
  const manifest = await manifestIn(dir);
  if (!manifest) throw new Refusal(`unknown census: ${dir} has no ${CENSUS_FILE}`, {kind: "unknown"});
  return manifest;
}

/** What was asked, without the place of the model's folder, which is the business of the machine alone. */
export const withoutFolder = ({model: {folder: _folder, ...model}, ...manifest}: CensusManifest): CensusDetails["manifest"] => ({
  ...manifest,
  model
});

/** Which shards are done, by number. */
export const doneShards = (dir: string): Promise<ReadonlySet<number>> => numbersIn(join(dir, SHARDS_FOLDER));

async function numbersIn(folder: string): Promise<ReadonlySet<number>> {
  return new Set((await parquetIn(folder)).map((name) => Number.parseInt(name, 10)));
}

/** The census's own files: a Mac leaves others beside them, `._00000.parquet`. */
const parquetIn = async (folder: string): Promise<readonly string[]> =>
  (await namesAt(folder)).filter((name) => /^\d{5,}\.parquet$/.test(name)).sort();

/** The files of a finished census's rows, in order. */
export const rowFilesIn = async (dir: string): Promise<readonly string[]> =>
  (await parquetIn(join(dir, ROWS_FOLDER))).map((name) => join(dir, ROWS_FOLDER, name));

/** What a finished census came to; undefined while it is not finished, and where it cannot be read or rows are missing: they are made again. */
export async function summaryIn(dir: string): Promise<CensusSummary | undefined> {
  const manifest = await manifestIn(dir);
  if (!manifest || (await numbersIn(join(dir, ROWS_FOLDER))).size < shardsOf(manifest)) return undefined;
  const value = await jsonIn(join(dir, SUMMARY_FILE), MAX_SUMMARY_BYTES).catch((error: unknown) => {
    if (error instanceof Refusal && error.kind === "damaged") return undefined;
    throw error;
  });
  return censusSummarySchema.safeParse(value).data;
}

/** The same. Throws a Refusal where it is not finished. */
export async function finishedSummary(dir: string): Promise<CensusSummary> {
  const summary = await summaryIn(dir);
  if (!summary) throw new Refusal(`unfinished census: ${basename(dir)} has no labels yet; expected a finished one`, {kind: "conflict"});
  return summary;
}

export const writeSummary = (dir: string, summary: CensusSummary): Promise<void> =>
  replaceIn(join(dir, SUMMARY_FILE), `${JSON.stringify(summary, undefined, 1)}\n`);

async function manifestIn(dir: string): Promise<CensusManifest | undefined> {
  const path = join(dir, CENSUS_FILE);
  const value = await jsonIn(path, MAX_MANIFEST_BYTES);
  if (value === undefined) return undefined;
  const parsed = censusManifestSchema.safeParse(value);
  if (!parsed.success) throw new Refusal(`invalid ${path}: ${checkLine(parsed.error, value)}`, {kind: "damaged"});
  return parsed.data;
}

const jsonIn = (path: string, maxBytes: number): Promise<unknown> => jsonFileIfThere(path, {maxBytes, error: TraceFormatError});

/** Titles, owners, times and places may differ; trained steps are the model's, and were not always said. */
function refuseOther(dir: string, before: CensusManifest, now: CensusManifest): void {
  const told = ({title: _title, owner: _owner, created: _created, model, prompts, keep: _keep, ...rest}: CensusManifest) => ({
    ...rest,
    model: `${model.name} with the hash ${model.hash}`,
    prompts: `${prompts.count} with the hash ${prompts.hash}`
  });
  const [one, other]: Record<string, unknown>[] = [told(before), told(now)];
  const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  for (const key of Object.keys(one)) {
    const [was, is] = [textOf(one[key]), textOf(other[key])];
    if (was !== is) throw new Refusal(`invalid ${key}: ${is}; the census in ${dir} was made with ${was}`, {kind: "conflict"});
  }
}
