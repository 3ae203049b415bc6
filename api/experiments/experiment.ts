import {basename, join, resolve} from "node:path";
import {readFile, rm} from "node:fs/promises";
import {promptPaths} from "../../analysis/paths/promptPaths.ts";
import type {PathsSummary} from "../../analysis/paths/summary.ts";
import {seededRandom} from "../../analysis/random.ts";
import {capture} from "../../capture/capture.ts";
import {captureSpecSchema} from "../../capture/captureSpec.ts";
import type {Engine} from "../../capture/engine.ts";
import {mixed, startsOf} from "../../capture/experiment/starts.ts";
import {loadCheckpoint} from "../../capture/model/checkpoint.ts";
import {modelHash} from "../../capture/model/modelHash.ts";
import {software} from "../../capture/software.ts";
import {loadTokenizer, type Tokenizer} from "../../capture/tokenizer.ts";
import {TRACE_FILE} from "../../capture/trace/writer.ts";
import {openExperiment, promptsHash, type OpenExperiment} from "./experimentFolder.ts";
import {EXPERIMENT_SCHEMA, type ExperimentOptions, type ExperimentPrompt, type ExperimentSpec, type PromptResult} from "./experimentSchemas.ts";
import {promptInputs} from "./promptInputs.ts";
import {promptResultOf} from "./promptResult.ts";
import {finalStateOf, runPrompt, type PromptInput} from "./runPrompt.ts";

export interface ExperimentRequest {
  /** The checkpoint's folder. */
  readonly model: string;
  readonly prompts: readonly ExperimentPrompt[];
  readonly options: ExperimentOptions;
  readonly title: string;
}

export interface ExperimentProgress {
  /** Prompts whose results are on disk. */
  readonly finished: number;
  readonly prompts: number;
  /** Until the last prompt, by the pace of this run so far; null while there is none. */
  readonly secondsLeft: number | null;
}

export interface RunExperimentOptions {
  /** The loaded model; called when everything that can be checked without it has been. */
  readonly engine: () => Promise<Engine>;
  readonly signal?: AbortSignal;
  /** Starts computed in one pass; the results are the same with any. Defaults to all of a prompt. */
  readonly batch?: number;
  readonly onProgress?: (progress: ExperimentProgress) => void;
  readonly now?: () => Date;
}

/**
 * Runs an experiment in its folder, or what is left of it: prompts that are finished are not run again. Throws before anything is written for a prompt that the
 * model cannot take (naming it), and for a folder of another spec. An aborted experiment keeps its finished prompts, and throws the
 * signal's reason.
 */
export async function runExperiment(dir: string, request: ExperimentRequest, {engine: engineOf, signal, batch, onProgress = () => {}, now = () => new Date()}: RunExperimentOptions): Promise<PathsSummary> {
  const {spec, inputs, tokenizer} = await prepareExperiment(request, now);
  const folder = await openExperiment(dir, spec, request.prompts);
  try {
    onProgress({finished: folder.finished, prompts: inputs.length, secondsLeft: null});
    const missing = await missingTraces(folder);
    if (folder.finished < inputs.length || missing.length > 0) {
      const engine = await engineOf();
      await runPrompts(folder, {inputs, tokenizer, engine, batch, signal, onProgress});
      for (const index of missing) await keepTrace(folder, {index, model: request.model, ids: inputs[index].ids, engine, signal});
    }
    return await folder.complete();
  } finally {
    await folder.close();
  }
}

/** Checks a request against the model, without loading its weights. */
export async function prepareExperiment({model, prompts, options, title}: ExperimentRequest, now: () => Date = () => new Date()): Promise<{spec: ExperimentSpec; inputs: readonly PromptInput[]; tokenizer: Tokenizer}> {
  const checkpoint = await loadCheckpoint(model);
  await checkpoint.close();
  const tokenizer = await loadTokenizer(model, checkpoint.config);
  const inputs = promptInputs(prompts, tokenizer);
  for (const index of options.keep) if (index >= prompts.length) throw new RangeError(`invalid keep: ${index}; expected 0 to ${prompts.length - 1}`);
  const spec: ExperimentSpec = {
    schema: EXPERIMENT_SCHEMA,
    title,
    model: {name: basename(resolve(model)), hash: await modelHash(checkpoint)},
    prompts: {count: prompts.length, sha256: promptsHash(prompts)},
    ...options,
    software: {...software},
    created: now().toISOString()
  };
  return {spec, inputs, tokenizer};
}

interface Parts {
  readonly inputs: readonly PromptInput[];
  readonly tokenizer: Tokenizer;
  readonly engine: Engine;
  readonly batch?: number;
  readonly signal?: AbortSignal;
  readonly onProgress: (progress: ExperimentProgress) => void;
}

async function runPrompts(folder: OpenExperiment, parts: Parts): Promise<void> {
  const {inputs, signal, onProgress} = parts;
  const donors = await donorStates(folder.spec, parts);
  const begun = performance.now();
  for (let index = folder.finished; index < inputs.length; ++index) {
    signal?.throwIfAborted();
    await folder.append(await promptResult(folder, index, {...parts, donors}));
    const done = index + 1 - folder.finished;
    onProgress({finished: index + 1, prompts: inputs.length, secondsLeft: ((performance.now() - begun) / 1000 / done) * (inputs.length - index - 1)});
  }
}

interface Donor {
  readonly prompt: number;
  readonly ids: string;
  readonly state: Float32Array;
}

async function promptResult({spec, prompts}: OpenExperiment, index: number, {inputs, tokenizer, engine, batch, signal, donors}: Parts & {readonly donors: readonly Donor[]}): Promise<PromptResult> {
  const input = inputs[index];
  const seed = seedOf(spec, index);
  const others = donors.filter(({ids}) => ids !== input.ids.join()).slice(0, spec.swaps);
  const {inits, noise, swaps, scales, scale_inits: scaleInits, constants, steps, answers} = spec;
  const starts = startsOf({inits, noise, swaps, scales: scales.filter((scale) => scale !== 1), scaleInits, constants}, others.length);
  const runs = await runPrompt(engine, input, {starts, seed, donors: others.map(({state}) => state), steps, answers, batch, signal});
  const paths = promptPaths(runs, {random: seededRandom(mixed(seed, 1)), tolerance: spec.tolerance, resamples: spec.resamples});
  return promptResultOf(paths, {index, prompt: prompts[index], seed, tokens: tokenizer.tokens(input.ids), runs, textOf: (ids) => tokenizer.decode(ids)});
}

/** The seed of a prompt's starts, from the experiment's seed and the prompt's place. */
const seedOf = ({seed}: ExperimentSpec, index: number): number => mixed(seed, index);

/**
 * Final states of a few prompts drawn by the seed, at which others begin in AA(swap): one more than a prompt needs, since none begins at its own. Computed
 * again when an experiment goes on, which costs less than keeping them.
 */
async function donorStates(spec: ExperimentSpec, {inputs, engine, signal}: Parts): Promise<Donor[]> {
  if (spec.swaps === 0) return [];
  const random = seededRandom(spec.seed);
  const order = inputs.map((_, index) => index);
  for (let i = order.length - 1; i > 0; --i) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  const chosen = new Map<string, number>(); // by their tokens: a prompt that stands twice is one
  for (const index of order) if (chosen.size <= spec.swaps) chosen.set(inputs[index].ids.join(), index);
  const donors: Donor[] = [];
  for (const [ids, prompt] of chosen) donors.push({ids, prompt, state: await finalStateOf(engine, inputs[prompt].ids, {seed: seedOf(spec, prompt), steps: spec.steps, signal})});
  return donors;
}

const traceFolder = ({dir, spec}: OpenExperiment, index: number): string => join(dir, "traces", String(index).padStart(String(spec.prompts.count - 1).length, "0"));

async function missingTraces(folder: OpenExperiment): Promise<number[]> {
  const missing: number[] = [];
  for (const index of new Set(folder.spec.keep)) if (!(await isComplete(traceFolder(folder, index)))) missing.push(index);
  return missing;
}

/** The own starts of a prompt as a whole trace: the same states, captured again. */
async function keepTrace(folder: OpenExperiment, {index, model, ids, engine, signal}: {index: number; model: string; ids: readonly number[]; engine: Engine; signal?: AbortSignal}): Promise<void> {
  const dir = traceFolder(folder, index);
  await rm(dir, {recursive: true, force: true}); // what a kill left of it
  const {steps, inits, engine: kind, dtype, device} = folder.spec;
  const title = folder.prompts[index].prompt.slice(0, 200);
  await capture(captureSpecSchema.parse({model, dir, token_ids: [...ids], title, steps, inits, seed: seedOf(folder.spec, index), engine: kind, dtype, device}), {engine: async () => engine, signal});
  signal?.throwIfAborted();
}

async function isComplete(dir: string): Promise<boolean> {
  const text = await readFile(join(dir, TRACE_FILE), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text !== undefined && (JSON.parse(text) as {status?: unknown}).status === "complete";
}
