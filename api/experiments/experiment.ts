import {rm} from "node:fs/promises";
import {availableParallelism} from "node:os";
import {basename, resolve} from "node:path";
import type {PathsSummary} from "../../analysis/paths/summary.ts";
import {capture} from "../../capture/job/capture.ts";
import {captureSpecSchema} from "../../capture/job/captureSpec.ts";
import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import type {Model} from "../../capture/model/family.ts";
import {modelHash} from "../../capture/model/modelHash.ts";
import {notOffered} from "../../capture/model/notOffered.ts";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {software} from "../../capture/software.ts";
import {loadTokenizer} from "../../capture/model/tokenizer.ts";
import {openExperiment, promptsHash, type OpenExperiment} from "./experimentFolder.ts";
import {EXPERIMENT_SCHEMA, type ExperimentOptions, type ExperimentPrompt, type ExperimentSpec} from "../contract/experimentSchemas.ts";
import {promptInputs} from "./promptInputs.ts";
import {promptSeed} from "./promptJob.ts";
import {promptLines, type PromptPoolOptions} from "./promptPool.ts";
import {isCompleteTrace, traceFolder} from "./keptTrace.ts";
import type {PromptInput} from "./runPrompt.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

export interface ExperimentRequest {
  /** The checkpoint's folder. */
  readonly model: string;
  readonly prompts: readonly ExperimentPrompt[];
  readonly options: ExperimentOptions;
  readonly title: string;
  /** Who asks, as a server with users knows it. */
  readonly owner?: string;
}

interface ExperimentProgress {
  /** Prompts whose results are on disk. */
  readonly finished: number;
  readonly prompts: number;
  /** Until the last prompt, by the pace of this run so far; null while there is none. */
  readonly secondsLeft: number | null;
}

export interface RunExperimentOptions {
  /** Threads that each hold a model and take a prompt at a time; defaults to the machine's cores for small models, to one for large ones. */
  readonly workers?: number;
  /** Ends what runs at once. */
  readonly signal?: AbortSignal;
  /** Has prompts run elsewhere; they run in this machine's threads where it is left out. */
  readonly elsewhere?: (wanted: WantedPrompts) => Promise<void>;
  /** Starts computed in one pass; the results are the same with any. Defaults to all of a prompt. */
  readonly batch?: number;
  readonly onProgress?: (progress: ExperimentProgress) => void;
  readonly now?: () => Date;
}

/** Prompts of an experiment whose results are wanted, in the order of the indices. */
export interface WantedPrompts {
  readonly spec: ExperimentSpec;
  readonly prompts: readonly ExperimentPrompt[];
  readonly indices: readonly number[];
  readonly take: (index: number, line: string) => Promise<void>;
}

/**
 * Runs an experiment in its folder, or what is left of it: prompts that are finished are not run again. Throws before anything is written for a prompt that the
 * model cannot take (naming it), and for a folder of another spec. An aborted experiment keeps its finished prompts, and throws the
 * signal's reason.
 */
export async function runExperiment(
  dir: string,
  request: ExperimentRequest,
  {workers, elsewhere, batch, signal, onProgress = () => {}, now = () => new Date()}: RunExperimentOptions
): Promise<PathsSummary> {
  const {spec, inputs, model} = await prepareExperiment(request, now);
  const folder = await openExperiment(dir, spec, request.prompts);
  try {
    await runPrompts(folder, request, {model, workers, elsewhere, batch, signal, onProgress});
    await keepTraces(folder, request, {inputs, signal});
    return await folder.complete();
  } finally {
    await folder.close();
  }
}

interface PreparedExperiment {
  readonly spec: ExperimentSpec;
  readonly inputs: readonly PromptInput[];
  readonly model: Model;
}

/** Checks a request against the model, without loading its weights. */
export async function prepareExperiment(
  {model, prompts, options, title, owner}: ExperimentRequest,
  now: () => Date = () => new Date()
): Promise<PreparedExperiment> {
  const checkpoint = await loadCheckpoint(model);
  await checkpoint.close();
  refuseUndefined(checkpoint.model);
  const tokenizer = await loadTokenizer(model, checkpoint.model);
  const inputs = promptInputs(prompts, tokenizer);
  for (const index of options.keep)
    if (index >= prompts.length) throw new Refusal(`invalid keep: ${index}; expected 0 to ${prompts.length - 1}`);
  const spec: ExperimentSpec = {
    schema: EXPERIMENT_SCHEMA,
    title,
    model: {name: basename(resolve(model)), hash: await modelHash(checkpoint), trained_steps: checkpoint.model.trainedSteps},
    prompts: {count: prompts.length, sha256: promptsHash(prompts)},
    ...options,
    software: {...software},
    ...(owner !== undefined && {owner}),
    created: now().toISOString()
  };
  return {spec, inputs, model: checkpoint.model};
}

const LINE_BYTES = 30; // of a token and step in the results: four curves of four digits each
const LEAST_LINE_BYTES = 4000;

/** About what an experiment will take on the disk: its lines, and the states of the prompts that are kept. */
export function experimentBytes({spec, inputs, model}: PreparedExperiment): number {
  const tokens = (index: number): number => inputs[index].ids.length;
  const lines = inputs.reduce((sum, {ids}) => sum + LEAST_LINE_BYTES + ids.length * (spec.steps + 1) * LINE_BYTES, 0);
  const kept = [...new Set(spec.keep)].reduce((sum, index) => sum + tokens(index), 0);
  return lines + kept * spec.inits * (spec.steps + 1) * model.width * Float32Array.BYTES_PER_ELEMENT;
}

/** Where all of the start is made of the input, another start is another input. */
function refuseUndefined(model: Model): void {
  const {paths} = notOffered(model);
  if (paths === undefined) return;
  throw new Refusal(
    `path independence is not defined: ${paths}; orrery paths --sensitivity measures what a small change of the start becomes`,
    {kind: "unusable"}
  );
}

interface PromptsParts extends Pick<RunExperimentOptions, "workers" | "elsewhere" | "batch" | "signal"> {
  readonly model: Model;
  readonly onProgress: (progress: ExperimentProgress) => void;
}

const SMALL_WIDTH = 512; // below it one operation is too short to be shared by threads, and several models fit

async function runPrompts(
  folder: OpenExperiment,
  {model: modelFolder, prompts}: ExperimentRequest,
  {model, workers, elsewhere, batch, signal, onProgress}: PromptsParts
): Promise<void> {
  const {spec, finished, damaged, isDamaged} = folder;
  const left = prompts.length - finished;
  const isSmall = model.width <= SMALL_WIDTH && spec.device === "cpu";
  const begun = performance.now();
  let done = 0;
  onProgress({finished, prompts: prompts.length, secondsLeft: null});
  const setup = {
    model: resolve(modelFolder),
    spec,
    prompts,
    workers: workers ?? (isSmall ? availableParallelism() : 1),
    threads: isSmall ? 1 : undefined,
    batch,
    signal
  };
  const run = elsewhere ?? ((wanted: WantedPrompts) => runHere(wanted, setup));
  const mended = new Map<number, string>();
  if (damaged.length > 0) await run({spec, prompts, indices: damaged, take: async (index, line) => void mended.set(index, line)});
  if (isDamaged) await folder.mend(mended);
  await run({
    ...{spec, prompts, indices: Array.from({length: left}, (_, i) => finished + i)},
    async take(_, line) {
      await folder.append(line);
      ++done;
      onProgress({
        finished: finished + done,
        prompts: prompts.length,
        secondsLeft: ((performance.now() - begun) / 1000 / done) * (left - done)
      });
    }
  });
}

/** A run of neighbours in one go: each begins threads of its own. */
async function runHere({indices, take}: WantedPrompts, setup: PromptPoolOptions): Promise<void> {
  for (let at = 0; at < indices.length; ) {
    let count = 1;
    while (indices[at + count] === indices[at] + count) ++count;
    for await (const line of promptLines(indices[at], count, setup)) await take(indices[at++], line);
  }
}

/** Traces of the own starts of the prompts that were asked for: the same states, captured again. */
async function keepTraces(
  {dir, spec}: OpenExperiment,
  {model, prompts}: ExperimentRequest,
  {inputs, signal}: {inputs: readonly PromptInput[]; signal?: AbortSignal}
): Promise<void> {
  const models = createModelKeeper();
  try {
    for (const index of new Set(spec.keep)) {
      const folder = traceFolder(dir, spec, index);
      if (await isCompleteTrace(folder)) continue;
      await rm(folder, {recursive: true, force: true}); // what a kill left of it
      const {steps, inits, engine, dtype, device} = spec;
      const choice = {model, engine, dtype, device};
      await capture(
        captureSpecSchema.parse({
          ...choice,
          dir: folder,
          token_ids: [...inputs[index].ids],
          title: prompts[index].prompt.slice(0, 200),
          ...(spec.owner !== undefined && {owner: spec.owner}),
          steps,
          inits,
          seed: promptSeed(spec, index)
        }),
        {engine: () => models.engineFor(choice), signal}
      );
      signal?.throwIfAborted();
    }
  } finally {
    await models.dispose();
  }
}
