import {Router} from "express";
import type {Preparation} from "../../work/preparation.ts";
import type {CaptureQueue} from "../../captures/captureQueue.ts";
import type {Quota} from "../../captures/quota.ts";
import {checked} from "../checked.ts";
import {captureRequestSchema, jobChangeSchema} from "../../contract/contract.ts";
import {HttpError} from "../../contract/httpError.ts";
import type {ModelStore} from "../../models/modelStore.ts";
import {newName} from "../../runs/newName.ts";
import {titleOfRun} from "../../runs/titleOfRun.ts";
import {refuseOthers} from "../access/visitor.ts";
import {askerOf} from "./askerOf.ts";
import {sendEvents} from "./sendEvents.ts";

interface CaptureRouteParts {
  readonly queue: CaptureQueue;
  readonly quota: Quota;
  readonly models: ModelStore;
  readonly preparation: Preparation;
  readonly now: () => Date;
}

const MAX_WAITING = 1000;

/** Captures: asked for, watched, moved in the queue, cancelled. */
export function captureRoutes({queue, quota, models, preparation, now}: CaptureRouteParts): Router {
  const router = Router({caseSensitive: true});

  router.post("/captures", async ({body}, response) => {
    const request = checked(captureRequestSchema, body);
    if (queue.list().filter(({status}) => status === "queued").length >= MAX_WAITING)
      throw new HttpError(429, `too many captures: ${MAX_WAITING} wait already`);
    const model = await models.find(request.model);
    const {owner, signal} = askerOf(response);
    const {tokens, bytes} = await preparation.capture({...request, model}, {owner, signal});
    const title = titleOfRun({title: request.title ?? null, prompt: request.prompt ?? null, tokens});
    const created = now();
    const run = newName(created, title);
    const job = await quota.within(owner, {kind: "captures", id: run, bytes}, () =>
      queue.add({id: run, run, title, owner, request, created})
    );
    response.status(202).json(job);
  });

  router.get("/captures", (_request, response) => {
    response.json({jobs: queue.list()});
  });

  router.get("/captures/:job", ({params}, response) => {
    response.json(queue.get(params.job));
  });

  router.patch("/captures/:job", async ({params, body}, response) => {
    refuseOthers(response, `capture: ${params.job}`, queue.get(params.job).owner);
    response.json(await queue.move(params.job, checked(jobChangeSchema, body).position));
  });

  router.delete("/captures/:job", async ({params}, response) => {
    refuseOthers(response, `capture: ${params.job}`, queue.get(params.job).owner);
    response.json(await queue.cancel(params.job));
  });

  router.get("/captures/:job/events", ({params}, response) => {
    sendEvents(response, {
      first: [{event: "job", data: queue.get(params.job)}],
      watch: (send) =>
        queue.watch((job) => {
          if (job.id === params.job) send({event: "job", data: job});
        })
    });
  });

  return router;
}
