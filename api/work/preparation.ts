import {createChildPool} from "../../capture/service/childPool.ts";
import {boundsOf} from "../../capture/service/sizeBounds.ts";
import type {CaptureDemand} from "../../capture/job/prepareCapture.ts";
import {tokenizingMs, type Token} from "../../capture/model/tokenizer.ts";
import type {ExperimentPrompt, ExperimentSpec} from "../contract/experimentSchemas.ts";
import type {ExperimentRequest} from "../experiments/experiment.ts";

/**
 * What a model's files say of a request, before any of its weights is loaded. A checkpoint is an untrusted file: its tokenizer's pattern may never come to an
 * end, so it is asked in a process that can be killed. Models are given by their folders.
 */
export interface Preparation {
  /** How a text is cut into tokens. */
  tokens(model: string, prompt: string, signal?: AbortSignal): Promise<readonly Token[]>;
  /** How ids read. */
  words(model: string, ids: readonly number[], signal?: AbortSignal): Promise<readonly Token[]>;
  /** The tokens of a capture whose every demand was checked, and what its states will take on the disk. */
  capture(demand: CaptureDemand): Promise<{readonly tokens: readonly Token[]; readonly bytes: number}>;
  /** The spec of an experiment whose every prompt was checked. */
  experiment(request: ExperimentRequest, now: () => Date): Promise<ExperimentSpec>;
  /** The ids of an experiment's prompt, with the hash of the model that gave them. */
  promptIds(model: string, prompt: ExperimentPrompt): Promise<{readonly ids: readonly number[]; readonly hash: string}>;
  warm(): void;
  close(): Promise<void>;
}

export type PreparationOrder =
  | {readonly type: "tokens"; readonly model: string; readonly prompt: string}
  | {readonly type: "words"; readonly model: string; readonly ids: readonly number[]}
  | {readonly type: "capture"; readonly demand: CaptureDemand}
  | {readonly type: "experiment"; readonly request: ExperimentRequest; readonly created: string}
  | {readonly type: "promptIds"; readonly model: string; readonly prompt: ExperimentPrompt};

const SPARE_MS = 10_000; // over what the tokenizer allows itself: the process is killed only where that does not hold

export function createPreparation(): Preparation {
  const pool = createChildPool<PreparationOrder, unknown>(new URL("preparationProcess.ts", import.meta.url), {
    name: "tokenizing process",
    processes: 2
  });

  async function ask<T>(
    model: string,
    order: PreparationOrder,
    {characters, signal}: {characters: number; signal?: AbortSignal}
  ): Promise<T> {
    const {memoryBytes} = await boundsOf(model);
    return (await pool.run(order, {signal, memoryBytes, deadlineMs: SPARE_MS + tokenizingMs(characters)})) as T;
  }

  return {
    tokens: (model, prompt, signal) => ask(model, {type: "tokens", model, prompt}, {characters: prompt.length, signal}),
    words: (model, ids, signal) => ask(model, {type: "words", model, ids}, {characters: 8 * ids.length, signal}),
    capture: (demand) => ask(demand.model, {type: "capture", demand}, {characters: demand.prompt?.length ?? 0}),
    experiment: (request, now) =>
      ask(
        request.model,
        {type: "experiment", request, created: now().toISOString()},
        {characters: request.prompts.reduce((sum, {prompt, answer = ""}) => sum + 2 * prompt.length + answer.length, 0)}
      ),
    promptIds: (model, prompt) => ask(model, {type: "promptIds", model, prompt}, {characters: 2 * prompt.prompt.length}),
    warm: () => pool.warm(),
    close: () => pool.close()
  };
}
