import {Router} from "express";
import {censusRowsQuerySchema} from "../../contract/censusSchemas.ts";
import type {CensusStore} from "../../census/censusStore.ts";
import type {ComputePool} from "../../work/computePool.ts";
import {checked} from "../checked.ts";
import {askerOf} from "./askerOf.ts";

/** Censuses: listed, summed up, and asked for their rows. */
export function censusRoutes({censuses, pool}: {readonly censuses: CensusStore; readonly pool: ComputePool}): Router {
  const router = Router({caseSensitive: true});

  router.get("/censuses", async (_request, response) => {
    response.json(await censuses.list());
  });

  router.get("/censuses/:census", async ({params}, response) => {
    response.json(await censuses.read(params.census));
  });

  router.get("/censuses/:census/rows", async ({params, query}, response) => {
    const dir = await censuses.folderOf(params.census);
    const asked = {kind: "censusRows" as const, query: checked(censusRowsQuerySchema, query)};
    response.type("json").send(Buffer.from(await pool.run(dir, asked, askerOf(response))));
  });

  router.get("/censuses/:census/prompts/:prompt", async ({params}, response) => {
    response.json({prompt: await censuses.prompt(params.census, params.prompt)});
  });
  return router;
}
