import {
  experimentDetailsSchema,
  experimentListSchema,
  experimentOverviewSchema,
  experimentRequestSchema,
  experimentResultsQuerySchema,
  experimentResultsSchema,
  experimentSchema,
  promptRowsQuerySchema,
  promptRowsSchema,
  promptRunSchema
} from "../../contract/contract.ts";
import type {Operation} from "./operation.ts";

/** Path-independence experiments. */
export const experimentOperations: readonly Operation[] = [
  {
    method: "post",
    path: "/api/experiments",
    summary: "Start a path-independence experiment",
    body: experimentRequestSchema,
    answer: experimentSchema,
    status: 202
  },
  {method: "get", path: "/api/experiments", summary: "All experiments, newest first", answer: experimentListSchema},
  {
    method: "get",
    path: "/api/experiments/{experiment}",
    summary: "One experiment: how far it is, its spec, its summary",
    answer: experimentDetailsSchema
  },
  {
    method: "get",
    path: "/api/experiments/{experiment}/results",
    summary: "Results of finished prompts",
    query: experimentResultsQuerySchema,
    answer: experimentResultsSchema
  },
  {
    method: "get",
    path: "/api/experiments/{experiment}/prompts",
    summary: "Finished prompts as lines of a table",
    query: promptRowsQuerySchema,
    answer: promptRowsSchema
  },
  {
    method: "get",
    path: "/api/experiments/{experiment}/overview",
    summary: "What the finished prompts say together: summary, bands of curves, histograms, several attractors",
    answer: experimentOverviewSchema
  },
  {
    method: "get",
    path: "/api/experiments/{experiment}/report",
    summary: "The experiment as one HTML file that stands on its own",
    answer: "html"
  },
  {
    method: "post",
    path: "/api/experiments/{experiment}/prompts/{prompt}/run",
    summary: "The trajectories of a prompt's own starts as a run: as kept, or captured again",
    answer: promptRunSchema
  },
  {
    method: "post",
    path: "/api/experiments/{experiment}/resume",
    summary: "Go on with an interrupted experiment",
    answer: experimentSchema,
    status: 202
  },
  {
    method: "delete",
    path: "/api/experiments/{experiment}",
    summary: "Cancel an experiment; what is finished stays",
    answer: experimentSchema
  },
  {method: "post", path: "/api/experiments/{experiment}/remove", summary: "Move an experiment that is over to the trash"},
  {method: "post", path: "/api/experiments/{experiment}/restore", summary: "Take an experiment out of the trash", answer: experimentSchema},
  {
    method: "get",
    path: "/api/experiments/{experiment}/events",
    summary: "One experiment as it goes: `event: experiment`",
    answer: "events"
  }
];
