import {rm} from "node:fs/promises";
import {join} from "node:path";
import {Router, type Response} from "express";
import type {Quota} from "../../captures/quota.ts";
import {
  evaluationExportQuerySchema,
  evaluationItemsQuerySchema,
  evaluationRequestSchema,
  type Evaluation,
  type EvaluationRequest,
  type EvaluationSummary
} from "../../contract/contract.ts";
import {HttpError} from "../../contract/httpError.ts";
import type {EvalExport} from "../../contract/evalBounds.ts";
import {itemsCsv, summaryCsv} from "../../eval/evalCsv.ts";
import {createEvalDesk, type EvalDesk, type ReadEval} from "../../eval/evalDesk.ts";
import {evalDocument} from "../../eval/evalDocument.ts";
import {readEvalSpec} from "../../eval/evalFolder.ts";
import {evalRow} from "../../eval/evalRow.ts";
import {orderOf, type EvalStore} from "../../eval/evalStore.ts";
import {findTask, shippedTasks} from "../../eval/shippedTasks.ts";
import {summaryOf} from "../../eval/summaryOf.ts";
import type {ModelStore} from "../../models/modelStore.ts";
import {newName} from "../../runs/newName.ts";
import type {Uploads} from "../../runs/uploads.ts";
import type {EvalDemand, Preparation} from "../../work/preparation.ts";
import type {Owner} from "../../queue/fairPlace.ts";
import {refuseOthers} from "../access/visitor.ts";
import {checked} from "../checked.ts";
import {askerOf} from "./askerOf.ts";
import {addTrash} from "./addTrash.ts";
import {sendJobEvents} from "./sendJobEvents.ts";
import {titleOfFile} from "../../contract/titleOfFile.ts";

interface EvalRouteParts {
  readonly evaluations: EvalStore;
  readonly models: ModelStore;
  readonly uploads: Uploads;
  readonly quota: Quota;
  readonly preparation: Preparation;
  readonly now: () => Date;
}

/** Evaluations: what one would take, started, gone on with, watched, read, cancelled. */
export function evalRoutes(parts: EvalRouteParts): Router {
  const router = Router({caseSensitive: true});
  const desk = createEvalDesk();
  addChanges(router, parts, desk);
  addReads(router, parts, desk);
  return router;
}

function addChanges(router: Router, parts: EvalRouteParts, desk: EvalDesk): void {
  const {evaluations, preparation} = parts;

  router.post("/evaluations/cost", async ({body}, response) => {
    const asker = askerOf(response);
    const {cost} = await preparation.evaluation(await demandOf(checked(evaluationRequestSchema, body), asker.owner, parts), asker);
    response.json(cost);
  });

  router.post("/evaluations", async ({body}, response) => {
    response.status(202).json(await started(checked(evaluationRequestSchema, body), askerOf(response), parts));
  });

  router.post("/evaluations/:evaluation/resume", async ({params}, response) => {
    response.status(202).json(await resumed(params.evaluation, parts, desk, response));
  });

  router.delete("/evaluations/:evaluation", async ({params}, response) => {
    refuseOthers(response, `evaluation: ${params.evaluation}`, (await evaluations.get(params.evaluation)).owner);
    response.json(await evaluations.cancel(params.evaluation));
  });

  addTrash(router, {noun: "evaluation", plural: "evaluations", jobs: evaluations});
}

function addReads(router: Router, {evaluations}: EvalRouteParts, desk: EvalDesk): void {
  const read = async (id: string): Promise<ReadEval> => desk.read(await evaluations.find(id));

  router.get("/tasks", async (_request, response) => {
    response.json({tasks: await shippedTasks()});
  });

  router.get("/evaluations", async (_request, response) => {
    response.json(await evaluations.list());
  });

  router.get("/evaluations/:evaluation", async ({params}, response) => {
    const evaluation = await evaluations.get(params.evaluation);
    response.json({evaluation, spec: await readEvalSpec(await evaluations.find(params.evaluation))});
  });

  router.get("/evaluations/:evaluation/summary", async ({params}, response) => {
    const {spec, items, results, damage} = await read(params.evaluation);
    const answer: EvaluationSummary = {summary: summaryOf(spec.settings, results, items.length), damage: [...damage]};
    response.json(answer);
  });

  router.get("/evaluations/:evaluation/items", async ({params, query}, response) => {
    const {from, count} = checked(evaluationItemsQuerySchema, query);
    const {spec, items, results} = await read(params.evaluation);
    response.json({items: results.slice(from, from + count).map((result) => evalRow(spec, items[result.index], result))});
  });

  router.get("/evaluations/:evaluation/export", async ({params, query}, response) => {
    const {format} = checked(evaluationExportQuerySchema, query);
    const found = await read(params.evaluation);
    response.attachment(`${params.evaluation}.${format}`).send(fileOf(params.evaluation, found, format));
  });

  router.get("/evaluations/:evaluation/events", ({params}, response) =>
    sendJobEvents(response, params.evaluation, {noun: "evaluation", jobs: evaluations})
  );
}

/** What is asked for, with the files that it names. */
async function demandOf(
  {model, task, limit, ...options}: EvaluationRequest,
  owner: Owner,
  {models, uploads, now}: Pick<EvalRouteParts, "models" | "uploads" | "now">
): Promise<EvalDemand> {
  const file =
    typeof task === "string"
      ? {path: await findTask(task), name: `${task}.jsonl`}
      : {path: join(uploads.folderOf({owner, upload: task.upload}), task.file), name: task.file};
  const title = options.title ?? titleOfFile(file.name);
  return {model: await models.find(model), file, limit, options: {...options, title}, owner, created: now().toISOString()};
}

/** Prepares an evaluation's folder within its owner's share, and puts it in line. */
async function started(request: EvaluationRequest, asker: ReturnType<typeof askerOf>, parts: EvalRouteParts): Promise<Evaluation> {
  const {evaluations, uploads, quota, preparation, now} = parts;
  const {owner} = asker;
  const demand = await demandOf(request, owner, parts);
  const {cost} = await preparation.evaluation(demand, asker);
  const id = newName(now(), demand.options.title!);
  const dir = evaluations.folderOf(id);
  const evaluation = await quota.within(owner, {kind: "experiments", id, bytes: cost.bytes}, async () => {
    try {
      const {spec} = await preparation.evaluation({...demand, dir}, {owner});
      return await evaluations.start({id, owner, order: {...orderOf(spec), model: request.model}});
    } catch (error) {
      await rm(dir, {recursive: true, force: true});
      throw error;
    }
  });
  if (typeof request.task !== "string") await uploads.remove({owner, upload: request.task.upload});
  return evaluation;
}

/** Goes on with an evaluation whose items are not all answered. */
async function resumed(id: string, {evaluations, models, quota}: EvalRouteParts, desk: EvalDesk, response: Response): Promise<Evaluation> {
  const evaluation = await evaluations.get(id);
  refuseOthers(response, `evaluation: ${id}`, evaluation.owner);
  const {spec, results, items} = await desk.read(await evaluations.find(id));
  if (results.length === items.length) throw new HttpError(409, `evaluation ${id} is complete`);
  await models.find(spec.model.name);
  const {owner} = evaluation;
  return quota.within(owner, {kind: "experiments", id, bytes: 0}, () => evaluations.start({id, owner, order: orderOf(spec)}));
}

function fileOf(id: string, {spec, items, results}: ReadEval, format: EvalExport): string {
  if (format === "items.csv")
    return itemsCsv(
      spec,
      results.map((result) => evalRow(spec, items[result.index], result))
    );
  const summary = summaryOf(spec.settings, results, items.length);
  return format === "csv"
    ? summaryCsv(spec, summary)
    : `${JSON.stringify(evalDocument({spec, items, results, summary}, {evaluation: id}))}\n`;
}
