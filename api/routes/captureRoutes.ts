import {Router, type Response} from "express";
import {prepareCapture} from "../../capture/prepareCapture.ts";
import type {CaptureQueue} from "../captureQueue.ts";
import {checked} from "../checked.ts";
import {captureRequestSchema, jobChangeSchema, type Job} from "../contract.ts";
import {HttpError} from "../httpError.ts";
import type {ModelStore} from "../modelStore.ts";
import {newName} from "../newName.ts";
import type {RunStore} from "../runStore.ts";

export interface CaptureRouteParts {
  readonly queue: CaptureQueue;
  readonly models: ModelStore;
  readonly runs: RunStore;
  readonly now: () => Date;
}

const MAX_WAITING = 1000;
const HEARTBEAT_MS = 15_000; // shorter than the idle limits of proxies

/** Captures: asked for, watched, moved in the queue, cancelled. */
export function captureRoutes({queue, models, runs, now}: CaptureRouteParts): Router {
  const router = Router();

  router.post("/captures", async ({body}, response) => {
    const request = checked(captureRequestSchema, body);
    if (queue.list().filter(({status}) => status === "queued").length >= MAX_WAITING) throw new HttpError(429, `too many captures: ${MAX_WAITING} wait already`);
    const model = await models.find(request.model);
    const {tokens} = await prepareCapture({...request, model}).catch((cause: Error) => {
      throw new HttpError(400, cause.message, {cause});
    });
    const title = request.title ?? request.prompt ?? tokens.map(({text}) => text).join("");
    const created = now();
    const run = newName(created, title);
    response.status(202).json(queue.add({id: run, run, title, request, spec: {...request, model, dir: runs.folderOf(run)}, created}));
  });

  router.get("/captures", (_request, response) => {
    response.json({jobs: queue.list()});
  });

  router.get("/captures/:job", ({params}, response) => {
    response.json(queue.get(params.job));
  });

  router.patch("/captures/:job", ({params, body}, response) => {
    response.json(queue.move(params.job, checked(jobChangeSchema, body).position));
  });

  router.delete("/captures/:job", async ({params}, response) => {
    response.json(await queue.cancel(params.job));
  });

  router.get("/captures/:job/events", ({params}, response) => {
    sendEvents(response, {queue, first: [queue.get(params.job)], isWanted: ({id}) => id === params.job});
  });

  router.get("/events", (_request, response) => {
    sendEvents(response, {queue, first: queue.list(), isWanted: () => true});
  });

  return router;
}

interface EventParts {
  readonly queue: CaptureQueue;
  /** What is told at once, so that a page that comes back knows where things stand. */
  readonly first: readonly Job[];
  readonly isWanted: (job: Job) => boolean;
}

function sendEvents(response: Response, {queue, first, isWanted}: EventParts): void {
  response.status(200).set({"content-type": "text/event-stream", "cache-control": "no-store"}).flushHeaders();
  const send = (job: Job) => response.write(`event: job\ndata: ${JSON.stringify(job)}\n\n`);
  for (const job of first) send(job);
  const stop = queue.watch((job) => {
    if (isWanted(job)) send(job);
  });
  const heartbeat = setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS);
  response.on("close", () => {
    stop();
    clearInterval(heartbeat);
  });
}
