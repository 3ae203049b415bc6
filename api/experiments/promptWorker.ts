import {parentPort, workerData} from "node:worker_threads";
import {faultOf, type Fault} from "../../capture/trace/refusal.ts";
import type {Engine} from "../../capture/engine/engine.ts";
import {loadEngine} from "../../capture/engine/loadEngine.ts";
import {loadTokenizer} from "../../capture/model/tokenizer.ts";
import type {ExperimentPrompt, ExperimentSpec} from "../contract/experimentSchemas.ts";
import {promptInputs} from "./promptInputs.ts";
import {promptJob, type PromptJob} from "./promptJob.ts";

/**
 * A thread of its own for prompts: started by promptPool.ts, told indices, answers with lines. Told to stop, it ends between two steps and lets the model
 * go: a thread that is terminated while onnxruntime computes takes the whole process with it.
 */

export interface WorkerSetup {
  readonly model: string;
  readonly spec: ExperimentSpec;
  readonly prompts: readonly ExperimentPrompt[];
  /** Threads of one operation. */
  readonly threads?: number;
  readonly batch?: number;
}

export type WorkerAnswer = {readonly index: number; readonly line: string} | {readonly index: number; readonly fault: Fault};

export type WorkerOrder = {readonly index: number} | "stop";

const {model, spec, prompts, threads, batch} = workerData as WorkerSetup;
const stopping = new AbortController();
let engine: Promise<Engine> | undefined;
let job: Promise<PromptJob> | undefined;
let answering: Promise<void> | undefined;

parentPort!.on("message", (order: WorkerOrder) => {
  if (order === "stop") void stop();
  else answering = answer(order.index);
});

async function stop(): Promise<void> {
  stopping.abort(new Error("stopped"));
  await answering;
  const loaded = await engine?.catch(() => undefined); // one that did not load has nothing to let go
  await loaded?.dispose();
  parentPort!.close();
}

async function answer(index: number): Promise<void> {
  try {
    const result = await (await (job ??= start()))(index);
    tell({index, line: JSON.stringify(result)});
  } catch (error) {
    tell({index, fault: faultOf(error)});
  }
}

async function start(): Promise<PromptJob> {
  engine = loadEngine(model, {engine: spec.engine, dtype: spec.dtype, device: spec.device, threads});
  const loaded = await engine;
  const tokenizer = await loadTokenizer(model, loaded.model);
  return promptJob({spec, prompts, inputs: promptInputs(prompts, tokenizer), tokenizer, engine: loaded, batch, signal: stopping.signal});
}

const tell = (message: WorkerAnswer): void => parentPort!.postMessage(message);
