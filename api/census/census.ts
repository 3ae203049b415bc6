import {existsSync} from "node:fs";
import {basename, join} from "node:path";
import type {z} from "zod";
import {errorLine} from "../../capture/errorLine.ts";
import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {captureBytes, prepareCapture} from "../../capture/job/prepareCapture.ts";
import {modelHash} from "../../capture/model/modelHash.ts";
import {loadTokenizer} from "../../capture/model/tokenizer.ts";
import {openTrace} from "../../capture/trace/reader.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {software} from "../../capture/software.ts";
import {GRAM_FILE, type Trace} from "../../capture/trace/schema.ts";
import {TRACE_FILE} from "../../capture/trace/writer.ts";
import {writtenSteps} from "../../capture/trace/writtenSteps.ts";
import type {CensusCost} from "../contract/censusAnswers.ts";
import type {censusOptions, CensusManifest} from "../contract/censusSchemas.ts";
import {isBucket} from "../files/bucket/bucketAddress.ts";
import {isFileAt, namesAt} from "../files/places.ts";
import {isGram, traceOfGram} from "./gram/gramFolder.ts";
import {sourcesHash, type Source} from "./censusFolder.ts";

export type CensusOptions = z.infer<z.ZodObject<typeof censusOptions>>;

/** Who asks for a census, and when. */
interface CensusAsker {
  readonly owner?: string | null;
  readonly now?: Date;
}

export interface PreparedCensus {
  readonly manifest: CensusManifest;
  readonly cost: CensusCost;
}

/**
 * What a census of prompts is, and what it would take; every prompt is checked against the model before anything is computed. Throws a Refusal that
 * names the first that it cannot take.
 */
export async function censusOfPrompts(
  model: string,
  prompts: readonly string[],
  options: CensusOptions,
  {owner = null, now = new Date()}: CensusAsker = {}
): Promise<PreparedCensus> {
  const checkpoint = await loadCheckpoint(model);
  await checkpoint.close();
  const tokenizer = await loadTokenizer(model, checkpoint.model);
  const {steps, inits, site, keep} = options;
  let [tokens, longest] = [0, {prompt: prompts[0], tokens: 0}];
  for (const [i, prompt] of prompts.entries()) {
    try {
      const count = tokenizer.encode(prompt).length;
      tokens += count;
      if (count > longest.tokens) longest = {prompt, tokens: count};
    } catch (cause) {
      throw new Refusal(`invalid prompt ${i + 1}: ${(cause as Error).message}`, {cause});
    }
  }
  const demand = {model, prompt: longest.prompt, steps, inits, sites: [site], edits: []};
  const traceBytes = captureBytes(await prepareCapture(demand), demand); // of the longest, as all that are kept may be
  const keptBytes = Math.min(keep.megabytes * 1e6, Math.min(prompts.length, keep.traces + keep.sample) * traceBytes);
  const manifest = manifestOf(options, {
    from: "captures",
    model: {name: checkpoint.name, hash: await modelHash(checkpoint), folder: model, trained_steps: checkpoint.model.trainedSteps},
    sources: prompts,
    owner,
    now
  });
  const rows = tokens * inits;
  return {manifest, cost: {prompts: prompts.length, tokens, core_steps: rows * steps, bytes: keptBytes + 2 * rows * ROW_BYTES}};
}

const ROW_BYTES = 160; // of a row's file, more than any census here has shown; each row lies in shards/ and in rows/

interface TracesCensus {
  readonly manifest: CensusManifest;
  readonly sources: readonly Source[];
  /** Traces that cannot be read or are partial, by name, with the reason. */
  readonly skipped: readonly {readonly name: string; readonly error: string}[];
}

/**
 * What a census of traces is that lie in a folder, each a folder of its own; all that can be used are of one model and as many steps. Throws a Refusal where
 * none can.
 */
export async function censusOfTraces(
  folder: string,
  options: CensusOptions,
  {owner = null, now = new Date()}: CensusAsker = {}
): Promise<TracesCensus> {
  const sources: Source[] = [];
  const skipped: {name: string; error: string}[] = [];
  let first:
    | {readonly hash: string; readonly name: string; readonly trained: number | null; readonly steps: number; readonly inits: number}
    | undefined;
  for (const source of await tracesIn(folder)) {
    const found = await usableTrace(source).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      skipped.push({name: basename(source), error: errorLine(error)});
    });
    if (!found) continue;
    const {model, trained_steps: trained, steps, inits} = found;
    sources.push(source);
    const own = {hash: model.hash, name: model.name, trained, steps, inits: inits.length};
    first ??= own;
    for (const key of ["hash", "steps", "inits"] as const)
      if (own[key] !== first[key])
        throw new Refusal(
          `invalid traces: ${basename(source)} has ${key} ${own[key]}, ${basename(sources[0])} has ${first[key]}; expected one model, and as many steps and inits`
        );
  }
  if (!first)
    throw new Refusal(`invalid folder: ${folder} holds no whole trace: ${skipped[0].name}: ${skipped[0].error}`, {kind: "damaged"});
  const {hash, name, trained, steps, inits} = first;
  const model = {name, hash, folder, ...(trained !== null && {trained_steps: trained})};
  const manifest = manifestOf({...options, steps, inits}, {from: "traces", model, sources, owner, now});
  return {manifest, sources, skipped};
}

const UNKNOWN_MODEL = "0".repeat(64);

/** Throws a Refusal for a trace that is partial, or whose files are not what they should be. */
async function usableTrace(source: string) {
  const {model, ...trace} = (await isGram(source)) ? await traceOfGram(source) : await openedTrace(source);
  if (trace.status !== "complete") throw new Refusal(`partial: ${writtenSteps(trace)} of ${trace.steps} steps`, {kind: "unusable"});
  return {...trace, model: {name: model.name ?? "unknown", hash: model.hash ?? UNKNOWN_MODEL}};
}

async function openedTrace(source: string): Promise<Trace> {
  const reader = await openTrace(source);
  await reader.close();
  return reader.trace;
}

async function tracesIn(folder: string): Promise<readonly Source[]> {
  const names = await namesAt(folder);
  if (names.length === 0 && !isBucket(folder) && !existsSync(folder)) throw new Refusal(`unknown folder: ${folder}`, {kind: "unknown"});
  const places = [folder, ...names.filter((name) => !name.startsWith(".")).map((name) => join(folder, name))];
  const isTrace = await Promise.all(
    places.map(async (place) => (await isFileAt(join(place, TRACE_FILE)).catch(() => false)) || isGram(place).catch(() => false))
  );
  const traces = places.filter((_, i) => isTrace[i]);
  if (traces.length === 0)
    throw new Refusal(`invalid folder: ${folder} holds no trace; expected folders with a ${TRACE_FILE} or ${GRAM_FILE}`);
  return traces;
}

function manifestOf(
  {title, steps, inits, init, seed, site, engine, dtype, device, shard, keep}: CensusOptions,
  {
    from,
    model,
    sources,
    owner,
    now
  }: Pick<CensusManifest, "from" | "model" | "owner"> & {readonly sources: readonly Source[]; readonly now: Date}
): CensusManifest {
  return {
    schema: "orrery-census/1",
    title: title ?? null,
    from,
    model,
    prompts: {count: sources.length, hash: sourcesHash(sources)},
    steps,
    inits,
    init,
    seed,
    site,
    engine,
    dtype,
    device,
    shard,
    keep,
    software: software.version,
    owner,
    created: now.toISOString()
  };
}
