import {Router} from "express";
import {trajectoryQuerySchema} from "../../contract/contract.ts";
import {searchTrajectories, type SearchParts} from "../../work/searchTrajectories.ts";
import {checked} from "../checked.ts";

/** The trajectories of all runs together. */
export function trajectoryRoutes(parts: SearchParts): Router {
  const router = Router({caseSensitive: true});
  router.get("/trajectories", async ({query}, response) => {
    response.json(await searchTrajectories(parts, checked(trajectoryQuerySchema, query)));
  });
  return router;
}
