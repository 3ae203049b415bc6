import {captureRequestSchema, jobChangeSchema, jobListSchema, jobSchema} from "../../contract/contract.ts";
import type {Operation} from "./operation.ts";

/** Captures: started, moved, watched, cancelled. */
export const captureOperations: readonly Operation[] = [
  {method: "post", path: "/api/captures", summary: "Capture a run", body: captureRequestSchema, answer: jobSchema, status: 202},
  {method: "get", path: "/api/captures", summary: "The queue, and what ended lately", answer: jobListSchema},
  {method: "get", path: "/api/captures/{job}", summary: "One capture", answer: jobSchema},
  {method: "patch", path: "/api/captures/{job}", summary: "Move a waiting capture in the queue", body: jobChangeSchema, answer: jobSchema},
  {method: "delete", path: "/api/captures/{job}", summary: "Cancel a capture", answer: jobSchema},
  {method: "get", path: "/api/captures/{job}/events", summary: "One capture as it goes: `event: job`", answer: "events"}
];
