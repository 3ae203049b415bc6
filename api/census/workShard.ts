import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Engine} from "../../capture/engine/engine.ts";
import {capture} from "../../capture/job/capture.ts";
import {captureSpecSchema} from "../../capture/job/captureSpec.ts";
import {openTrace} from "../../capture/trace/reader.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {writtenSteps} from "../../capture/trace/writtenSteps.ts";
import type {CensusManifest} from "../contract/censusSchemas.ts";
import {isBucket} from "../files/bucket/bucketAddress.ts";
import {passingBeside, type Passing} from "../files/passing.ts";
import {cellsOf, ROW_COLUMNS, type CensusRow} from "./censusRow.ts";
import {shardFile, type OpenCensus, type Source} from "./censusFolder.ts";
import {isGram, readGram, type GramTrace} from "./gram/gramFolder.ts";
import {rowsOfGram} from "./gram/readGramTrace.ts";
import {rowsOfTrace} from "./rowsOfTrace.ts";
import {writeRowFile} from "./rowFiles.ts";

export interface ShardOptions {
  /** The loaded model; not asked for where traces are read. */
  readonly engine: () => Promise<Engine>;
  /** The checkpoint's folder here. */
  readonly model: string;
  readonly signal?: AbortSignal;
  /** Called after each prompt. */
  readonly onPrompt?: () => void;
}

/** The part of a census that is made in one go. */
interface Shard {
  readonly index: number;
  /** Of the census's prompts, the number of this shard's first. */
  readonly first: number;
  readonly sources: readonly Source[];
}

export function shardAt({manifest: {shard}, sources}: Pick<OpenCensus, "manifest" | "sources">, index: number): Shard {
  const first = index * shard;
  return {index, first, sources: sources.slice(first, first + shard)};
}

/**
 * Makes the rows of one shard, prompt by prompt: each is captured, its trajectories are weighed, and its states are gone before the next one
 * begins. The same shard gives the same bytes wherever and whenever it is made; the file is there whole or not at all.
 */
export async function workShard(
  {dir, manifest}: Pick<OpenCensus, "dir" | "manifest">,
  {index, first, sources}: Shard,
  options: ShardOptions
): Promise<void> {
  const out = shardFile(dir, index);
  const rows: CensusRow[] = [];
  const scratch = await scratchFor(out);
  try {
    for (const [i, source] of sources.entries()) {
      options.signal?.throwIfAborted();
      const trace = manifest.from === "traces" ? source : scratch.fresh;
      if (manifest.from === "captures") await capturePrompt(manifest, source, trace, options);
      for (const row of await rowsIn(trace, first + i, manifest, options.signal)) rows.push(row); // a trace may have more than fit a call's arguments
      if (manifest.from === "captures") await rm(trace, {recursive: true, force: true});
      options.onPrompt?.();
    }
    await writeRowFile(out, ROW_COLUMNS, rows.map(cellsOf));
  } finally {
    await scratch.remove();
  }
}

/** Where a prompt's trace lies for as long as it is read: beside the shard, or, for one in a bucket, where the machine keeps what passes. */
async function scratchFor(out: string): Promise<Pick<Passing, "fresh" | "remove">> {
  if (!isBucket(out)) return passingBeside(out);
  const folder = await mkdtemp(join(tmpdir(), "orrery-shard-"));
  return {fresh: join(folder, "trace"), remove: () => rm(folder, {recursive: true, force: true})};
}

/** How a prompt of a census is captured, on whatever machine. */
export const promptSpec = ({steps, inits, init, seed, site, engine, dtype, device, title}: CensusManifest, prompt: string) => ({
  ...{prompt, title: title ?? undefined, steps, inits, init, seed, sites: [site], engine, dtype, device}
});

/** Captures one prompt of a census as a trace folder, the same states as every other time. */
export async function capturePrompt(
  manifest: CensusManifest,
  prompt: string,
  dir: string,
  {model, engine: engineOf, signal}: Pick<ShardOptions, "model" | "engine" | "signal">
): Promise<void> {
  const spec = captureSpecSchema.parse({...promptSpec(manifest, prompt), model, dir});
  const {status} = await capture(spec, {engine: engineOf, signal});
  if (status !== "complete") throw signal?.reason ?? new Error(`capture of ${JSON.stringify(prompt.slice(0, 40))} stopped`);
}

async function rowsIn(dir: string, prompt: number, manifest: CensusManifest, signal: AbortSignal | undefined): Promise<CensusRow[]> {
  if (await isGram(dir)) return rowsOfGram(await gramFor(dir, manifest), prompt);
  const {site, steps, from} = manifest;
  const reader = await openTrace(dir);
  try {
    const {trace} = reader;
    if (from === "traces" && (trace.status !== "complete" || trace.steps_written !== steps))
      throw new Refusal(
        `invalid trace: ${dir} has ${writtenSteps(trace)} steps and is ${trace.status}; the census is of ${steps} steps, complete`
      );
    return await rowsOfTrace(reader, {prompt, site, signal});
  } finally {
    await reader.close();
  }
}

/** A Gram trace that fits the census. */
async function gramFor(dir: string, {site, steps}: CensusManifest): Promise<GramTrace> {
  const gram = await readGram(dir);
  if (gram.site !== site) throw new Refusal(`unknown site: ${site}; ${dir} keeps ${gram.site}`, {kind: "unknown"});
  if (gram.trace.steps_written !== steps)
    throw new Refusal(`invalid trace: ${dir} has ${gram.trace.steps_written} steps; the census is of ${steps} steps`);
  return gram;
}
