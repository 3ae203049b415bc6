import {Router} from "express";
import type {WorkerList} from "../../contract/workerSchemas.ts";
import {workersAt} from "../../queue/shared/workersAt.ts";

/** Who works for the server's queue, asked anew each time; a server without one has no workers. */
export function workerRoutes({sharedQueue}: {readonly sharedQueue: string | undefined}): Router {
  const router = Router({caseSensitive: true});
  router.get("/workers", async (_request, response) => {
    response.json(sharedQueue === undefined ? ({queue: null, workers: []} satisfies WorkerList) : await workersAt(sharedQueue));
  });
  return router;
}
