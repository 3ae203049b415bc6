import {Router} from "express";
import {checkProbe} from "../../../capture/train/probe.ts";
import {tasks} from "../../../capture/train/tasks/tasks.ts";
import {recipeIn} from "../../../capture/train/trainingFolder.ts";
import {readLog} from "../../../capture/train/trainingLog.ts";
import type {Quota} from "../../captures/quota.ts";
import {
  trainingLogQuerySchema,
  trainingReportQuerySchema,
  trainingRequestSchema,
  type TrainingDetails,
  type TrainingLog
} from "../../contract/contract.ts";
import {collectTraining} from "../../report/training/collectTraining.ts";
import {trainingPage} from "../../report/training/trainingPage.ts";
import {newName} from "../../runs/newName.ts";
import type {RunStore} from "../../runs/runStore.ts";
import {savesOf} from "../../trainings/probePictures.ts";
import {saveRun} from "../../trainings/saveRun.ts";
import {shippedRecipes} from "../../trainings/shippedRecipes.ts";
import {trainingBytes} from "../../trainings/trainingBytes.ts";
import type {TrainingStore} from "../../trainings/trainingStore.ts";
import type {ComputePool} from "../../work/computePool.ts";
import {refuseOthers} from "../access/visitor.ts";
import {checked} from "../checked.ts";
import {askerOf} from "./askerOf.ts";
import {sendBytes} from "./sendBytes.ts";
import {sendJobEvents} from "./sendJobEvents.ts";

interface TrainingRouteParts {
  readonly trainings: TrainingStore;
  readonly runs: RunStore;
  readonly pool: ComputePool;
  readonly quota: Quota;
  readonly now: () => Date;
}

/** Training runs: started, gone on with, watched, read, cancelled. */
export function trainingRoutes({trainings, runs, pool, quota, now}: TrainingRouteParts): Router {
  const router = Router({caseSensitive: true});

  router.post("/trainings", async ({body}, response) => {
    const {recipe, title = recipe.task} = checked(trainingRequestSchema, body);
    checkProbe(recipe, tasks[recipe.task]);
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
    const {after, count} = checked(trainingLogQuerySchema, query);
    const {lines, damage} = await readLog(await trainings.find(params.training));
    const answer: TrainingLog = {lines: lines.filter(({update}) => update > after).slice(0, count), damage};
    response.json(answer);
  });

  router.get("/trainings/:training/probes", async ({params}, response) => {
    const dir = await trainings.find(params.training);
    sendBytes(response, "application/json", await pool.run(dir, {kind: "trainingProbes"}, askerOf(response)));
  });

  router.post("/trainings/:training/saves/:update/run", async ({params}, response) => {
    const dir = await trainings.find(params.training);
    const {owner} = askerOf(response);
    response.json(await saveRun({id: params.training, dir, update: params.update}, {runs, quota, owner}));
  });

  router.get("/trainings/:training/report", async ({params, query}, response) => {
    const {beside} = checked(trainingReportQuerySchema, query);
    const dir = await trainings.find(params.training);
    const report = await collectTraining(dir, {control: beside === undefined ? undefined : await trainings.find(beside)});
    response.attachment(`${params.training}.html`).send(trainingPage(report));
  });

  router.get("/recipes", async (_request, response) => {
    response.json(await shippedRecipes());
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

  router.get("/trainings/:training/events", ({params}, response) =>
    sendJobEvents(response, params.training, {noun: "training", jobs: trainings})
  );

  return router;
}
