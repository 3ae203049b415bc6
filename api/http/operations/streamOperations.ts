import {generateRequestSchema} from "../../contract/contract.ts";
import type {Operation} from "./operation.ts";

/** What is told as it is made: server-sent events. */
export const streamOperations: readonly Operation[] = [
  {
    method: "post",
    path: "/api/generations",
    summary: "Tokens after a prompt, as they are made: `event: token`, and `event: end` or `event: fault`",
    body: generateRequestSchema,
    answer: "events"
  },
  {
    method: "get",
    path: "/api/events",
    summary:
      "All captures, experiments, evaluations and trainings as they go: `event: job`, `event: experiment`, `event: evaluation`, `event: training`",
    answer: "events"
  }
];
