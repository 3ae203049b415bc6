import {Router} from "express";
import type {CaptureQueue} from "../../captures/captureQueue.ts";
import type {CensusStore} from "../../census/censusStore.ts";
import type {EvalStore} from "../../eval/evalStore.ts";
import type {ExperimentStore} from "../../experiments/experimentStore.ts";
import type {TrainingStore} from "../../trainings/trainingStore.ts";
import {sendEvents} from "./sendEvents.ts";

interface EventRouteParts {
  readonly queue: CaptureQueue;
  readonly experiments: ExperimentStore;
  readonly evaluations: EvalStore;
  readonly censuses: CensusStore;
  readonly trainings: TrainingStore;
}

/** Everything that changes by itself, in one stream: a page has few connections. */
export function eventRoutes({queue, experiments, evaluations, censuses, trainings}: EventRouteParts): Router {
  const router = Router({caseSensitive: true});
  router.get("/events", (_request, response) => {
    sendEvents(response, {
      first: [
        ...queue.list().map((data) => ({event: "job", data})),
        ...experiments.known().map((data) => ({event: "experiment", data})),
        ...evaluations.known().map((data) => ({event: "evaluation", data})),
        ...censuses.known().map((data) => ({event: "census", data})),
        ...trainings.known().map((data) => ({event: "training", data}))
      ],
      watch(send) {
        const stops = [
          queue.watch((data) => send({event: "job", data})),
          experiments.watch((data) => send({event: "experiment", data})),
          evaluations.watch((data) => send({event: "evaluation", data})),
          censuses.watch((data) => send({event: "census", data})),
          trainings.watch((data) => send({event: "training", data}))
        ];
        return () => stops.forEach((stop) => stop());
      }
    });
  });
  return router;
}
