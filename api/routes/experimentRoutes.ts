import {Router} from "express";
import {checked} from "../checked.ts";
import {experimentRequestSchema, experimentResultsQuerySchema, type Experiment} from "../contract.ts";
import {prepareExperiment, type ExperimentRequest} from "../experiments/experiment.ts";
import {readExperimentPrompts, readResults} from "../experiments/experimentFolder.ts";
import type {ExperimentStore} from "../experiments/experimentStore.ts";
import {HttpError} from "../httpError.ts";
import type {ModelStore} from "../modelStore.ts";
import {newName} from "../newName.ts";

export interface ExperimentRouteParts {
  readonly experiments: ExperimentStore;
  readonly models: ModelStore;
  readonly now: () => Date;
}

const HEARTBEAT_MS = 15_000; // shorter than the idle limits of proxies

/** Path-independence experiments: started, gone on with, watched, read, cancelled. */
export function experimentRoutes({experiments, models, now}: ExperimentRouteParts): Router {
  const router = Router();

  /** Refuses what the model cannot take before anything is queued. */
  async function checkedRequest(request: ExperimentRequest): Promise<void> {
    await prepareExperiment(request, now).catch((cause: Error) => {
      throw new HttpError(400, cause.message, {cause});
    });
  }

  router.post("/experiments", async ({body}, response) => {
    const {model: name, prompts, title: given, ...options} = checked(experimentRequestSchema, body);
    const title = given ?? `${prompts.length} prompts`;
    const request = {model: await models.find(name), prompts, title, options};
    await checkedRequest(request);
    const created = now();
    response.status(202).json(experiments.start(newName(created, title), request, created.toISOString()));
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

  router.get("/experiments/:experiment/results", async ({params, query}, response) => {
    const {from, count} = checked(experimentResultsQuerySchema, query);
    const {dir} = await experiments.read(params.experiment);
    response.json({prompts: await readResults(dir, {from, to: from + count - 1})});
  });

  router.post("/experiments/:experiment/resume", async ({params}, response) => {
    const {dir, spec, live, summary} = await experiments.read(params.experiment);
    if (summary) throw new HttpError(409, `experiment ${params.experiment} is complete`);
    if (live) throw new HttpError(409, `experiment ${params.experiment} is running already`);
    const {schema: _schema, model, prompts: _prompts, title, software: _software, created, ...options} = spec;
    const request = {model: await models.find(model.name), prompts: await readExperimentPrompts(dir), title, options};
    await checkedRequest(request);
    response.status(202).json(experiments.start(params.experiment, request, created));
  });

  router.delete("/experiments/:experiment", async ({params}, response) => {
    response.json(await experiments.cancel(params.experiment));
  });

  router.get("/experiments/:experiment/events", async ({params}, response) => {
    const first = await experiments.get(params.experiment);
    response.status(200).set({"content-type": "text/event-stream", "cache-control": "no-store"}).flushHeaders();
    const send = (experiment: Experiment) => response.write(`event: experiment\ndata: ${JSON.stringify(experiment)}\n\n`);
    send(first);
    const stop = experiments.watch((experiment) => {
      if (experiment.id === params.experiment) send(experiment);
    });
    const heartbeat = setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS);
    response.on("close", () => {
      stop();
      clearInterval(heartbeat);
    });
  });

  return router;
}
