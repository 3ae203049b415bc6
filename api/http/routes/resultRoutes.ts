import {Router} from "express";
import {checked} from "../checked.ts";
import type {ComputePool} from "../../work/computePool.ts";
import {experimentResultsQuerySchema, promptRowsQuerySchema} from "../../contract/contract.ts";
import type {DigestDesk} from "../../experiments/digestDesk.ts";
import type {ExperimentStore} from "../../experiments/experimentStore.ts";
import {HttpError} from "../../contract/httpError.ts";
import {askerOf} from "./askerOf.ts";

interface ResultRouteParts {
  readonly experiments: ExperimentStore;
  readonly desk: DigestDesk;
  readonly pool: ComputePool;
}

/** What the finished prompts of an experiment say. */
export function resultRoutes({experiments, desk, pool}: ResultRouteParts): Router {
  const router = Router({caseSensitive: true});

  router.get("/experiments/:experiment/results", async ({params, query}, response) => {
    const {from, count} = checked(experimentResultsQuerySchema, query);
    const {dir, spec} = await experiments.read(params.experiment);
    response.json({prompts: await desk.results(dir, spec, {from, to: from + count - 1})});
  });

  router.get("/experiments/:experiment/prompts", async ({params, query}, response) => {
    const {from, count} = checked(promptRowsQuerySchema, query);
    const {dir, spec} = await experiments.read(params.experiment);
    const digests = await desk.digests(dir, spec);
    response.json({prompts: digests.slice(from, from + count).map(({row}) => row)});
  });

  router.get("/experiments/:experiment/overview", async ({params}, response) => {
    const {dir, spec, summary} = await experiments.read(params.experiment);
    const overview = await desk.overview(dir, spec, summary);
    if (!overview) throw new HttpError(404, `unknown overview: no prompt of ${params.experiment} is finished`);
    response.json(overview);
  });

  router.get("/experiments/:experiment/report", async ({params}, response) => {
    const {dir, finished} = await experiments.read(params.experiment);
    if (finished === 0) throw new HttpError(404, `unknown report: no prompt of ${params.experiment} is finished`);
    const bytes = await pool.run(dir, {kind: "experimentReport"}, askerOf(response));
    response.attachment(`${params.experiment}.html`).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });

  return router;
}
