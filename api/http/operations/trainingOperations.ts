import {
  recipeListSchema,
  saveRunSchema,
  trainingDetailsSchema,
  trainingListSchema,
  trainingLogQuerySchema,
  trainingLogSchema,
  trainingProbesSchema,
  trainingReportQuerySchema,
  trainingRequestSchema,
  trainingSchema
} from "../../contract/contract.ts";
import type {Operation} from "./operation.ts";

/** Trainings: started, gone on with, watched, cancelled. */
export const trainingOperations: readonly Operation[] = [
  {
    method: "post",
    path: "/api/trainings",
    summary: "Start a training run from a recipe",
    body: trainingRequestSchema,
    answer: trainingSchema,
    status: 202
  },
  {method: "get", path: "/api/trainings", summary: "All training runs, newest first", answer: trainingListSchema},
  {
    method: "get",
    path: "/api/trainings/{training}",
    summary: "One training run: how far it is, its recipe, and the updates at which it was saved",
    answer: trainingDetailsSchema
  },
  {
    method: "get",
    path: "/api/trainings/{training}/log",
    summary: "Loss and measures by update",
    query: trainingLogQuerySchema,
    answer: trainingLogSchema
  },
  {
    method: "get",
    path: "/api/trainings/{training}/probes",
    summary: "The probe prompt's trajectories at every save, in one plane",
    answer: trainingProbesSchema
  },
  {
    method: "post",
    path: "/api/trainings/{training}/saves/{update}/run",
    summary: "A run with the probe prompt's trajectories at a save",
    answer: saveRunSchema
  },
  {
    method: "get",
    path: "/api/trainings/{training}/report",
    summary: "A training run as one HTML file that stands on its own, beside another as its control where one is named",
    query: trainingReportQuerySchema,
    answer: "html"
  },
  {
    method: "post",
    path: "/api/trainings/{training}/resume",
    summary: "Go on with an interrupted training run",
    answer: trainingSchema,
    status: 202
  },
  {method: "delete", path: "/api/trainings/{training}", summary: "Cancel a training run; what is done is saved", answer: trainingSchema},
  {method: "get", path: "/api/recipes", summary: "Recipes to begin with: those of the organisms that ship", answer: recipeListSchema},
  {method: "get", path: "/api/trainings/{training}/events", summary: "One training run as it goes: `event: training`", answer: "events"}
];
