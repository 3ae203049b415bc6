import type {CaptureRequest, Job, ModelSummary, ProjectionQuery, RunSummary} from "../../api/contract.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import type {Tensors} from "./safetensors.ts";

export interface Run {
  readonly summary: RunSummary;
  readonly trace: Trace;
}

/** Everything the views may ask for. One implementation talks HTTP. */
export interface Source {
  runs(signal?: AbortSignal): Promise<readonly RunSummary[]>;
  run(run: string, signal?: AbortSignal): Promise<Run>;
  /** step_norm, step_cosine, distance: [steps+1, inits, tokens], of the steps written so far. */
  metrics(run: string, site: string, signal?: AbortSignal): Promise<Tensors>;
  /** top_ids, top_logprobs [steps+1, inits, tokens, k]; entropy, kl_prev, kl_final [steps+1, inits, tokens]. */
  readout(run: string, signal?: AbortSignal): Promise<Tensors>;
  /** points [steps+1, inits, tokens, dims] and, for PCA, explained [dims]. */
  projection(run: string, query: Partial<ProjectionQuery>, signal?: AbortSignal): Promise<Tensors>;
  /** The texts of token ids of the run's model, in the order asked for. */
  words(run: string, ids: readonly number[], signal?: AbortSignal): Promise<readonly string[]>;
  models(signal?: AbortSignal): Promise<readonly ModelSummary[]>;
  tokenise(model: string, prompt: string, signal?: AbortSignal): Promise<readonly {id: number; text: string}[]>;
  jobs(signal?: AbortSignal): Promise<readonly Job[]>;
  capture(request: Partial<CaptureRequest>): Promise<Job>;
  cancel(job: string): Promise<void>;
  /** Calls `job` with every change of a capture and `online` when the server goes or comes back; returns the function that stops it. */
  watch(callbacks: {job: (job: Job) => void; online: (online: boolean) => void}): () => void;
}
