import {Router, type Response} from "express";
import type {z} from "zod";
import type {CaptureQueue} from "../../captures/captureQueue.ts";
import type {Quota} from "../../captures/quota.ts";
import {checked} from "../checked.ts";
import type {Preparation} from "../../work/preparation.ts";
import {experimentRequestSchema, type Experiment} from "../../contract/contract.ts";
import type {DigestDesk} from "../../experiments/digestDesk.ts";
import {readExperimentPrompts} from "../../experiments/experimentFolder.ts";
import type {ExperimentStore} from "../../experiments/experimentStore.ts";
import {otherModel} from "../../experiments/otherModel.ts";
import {promptRun} from "../../experiments/promptRun.ts";
import {counted} from "../../../capture/trace/counted.ts";
import {HttpError} from "../../contract/httpError.ts";
import type {ModelStore} from "../../models/modelStore.ts";
import {newName} from "../../runs/newName.ts";
import type {RunStore} from "../../runs/runStore.ts";
import {refuseOthers} from "../access/visitor.ts";
import {askerOf} from "./askerOf.ts";
import {addTrash} from "./addTrash.ts";
import {sendJobEvents} from "./sendJobEvents.ts";

interface ExperimentRouteParts {
  readonly experiments: ExperimentStore;
  readonly models: ModelStore;
  readonly runs: RunStore;
  readonly queue: CaptureQueue;
  readonly quota: Quota;
  readonly preparation: Preparation;
  /** The server's one, which remembers what it has read. */
  readonly desk: DigestDesk;
  readonly now: () => Date;
}

/** Path-independence experiments: started, gone on with, watched, cancelled. */
export function experimentRoutes(parts: ExperimentRouteParts): Router {
  const {experiments, models, runs, queue, quota, preparation, now} = parts;
  const router = Router({caseSensitive: true});

  router.post("/experiments", async ({body}, response) => {
    response.status(202).json(await started(checked(experimentRequestSchema, body), askerOf(response), parts));
  });

  router.get("/experiments", async (_request, response) => {
    response.json(await experiments.list());
  });

  router.get("/experiments/:experiment", async ({params}, response) => {
    const experiment = await experiments.get(params.experiment);
    const state = await experiments.read(params.experiment).catch((error: unknown) => {
      if (error instanceof HttpError && error.status === 404) return undefined; // it waits, and has no folder yet
      throw error;
    });
    response.json({experiment, spec: state?.spec ?? null, summary: state?.summary ?? null});
  });

  router.post("/experiments/:experiment/prompts/:prompt/run", async ({params}, response) => {
    const {dir, spec} = await experiments.read(params.experiment);
    if (!/^\d{1,9}$/.test(params.prompt))
      throw new HttpError(404, `unknown prompt: ${params.prompt.slice(0, 40)}; expected 0 to ${spec.prompts.count - 1}`);
    const {owner} = askerOf(response);
    const made = await promptRun(params.experiment, {dir, spec}, Number(params.prompt), {
      runs,
      models,
      queue,
      quota,
      preparation,
      now,
      owner
    });
    response.status(made.job ? 202 : 200).json(made);
  });

  router.post("/experiments/:experiment/resume", async ({params}, response) => {
    response.status(202).json(await resumed(params.experiment, parts, response));
  });

  router.delete("/experiments/:experiment", async ({params}, response) => {
    refuseOthers(response, `experiment: ${params.experiment}`, (await experiments.get(params.experiment)).owner);
    response.json(await experiments.cancel(params.experiment));
  });

  addTrash(router, {noun: "experiment", plural: "experiments", jobs: experiments});

  router.get("/experiments/:experiment/events", ({params}, response) =>
    sendJobEvents(response, params.experiment, {noun: "experiment", jobs: experiments})
  );

  return router;
}

/** Puts an experiment in line, within its owner's share. */
async function started(
  {model: name, prompts, title: given, ...options}: z.infer<typeof experimentRequestSchema>,
  asker: ReturnType<typeof askerOf>,
  {experiments, models, quota, preparation, now}: ExperimentRouteParts
): Promise<Experiment> {
  const title = given ?? counted(prompts.length, "prompt");
  const {bytes} = await preparation.experiment({model: await models.find(name), prompts, title, options}, now, asker); // refuses what the model cannot take
  const created = now();
  const id = newName(created, title);
  const ticket = {id, owner: asker.owner, order: {model: name, prompts, title, options, created: created.toISOString()}};
  return quota.within(asker.owner, {kind: "experiments", id, bytes}, () => experiments.start(ticket));
}

/** Goes on with an experiment whose prompts are not all finished, or whose results are damaged, with the model that it was begun with. */
async function resumed(
  id: string,
  {experiments, models, quota, preparation, desk, now}: ExperimentRouteParts,
  response: Response
): Promise<Experiment> {
  const {dir, spec, live, summary} = await experiments.read(id);
  refuseOthers(response, `experiment: ${id}`, spec.owner ?? null);
  if (summary && (await desk.damage(dir, spec)).length === 0) throw new HttpError(409, `experiment ${id} is complete`);
  if (live) throw new HttpError(409, `experiment ${id} is running already`);
  const {schema: _schema, model, prompts: _prompts, title, software: _software, owner = null, created, ...options} = spec;
  const request = {model: await models.find(model.name), prompts: await readExperimentPrompts(dir), title, options};
  const asker = askerOf(response);
  const {spec: here, bytes} = await preparation.experiment(request, now, asker);
  if (here.model.hash !== model.hash) throw new HttpError(409, otherModel(model, here.model));
  const ticket = {id, owner: owner ?? asker.owner, order: {...request, model: model.name, created}};
  return quota.within(ticket.owner, {kind: "experiments", id, bytes}, () => experiments.start(ticket));
}
