import {cp} from "node:fs/promises";
import type {CaptureQueue} from "../captures/captureQueue.ts";
import type {Quota} from "../captures/quota.ts";
import type {CaptureDemand} from "../../capture/job/prepareCapture.ts";
import {readTrace} from "../../capture/trace/reader.ts";
import {writeTraceJson} from "../../capture/trace/writer.ts";
import {folderBytes} from "../files/folderBytes.ts";
import type {Owner} from "../queue/fairPlace.ts";
import type {Asker} from "../queue/fairTurns.ts";
import {captureRequestSchema, type Job} from "../contract/contract.ts";
import {intoPlace} from "../files/intoPlace.ts";
import {HttpError} from "../contract/httpError.ts";
import type {ModelStore} from "../models/modelStore.ts";
import type {RunStore} from "../runs/runStore.ts";
import {readExperimentPrompts, type ExperimentState} from "./experimentFolder.ts";
import type {ExperimentPrompt} from "../contract/experimentSchemas.ts";
import {isCompleteTrace, traceFolder} from "./keptTrace.ts";
import {otherModel} from "./otherModel.ts";
import {promptSeed} from "./promptJob.ts";

interface PromptRunParts {
  readonly runs: RunStore;
  readonly models: ModelStore;
  readonly queue: CaptureQueue;
  readonly quota: Quota;
  readonly preparation: PromptPreparation;
  readonly now: () => Date;
  /** Who asks. */
  readonly owner: Owner;
}

/** What a model's files say of a prompt; see work/preparation.ts. Models are given by their folders. */
interface PromptPreparation {
  /** The ids of a prompt, with the hash of the model that gave them. */
  promptIds(model: string, prompt: ExperimentPrompt, asker: Asker): Promise<{readonly ids: readonly number[]; readonly hash: string}>;
  capture(demand: CaptureDemand, asker: Asker): Promise<{readonly bytes: number}>;
}

/**
 * The trajectories of a prompt's own starts as a run: the one made before, a copy of the trace that was kept, or a capture of the same tokens, seed, starts and
 * steps. Throws a 404 HttpError for a prompt that is not there, and a 409 that names both models where the experiment's is not here any more.
 */
export async function promptRun(
  id: string,
  {dir, spec}: Pick<ExperimentState, "spec"> & {readonly dir: string},
  index: number,
  {runs, models, queue, quota, preparation, now, owner}: PromptRunParts
): Promise<{run: string; job: Job | null}> {
  if (!(index < spec.prompts.count)) throw new HttpError(404, `unknown prompt: ${index}; expected 0 to ${spec.prompts.count - 1}`);
  const run = `${id.slice(0, 110)}-p${index}`; // always the same, so that it is made once
  const waiting = queue.list().find((job) => job.run === run && job.position !== null);
  if (waiting) return {run, job: waiting};
  if (await isThere(runs, run)) return {run, job: null};
  const kept = traceFolder(dir, spec, index);
  if (await isCompleteTrace(kept)) {
    await quota.within(owner, {kind: "captures", id: run, bytes: await folderBytes(kept)}, () =>
      intoPlace(runs.folderOf(run), async (temporary) => {
        await cp(kept, temporary, {recursive: true});
        await writeTraceJson(temporary, {...(await readTrace(temporary)), owner: owner ?? undefined}); // of whoever opens it
      })
    );
    return {run, job: null};
  }
  const prompt = (await readExperimentPrompts(dir))[index];
  const folder = await models.find(spec.model.name);
  const {ids, hash} = await preparation.promptIds(folder, prompt, {owner});
  if (hash !== spec.model.hash) throw new HttpError(409, otherModel(spec.model, {name: spec.model.name, hash}));
  const {steps, inits, engine, dtype, device, model} = spec;
  const title = prompt.prompt.trim().slice(0, 200) || undefined;
  const request = captureRequestSchema.parse({
    model: model.name,
    token_ids: [...ids],
    title,
    steps,
    inits,
    engine,
    dtype,
    device,
    seed: promptSeed(spec, index)
  });
  const {bytes} = await preparation.capture({...request, model: folder}, {owner});
  const job = await quota.within(owner, {kind: "captures", id: run, bytes}, () =>
    queue.add({id: run, run, title: title ?? run, owner, request, created: now()})
  );
  return {run, job};
}

const isThere = (runs: RunStore, run: string): Promise<boolean> =>
  runs.find(run).then(
    () => true,
    (error: unknown) => {
      if (error instanceof HttpError && error.status === 404) return false;
      throw error;
    }
  );
