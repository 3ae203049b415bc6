import {Router} from "express";
import {recipeIn} from "../../../capture/train/trainingFolder.ts";
import {readLog} from "../../../capture/train/trainingLog.ts";
import type {Quota} from "../../captures/quota.ts";
import {trainingLogQuerySchema, trainingRequestSchema, type TrainingDetails, type TrainingLog} from "../../contract/contract.ts";
import {newName} from "../../runs/newName.ts";
import {savesOf} from "../../trainings/probePictures.ts";
import {trainingBytes} from "../../trainings/trainingBytes.ts";
import type {TrainingStore} from "../../trainings/trainingStore.ts";
import type {ComputePool} from "../../work/computePool.ts";
import {refuseOthers} from "../access/visitor.ts";
import {checked} from "../checked.ts";
import {askerOf} from "./askerOf.ts";
import {sendBytes} from "./sendBytes.ts";
import {sendEvents} from "./sendEvents.ts";

interface TrainingRouteParts {
  readonly trainings: TrainingStore;
  readonly pool: ComputePool;
  readonly quota: Quota;
  readonly now: () => Date;
}

/** Training runs: started, gone on with, watched, read, cancelled. */
export function trainingRoutes({trainings, pool, quota, now}: TrainingRouteParts): Router {
  const router = Router({caseSensitive: true});

  router.post("/trainings", async ({body}, response) => {
    const {recipe, title = recipe.task} = checked(trainingRequestSchema, body);
    const {owner} = askerOf(response);
    const created = now();
    const id = newName(created, title);
    const order = {title, task: recipe.task, updates: recipe.updates, created: created.toISOString()};
    const claim = {kind: "experiments", id, bytes: trainingBytes(recipe)} as const;
    response.status(202).json(await quota.within(owner, claim, () => trainings.begin({id, owner, order}, recipe)));
  });

  router.get("/trainings", async (_request, response) => {
    response.json(await trainings.list());
  });

  router.get("/trainings/:training", async ({params}, response) => {
    const training = await trainings.get(params.training);
    const dir = await trainings.find(params.training);
    const answer: TrainingDetails = {training, recipe: (await recipeIn(dir))!, saves: await savesOf(dir)};
    response.json(answer);
  });

  router.get("/trainings/:training/log", async ({params, query}, response) => {
    const {after} = checked(trainingLogQuerySchema, query);
    const {lines, damage} = await readLog(await trainings.find(params.training));
    const answer: TrainingLog = {lines: lines.filter(({update}) => update > after), damage};
    response.json(answer);
  });

  router.get("/trainings/:training/probes", async ({params}, response) => {
    const dir = await trainings.find(params.training);
    sendBytes(response, "application/json", await pool.run(dir, {kind: "trainingProbes"}, askerOf(response)));
  });

  router.post("/trainings/:training/resume", async ({params}, response) => {
    const {id, owner} = await trainings.get(params.training);
    refuseOthers(response, `training: ${id}`, owner);
    response.status(202).json(await quota.within(owner, {kind: "experiments", id, bytes: 0}, () => trainings.goOn(id)));
  });

  router.delete("/trainings/:training", async ({params}, response) => {
    const {id, owner} = await trainings.get(params.training);
    refuseOthers(response, `training: ${id}`, owner);
    response.json(await trainings.cancel(id));
  });

  router.get("/trainings/:training/events", async ({params}, response) => {
    const first = await trainings.get(params.training);
    sendEvents(response, {
      first: [{event: "training", data: first}],
      watch: (send) =>
        trainings.watch((training) => {
          if (training.id === params.training) send({event: "training", data: training});
        })
    });
  });

  return router;
}
