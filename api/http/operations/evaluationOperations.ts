import {
  evalCostSchema,
  evaluationDetailsSchema,
  evaluationExportQuerySchema,
  evaluationItemsQuerySchema,
  evaluationItemsSchema,
  evaluationListSchema,
  evaluationRequestSchema,
  evaluationSchema,
  evaluationSummarySchema,
  taskListSchema
} from "../../contract/contract.ts";
import type {Operation} from "./operation.ts";

/** Evaluations, and the tasks that ship for them. */
export const evaluationOperations: readonly Operation[] = [
  {method: "get", path: "/api/tasks", summary: "The tasks that ship, for evaluations", answer: taskListSchema},
  {
    method: "post",
    path: "/api/evaluations/cost",
    summary: "What an evaluation would take; refuses what starting it refuses",
    body: evaluationRequestSchema,
    answer: evalCostSchema
  },
  {
    method: "post",
    path: "/api/evaluations",
    summary: "Start an evaluation: accuracy by depth over the items of a task",
    body: evaluationRequestSchema,
    answer: evaluationSchema,
    status: 202
  },
  {method: "get", path: "/api/evaluations", summary: "All evaluations, newest first", answer: evaluationListSchema},
  {
    method: "get",
    path: "/api/evaluations/{evaluation}",
    summary: "One evaluation: how far it is, and its spec",
    answer: evaluationDetailsSchema
  },
  {
    method: "get",
    path: "/api/evaluations/{evaluation}/summary",
    summary: "What the items answered so far come to: accuracy by setting and task, and settling",
    answer: evaluationSummarySchema
  },
  {
    method: "get",
    path: "/api/evaluations/{evaluation}/items",
    summary: "The items answered so far, with each setting's answer and the first and last correct step",
    query: evaluationItemsQuerySchema,
    answer: evaluationItemsSchema
  },
  {
    method: "get",
    path: "/api/evaluations/{evaluation}/export",
    summary: "The evaluation as a file: all of it as JSON, or a CSV of its settings or its items",
    query: evaluationExportQuerySchema,
    answer: "file"
  },
  {
    method: "post",
    path: "/api/evaluations/{evaluation}/resume",
    summary: "Go on with an interrupted evaluation",
    answer: evaluationSchema,
    status: 202
  },
  {
    method: "delete",
    path: "/api/evaluations/{evaluation}",
    summary: "Cancel an evaluation; what is answered stays",
    answer: evaluationSchema
  },
  {method: "post", path: "/api/evaluations/{evaluation}/remove", summary: "Move an evaluation that is over to the trash"},
  {method: "post", path: "/api/evaluations/{evaluation}/restore", summary: "Take an evaluation out of the trash", answer: evaluationSchema},
  {
    method: "get",
    path: "/api/evaluations/{evaluation}/events",
    summary: "One evaluation as it goes: `event: evaluation`",
    answer: "events"
  }
];
