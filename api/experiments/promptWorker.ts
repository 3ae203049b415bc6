import {parentPort, workerData} from "node:worker_threads";
import {errorLine} from "../../capture/errorLine.ts";
import {loadEngine} from "../../capture/engine.ts";
import {loadTokenizer} from "../../capture/tokenizer.ts";
import type {ExperimentPrompt, ExperimentSpec} from "./experimentSchemas.ts";
import {promptInputs} from "./promptInputs.ts";
import {promptJob, type PromptJob} from "./promptJob.ts";

/** A thread of its own for prompts: started by promptPool.ts, told indices, answers with lines. It ends when it is terminated. */

export interface WorkerSetup {
  readonly model: string;
  readonly spec: ExperimentSpec;
  readonly prompts: readonly ExperimentPrompt[];
  /** Threads of one operation. */
  readonly threads?: number;
  readonly batch?: number;
}

export type WorkerAnswer = {readonly index: number; readonly line: string} | {readonly index: number; readonly error: string};

const {model, spec, prompts, threads, batch} = workerData as WorkerSetup;
let job: Promise<PromptJob> | undefined;

parentPort!.on("message", (index: number) => void answer(index));

async function answer(index: number): Promise<void> {
  try {
    const result = await (await (job ??= start()))(index);
    tell({index, line: JSON.stringify(result)});
  } catch (error) {
    tell({index, error: errorLine(error)});
  }
}

async function start(): Promise<PromptJob> {
  const engine = await loadEngine(model, {engine: spec.engine, dtype: spec.dtype, device: spec.device, threads});
  const tokenizer = await loadTokenizer(model, engine.config);
  return promptJob({spec, prompts, inputs: promptInputs(prompts, tokenizer), tokenizer, engine, batch});
}

const tell = (message: WorkerAnswer): void => parentPort!.postMessage(message);
