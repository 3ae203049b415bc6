import {z} from "zod";
import {healthSchema, infoSchema, methodsSchema, workerListSchema} from "../../contract/contract.ts";
import type {Operation} from "./operation.ts";

/** The server itself: what it is, how it is, what it measures. */
export const serverOperations: readonly Operation[] = [
  {method: "get", path: "/api/info", summary: "What answers here", answer: infoSchema},
  {method: "get", path: "/api/health", summary: "Whether the server can do its work", answer: healthSchema},
  {method: "get", path: "/api/workers", summary: "Who works for the queue that the server's censuses go through", answer: workerListSchema},
  {method: "get", path: "/api/openapi.json", summary: "This description", answer: z.record(z.string(), z.unknown())},
  {method: "get", path: "/api/methods", summary: "What is measured, and how", answer: methodsSchema}
];
