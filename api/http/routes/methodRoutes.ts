import {Router} from "express";
import {methodSections} from "../../report/methodSections.ts";

/** What is measured, and how. */
export function methodRoutes(): Router {
  const router = Router({caseSensitive: true});

  router.get("/methods", (_request, response) => {
    response.json({sections: methodSections()});
  });

  return router;
}
