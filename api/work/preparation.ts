import {stat} from "node:fs/promises";
import {createChildPool} from "../../capture/service/childPool.ts";
import {boundsOf} from "../../capture/service/sizeBounds.ts";
import type {CaptureDemand} from "../../capture/job/prepareCapture.ts";
import {tokenizingMs, type Token} from "../../capture/model/tokenizer.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import type {ExperimentPrompt, ExperimentSpec} from "../contract/experimentSchemas.ts";
import type {CensusOptions, PreparedCensus} from "../census/census.ts";
import type {EvalRequest, PreparedEval} from "../eval/prepareEval.ts";
import type {ExperimentRequest} from "../experiments/experiment.ts";
import type {ModelSummary} from "../contract/contract.ts";
import {createFairTurns, type Asker} from "../queue/fairTurns.ts";

/**
 * What a model's files say of a request, before any of its weights is loaded. A checkpoint is an untrusted file: its tokenizer's pattern may never come to an
 * end, so it is asked in a process that can be killed. Models are given by their folders; those who ask take turns.
 */
export interface Preparation {
  /** What a model's files say of it. */
  summary(model: string): Promise<ModelSummary>;
  /** How a text is cut into tokens. */
  tokens(model: string, prompt: string, asker?: Asker): Promise<readonly Token[]>;
  /** How ids read. */
  words(model: string, ids: readonly number[], asker?: Asker): Promise<readonly Token[]>;
  /** The tokens of a capture whose every demand was checked, and what its states will take on the disk. */
  capture(demand: CaptureDemand, asker?: Asker): Promise<{readonly tokens: readonly Token[]; readonly bytes: number}>;
  /** The spec of an experiment whose every prompt was checked, and about what it will take on the disk. */
  experiment(request: ExperimentRequest, now: () => Date, asker?: Asker): Promise<{readonly spec: ExperimentSpec; readonly bytes: number}>;
  /** The spec of an evaluation whose every item was checked, and what it will take; its folder is made where one is told. */
  evaluation(demand: EvalDemand, asker?: Asker): Promise<PreparedEval>;
  /** The manifest of a census whose every prompt was checked, and what it will take; its folder is made where one is told. */
  census(demand: CensusDemand, asker?: Asker): Promise<PreparedCensus>;
  /** The ids of an experiment's prompt, with the hash of the model that gave them. */
  promptIds(model: string, prompt: ExperimentPrompt, asker?: Asker): Promise<{readonly ids: readonly number[]; readonly hash: string}>;
  warm(): void;
  close(): Promise<void>;
}

/** An evaluation of the items of a file. */
export interface EvalDemand extends Omit<EvalRequest, "items"> {
  /** `name` is what errors call it. */
  readonly file: {readonly path: string; readonly name: string};
  /** Only the first items. */
  readonly limit?: number;
  readonly created: string;
  /** The folder to be made. */
  readonly dir?: string;
}

/** A census of prompts that were sent. */
export interface CensusDemand {
  /** The checkpoint's folder. */
  readonly model: string;
  readonly prompts: readonly string[];
  readonly options: CensusOptions;
  readonly owner: string | null;
  readonly created: string;
  /** The folder to be made. */
  readonly dir?: string;
}

export type PreparationOrder =
  | {readonly type: "summary"; readonly model: string}
  | {readonly type: "tokens"; readonly model: string; readonly prompt: string}
  | {readonly type: "words"; readonly model: string; readonly ids: readonly number[]}
  | {readonly type: "capture"; readonly model: string; readonly demand: CaptureDemand}
  | {readonly type: "experiment"; readonly model: string; readonly request: ExperimentRequest; readonly created: string}
  | {readonly type: "evaluation"; readonly model: string; readonly demand: EvalDemand}
  | {readonly type: "census"; readonly model: string; readonly demand: CensusDemand}
  | {readonly type: "promptIds"; readonly model: string; readonly prompt: ExperimentPrompt};

const TOKENIZINGS = 64; // of a task's text: a prompt stands before each of its choices
const SPARE_MS = 10_000; // over what the tokenizer allows itself: the process is killed only where that does not hold
const PROCESSES = 2;

export function createPreparation(): Preparation {
  const pool = createChildPool<PreparationOrder, unknown>(new URL("preparationProcess.ts", import.meta.url), {
    name: "tokenizing process",
    processes: PROCESSES
  });
  const turns = createFairTurns({atOnce: PROCESSES, what: "questions to a tokenizer"});

  const ask = <T>(order: PreparationOrder & {readonly model: string}, characters: number, asker: Asker = {}): Promise<T> =>
    turns.take(asker, async () => {
      const {memoryBytes} = await boundsOf(order.model);
      return (await pool.run(order, {signal: asker.signal, memoryBytes, deadlineMs: SPARE_MS + tokenizingMs(characters)})) as T;
    });

  return {
    summary: (model) => ask({type: "summary", model}, 0),
    tokens: (model, prompt, asker) => ask({type: "tokens", model, prompt}, prompt.length, asker),
    words: (model, ids, asker) => ask({type: "words", model, ids}, 8 * ids.length, asker),
    capture: (demand, asker) => ask({type: "capture", model: demand.model, demand}, demand.prompt?.length ?? 0, asker),
    experiment: (request, now, asker) =>
      ask(
        {type: "experiment", model: request.model, request, created: now().toISOString()},
        request.prompts.reduce((sum, {prompt, answer = ""}) => sum + 2 * prompt.length + answer.length, 0),
        asker
      ),
    async evaluation(demand, asker) {
      const {size} = await ifThere(stat(demand.file.path), {size: 0});
      return ask({type: "evaluation", model: demand.model, demand}, TOKENIZINGS * size, asker);
    },
    census: (demand, asker) =>
      ask(
        {type: "census", model: demand.model, demand},
        demand.prompts.reduce((sum, prompt) => sum + prompt.length, 0),
        asker
      ),
    promptIds: (model, prompt, asker) => ask({type: "promptIds", model, prompt}, 2 * prompt.prompt.length, asker),
    warm: () => pool.warm(),
    close: () => pool.close()
  };
}
