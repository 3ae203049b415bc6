import {rm} from "node:fs/promises";
import {Router, type Response} from "express";
import type {Quota} from "../../captures/quota.ts";
import {readManifest} from "../../census/censusFolder.ts";
import {orderOf, type CensusStore} from "../../census/censusStore.ts";
import {
  censusComparisonQuerySchema,
  censusPictureQuerySchema,
  censusRequestSchema,
  censusRowsQuerySchema,
  pathPictureQuerySchema,
  type CensusEntry,
  type CensusRequest
} from "../../contract/censusAnswers.ts";
import {HttpError} from "../../contract/httpError.ts";
import type {ModelStore} from "../../models/modelStore.ts";
import type {Owner} from "../../queue/fairPlace.ts";
import {newName} from "../../runs/newName.ts";
import type {ComputePool} from "../../work/computePool.ts";
import type {CensusDemand, Preparation} from "../../work/preparation.ts";
import {refuseOthers} from "../access/visitor.ts";
import {checked} from "../checked.ts";
import {askerOf} from "./askerOf.ts";
import {sendBytes, sendTensors} from "./sendBytes.ts";
import {sendJobEvents} from "./sendJobEvents.ts";

interface CensusRouteParts {
  readonly censuses: CensusStore;
  readonly models: ModelStore;
  readonly quota: Quota;
  readonly preparation: Preparation;
  readonly pool: ComputePool;
  readonly now: () => Date;
}

/** Censuses: what one would take, started, gone on with, cancelled, removed; listed, summed up, and asked for their rows. */
export function censusRoutes(parts: CensusRouteParts): Router {
  const router = Router({caseSensitive: true});
  addChanges(router, parts);
  addReads(router, parts);
  return router;
}

function addChanges(router: Router, parts: CensusRouteParts): void {
  const {censuses, preparation} = parts;
  const refuseOthersOf = async (id: string, response: Response) => refuseOthers(response, `census: ${id}`, (await censuses.get(id)).owner);

  router.post("/censuses/cost", async ({body}, response) => {
    const asker = askerOf(response);
    response.json((await preparation.census(await demandOf(checked(censusRequestSchema, body), asker.owner, parts), asker)).cost);
  });

  router.post("/censuses", async ({body}, response) => {
    response.status(202).json(await started(checked(censusRequestSchema, body), askerOf(response), parts));
  });

  router.post("/censuses/:census/resume", async ({params}, response) => {
    response.status(202).json(await resumed(params.census, parts, response));
  });

  router.post("/censuses/:census/cancel", async ({params}, response) => {
    await refuseOthersOf(params.census, response);
    response.json(await censuses.cancel(params.census));
  });

  router.delete("/censuses/:census", async ({params}, response) => {
    await refuseOthersOf(params.census, response);
    await censuses.remove(params.census);
    response.status(204).end();
  });

  router.post("/censuses/:census/restore", async ({params}, response) => {
    refuseOthers(response, `census: ${params.census}`, await censuses.ownerOfRemoved(params.census));
    response.json(await censuses.restore(params.census));
  });
}

function addReads(router: Router, {censuses, pool}: CensusRouteParts): void {
  router.get("/censuses", async (_request, response) => {
    response.json(await censuses.list());
  });

  router.get("/censuses/:census", async ({params}, response) => {
    response.json(await censuses.read(params.census));
  });

  router.get("/censuses/:census/interim", async ({params}, response) => {
    const dir = await censuses.find(params.census);
    sendBytes(response, "application/json", await pool.run(dir, {kind: "censusInterim"}, askerOf(response)));
  });

  router.get("/censuses/:census/rows", async ({params, query}, response) => {
    const dir = await censuses.find(params.census);
    const asked = {kind: "censusRows" as const, query: checked(censusRowsQuerySchema, query)};
    sendBytes(response, "application/json", await pool.run(dir, asked, askerOf(response)));
  });

  router.get("/censuses/:census/report", async ({params}, response) => {
    const bytes = await pool.run(await censuses.find(params.census), {kind: "censusReport"}, askerOf(response));
    response.attachment(`${params.census}.html`).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });

  router.get("/censuses/:census/comparison", async ({params, query}, response) => {
    const [first, other] = [params.census, checked(censusComparisonQuerySchema, query).with];
    const [dir, beside] = [await censuses.find(first), await censuses.find(other)];
    const bytes = await pool.run(dir, {kind: "censusComparison"}, {others: [beside], ...askerOf(response)});
    response.type("json").send(Buffer.from(bytes));
  });

  router.get("/censuses/:census/picture", async ({params, query}, response) => {
    const dir = await censuses.find(params.census);
    const asked = {kind: "censusPicture" as const, query: checked(censusPictureQuerySchema, query)};
    sendTensors(response, await pool.run(dir, asked, askerOf(response)));
  });

  router.get("/censuses/:census/prompts/:prompt", async ({params}, response) => {
    const dir = await censuses.find(params.census);
    const asked = {kind: "censusPrompt" as const, prompt: params.prompt};
    sendBytes(response, "application/json", await pool.run(dir, asked, askerOf(response)));
  });

  router.get("/censuses/:census/prompts/:prompt/path", async ({params, query}, response) => {
    const dir = await censuses.find(params.census);
    const asked = {kind: "censusPath" as const, prompt: params.prompt, query: checked(pathPictureQuerySchema, query)};
    sendBytes(response, "application/json", await pool.run(dir, asked, askerOf(response)));
  });

  router.get("/censuses/:census/events", ({params}, response) => sendJobEvents(response, params.census, {noun: "census", jobs: censuses}));
}

async function demandOf(
  {model, prompts, ...options}: CensusRequest,
  owner: Owner,
  {models, now}: Pick<CensusRouteParts, "models" | "now">
): Promise<CensusDemand> {
  return {model: await models.find(model), prompts, options, owner, created: now().toISOString()};
}

/** Makes a census's folder within its owner's share, and puts it in line. */
async function started(request: CensusRequest, asker: ReturnType<typeof askerOf>, parts: CensusRouteParts): Promise<CensusEntry> {
  const {censuses, quota, preparation, now} = parts;
  const {owner} = asker;
  const demand = await demandOf(request, owner, parts);
  const {cost} = await preparation.census(demand, asker);
  const id = newName(now(), request.title ?? "census");
  const dir = censuses.folderOf(id);
  return quota.within(owner, {kind: "experiments", id, bytes: cost.bytes}, async () => {
    try {
      const {manifest} = await preparation.census({...demand, dir}, {owner});
      return await censuses.start({id, owner, order: {...orderOf(manifest), model: request.model}});
    } catch (error) {
      await rm(dir, {recursive: true, force: true});
      throw error;
    }
  });
}

/** Goes on with a census that was interrupted. */
async function resumed(id: string, {censuses, models, quota}: CensusRouteParts, response: Response): Promise<CensusEntry> {
  const census = await censuses.get(id);
  refuseOthers(response, `census: ${id}`, census.owner);
  if (census.status === "complete" || census.status === "running") throw new HttpError(409, `census ${id} is ${census.status}`);
  const manifest = await readManifest(await censuses.find(id));
  if (manifest.from === "traces") throw new HttpError(409, `census ${id} is of traces; the command that made it goes on`);
  await models.find(manifest.model.name);
  const {owner} = census;
  return quota.within(owner, {kind: "experiments", id, bytes: 0}, () => censuses.start({id, owner, order: orderOf(manifest)}));
}
