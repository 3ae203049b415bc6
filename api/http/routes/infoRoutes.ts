import {Router} from "express";
import {software} from "../../../capture/software.ts";
import type {Info} from "../../contract/contract.ts";
import {visitorOf} from "../access/visitor.ts";
import {openapi} from "../openapi.ts";

/** What answers here: of which build, and whom it takes one for. */
export function infoRoutes({page}: {readonly page: () => Promise<string | null>}): Router {
  const router = Router({caseSensitive: true});

  router.get("/info", async (_request, response) => {
    const {name, readOnly} = visitorOf(response);
    const info: Info = {...software, page: await page(), visitor: {name, read_only: readOnly}};
    response.json(info);
  });

  router.get("/openapi.json", (_request, response) => {
    response.json(openapi());
  });

  return router;
}
