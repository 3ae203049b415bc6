import {modelListSchema, tokeniseRequestSchema, tokensSchema, wordsRequestSchema} from "../../contract/contract.ts";
import type {Operation} from "./operation.ts";

/** Models, and how they cut texts. */
export const modelOperations: readonly Operation[] = [
  {method: "get", path: "/api/models", summary: "The models that can be captured from", answer: modelListSchema},
  {
    method: "post",
    path: "/api/models/{model}/tokens",
    summary: "How a model cuts a text into tokens",
    body: tokeniseRequestSchema,
    answer: tokensSchema
  },
  {
    method: "post",
    path: "/api/models/{model}/words",
    summary: "How a model's token ids read",
    body: wordsRequestSchema,
    answer: tokensSchema
  }
];
