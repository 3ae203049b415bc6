import {createHash} from "node:crypto";
import {mkdir, readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {parseJson} from "../../capture/trace/json.ts";
import {diskFault, Refusal} from "../../capture/trace/refusal.ts";
import {checkLine} from "../contract/checkLine.ts";
import type {CensusDetails} from "../contract/censusAnswers.ts";
import {censusManifestSchema, censusSummarySchema, type CensusManifest, type CensusSummary} from "../contract/censusSchemas.ts";
import {replaceFile} from "../../capture/trace/replaceFile.ts";

/**
 * A census is a folder: census.json says what is asked, sources.json the prompts (or traces), shards/ holds a file for each shard that is done,
 * and, when all are, rows/ the labelled rows, traces/ what was kept, and summary.json, which is written last.
 */
export const CENSUS_FILE = "census.json";
const SOURCES_FILE = "sources.json";
const SUMMARY_FILE = "summary.json";
const COORDINATOR_FILE = "coordinator.json"; // there while a process takes the census to its end

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
export const shardFile = numbered("shards");
export const rowsFile = numbered("rows");
export const keptTrace = (dir: string, prompt: number): string => join(dir, "traces", `prompt-${String(prompt).padStart(6, "0")}`);

export const coordinatorFile = (dir: string): string => join(dir, COORDINATOR_FILE);

export const shardsOf = ({prompts, shard}: Pick<CensusManifest, "prompts" | "shard">): number => Math.ceil(prompts.count / shard);

export const sourcesHash = (sources: readonly Source[]): string => createHash("sha256").update(JSON.stringify(sources)).digest("hex");

/** Makes a census's folder, or finds it made under the same demands. Throws a Refusal that names what differs, with both values. */
export async function makeCensus(dir: string, manifest: CensusManifest, sources: readonly Source[]): Promise<void> {
  try {
    const before = await manifestIn(dir);
    if (before) return refuseOther(dir, before, manifest);
    if ((await ifThere(readdir(dir), [])).length > 0)
      throw new Refusal(`invalid folder: ${dir} is not empty and no census; expected a new or an empty one`, {kind: "conflict"});
    await mkdir(join(dir, "shards"), {recursive: true});
    await replaceFile(join(dir, SOURCES_FILE), JSON.stringify(sources));
    await replaceFile(join(dir, CENSUS_FILE), `${JSON.stringify(manifest, undefined, 1)}\n`); // last: without it the folder is no census
  } catch (error) {
    throw diskFault(error, dir);
  }
}

/** What a census is. Throws a Refusal where the folder is none, or its sources are not what they were. */
export async function openCensus(dir: string): Promise<OpenCensus> {
  const manifest = await readManifest(dir);
  const sources = (await jsonIn(join(dir, SOURCES_FILE))) as readonly Source[];
  if (!Array.isArray(sources) || sourcesHash(sources) !== manifest.prompts.hash)
    throw new Refusal(`damaged census: ${join(dir, SOURCES_FILE)} is not what ${CENSUS_FILE} was made with`, {kind: "damaged"});
  return {dir, manifest, sources};
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
export async function doneShards(dir: string): Promise<ReadonlySet<number>> {
  const names = await ifThere(readdir(join(dir, "shards")), []);
  return new Set(names.filter((name) => /^\d{5,}\.parquet$/.test(name)).map((name) => Number.parseInt(name, 10)));
}

/** What a finished census came to; undefined while it is not finished. */
export async function summaryIn(dir: string): Promise<CensusSummary | undefined> {
  const value = await jsonIn(join(dir, SUMMARY_FILE));
  if (value === undefined) return undefined;
  const parsed = censusSummarySchema.safeParse(value);
  return parsed.success ? parsed.data : undefined; // it is made again
}

export const writeSummary = (dir: string, summary: CensusSummary): Promise<void> =>
  replaceFile(join(dir, SUMMARY_FILE), `${JSON.stringify(summary, undefined, 1)}\n`);

async function manifestIn(dir: string): Promise<CensusManifest | undefined> {
  const path = join(dir, CENSUS_FILE);
  const value = await jsonIn(path);
  if (value === undefined) return undefined;
  const parsed = censusManifestSchema.safeParse(value);
  if (!parsed.success) throw new Refusal(`invalid ${path}: ${checkLine(parsed.error, value)}`, {kind: "damaged"});
  return parsed.data;
}

async function jsonIn(path: string): Promise<unknown> {
  const text = await ifThere(readFile(path, "utf8"), undefined);
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch (cause) {
    throw new Refusal(`invalid ${path}: ${(cause as Error).message}`, {kind: "damaged", cause});
  }
}

/** Titles, owners, times and places may differ; trained steps are the model's, and were not always said. */
function refuseOther(dir: string, before: CensusManifest, now: CensusManifest): void {
  const told = ({title: _title, owner: _owner, created: _created, model: {name, hash}, keep: _keep, ...rest}: CensusManifest) => ({
    ...rest,
    model: {name, hash}
  });
  const [one, other]: Record<string, unknown>[] = [told(before), told(now)];
  for (const key of Object.keys(one)) {
    const [was, is] = [JSON.stringify(one[key]), JSON.stringify(other[key])];
    if (was !== is) throw new Refusal(`invalid ${key}: ${is}; the census in ${dir} was made with ${was}`, {kind: "conflict"});
  }
}
