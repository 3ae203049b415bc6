import {Router} from "express";
import type {CaptureQueue} from "../../captures/captureQueue.ts";
import type {EvalStore} from "../../eval/evalStore.ts";
import type {ExperimentStore} from "../../experiments/experimentStore.ts";
import {sendEvents} from "./sendEvents.ts";

interface EventRouteParts {
  readonly queue: CaptureQueue;
  readonly experiments: ExperimentStore;
  readonly evaluations: EvalStore;
}

/** Everything that changes by itself, in one stream: a page has few connections. */
export function eventRoutes({queue, experiments, evaluations}: EventRouteParts): Router {
  const router = Router({caseSensitive: true});
  router.get("/events", (_request, response) => {
    sendEvents(response, {
      first: [
        ...queue.list().map((data) => ({event: "job", data})),
        ...experiments.known().map((data) => ({event: "experiment", data})),
        ...evaluations.known().map((data) => ({event: "evaluation", data}))
      ],
      watch(send) {
        const stops = [
          queue.watch((data) => send({event: "job", data})),
          experiments.watch((data) => send({event: "experiment", data})),
          evaluations.watch((data) => send({event: "evaluation", data}))
        ];
        return () => stops.forEach((stop) => stop());
      }
    });
  });
  return router;
}
