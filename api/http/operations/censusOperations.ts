import {
  censusDetailsSchema,
  censusListSchema,
  censusPromptSchema,
  censusRowsQuerySchema,
  censusRowsSchema
} from "../../contract/censusSchemas.ts";
import type {Operation} from "./operation.ts";

/** Censuses, and their rows. */
export const censusOperations: readonly Operation[] = [
  {method: "get", path: "/api/censuses", summary: "All censuses, newest first", answer: censusListSchema},
  {method: "get", path: "/api/censuses/{census}", summary: "What a census is, and what it came to", answer: censusDetailsSchema},
  {
    method: "get",
    path: "/api/censuses/{census}/rows",
    summary: "Rows of a finished census that fit a question",
    query: censusRowsQuerySchema,
    answer: censusRowsSchema
  },
  {method: "get", path: "/api/censuses/{census}/prompts/{prompt}", summary: "The text of one of its prompts", answer: censusPromptSchema}
];
