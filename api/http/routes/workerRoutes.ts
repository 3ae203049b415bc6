import {Router} from "express";
import type {WorkerList} from "../../contract/workerSchemas.ts";

/** Who works for the server's queue, asked anew each time; a server without one has no workers. */
export function workerRoutes({sharedQueue}: {readonly sharedQueue: string | undefined}): Router {
  const router = Router({caseSensitive: true});
  router.get("/workers", async (_request, response) => {
    response.json(sharedQueue === undefined ? ({queue: null, workers: []} satisfies WorkerList) : await workersAt(sharedQueue));
  });
  return router;
}

/** The queue's libraries are loaded only where there is one. */
async function workersAt(address: string): Promise<WorkerList> {
  const {connectQueue, shownAddress} = await import("../../census/queue/queueConnection.ts");
  const {workersOn} = await import("../../census/queue/queueCoordinator.ts");
  const redis = await connectQueue(address);
  try {
    return {queue: shownAddress(address), workers: await workersOn(redis)};
  } finally {
    redis.disconnect();
  }
}
