import {binaryAnswers} from "../../contract/contract.ts";
import {
  censusComparisonQuerySchema,
  censusComparisonSchema,
  censusCostSchema,
  censusDetailsSchema,
  censusEntrySchema,
  censusInterimSchema,
  censusListSchema,
  censusPromptSchema,
  censusPictureQuerySchema,
  censusRequestSchema,
  censusRowsQuerySchema,
  censusRowsSchema,
  pathPictureQuerySchema,
  pathPictureSchema
} from "../../contract/censusAnswers.ts";
import type {Operation} from "./operation.ts";

/** Censuses, and their rows. */
export const censusOperations: readonly Operation[] = [
  {
    method: "post",
    path: "/api/censuses/cost",
    summary: "What a census would take; refuses what starting it refuses",
    body: censusRequestSchema,
    answer: censusCostSchema
  },
  {
    method: "post",
    path: "/api/censuses",
    summary: "Start a census: every token of the prompts, labelled",
    body: censusRequestSchema,
    answer: censusEntrySchema,
    status: 202
  },
  {method: "get", path: "/api/censuses", summary: "All censuses, newest first", answer: censusListSchema},
  {method: "get", path: "/api/censuses/{census}", summary: "What a census is, and what it came to", answer: censusDetailsSchema},
  {
    method: "get",
    path: "/api/censuses/{census}/interim",
    summary:
      "Labels of the prompts that are done, counted before all are: their q-values are over these rows alone, and may change at the end",
    answer: censusInterimSchema
  },
  {
    method: "get",
    path: "/api/censuses/{census}/rows",
    summary: "Rows of a finished census that fit a question",
    query: censusRowsQuerySchema,
    answer: censusRowsSchema
  },
  {method: "get", path: "/api/censuses/{census}/report", summary: "A finished census as one HTML file to keep", answer: "html"},
  {
    method: "get",
    path: "/api/censuses/{census}/comparison",
    summary: "A finished census beside another one: shares, differences, intervals",
    query: censusComparisonQuerySchema,
    answer: censusComparisonSchema
  },
  {
    method: "get",
    path: "/api/censuses/{census}/picture",
    summary: "The traces that a finished census kept, in one picture fitted on all of their states",
    query: censusPictureQuerySchema,
    answer: binaryAnswers.censusPicture
  },
  {method: "get", path: "/api/censuses/{census}/prompts/{prompt}", summary: "The text of one of its prompts", answer: censusPromptSchema},
  {
    method: "get",
    path: "/api/censuses/{census}/prompts/{prompt}/path",
    summary: "Principal components of one trajectory of a census of Gram traces, from its inner products",
    query: pathPictureQuerySchema,
    answer: pathPictureSchema
  },
  {
    method: "post",
    path: "/api/censuses/{census}/resume",
    summary: "Go on with an interrupted census",
    answer: censusEntrySchema,
    status: 202
  },
  {
    method: "post",
    path: "/api/censuses/{census}/cancel",
    summary: "Cancel a census; finished shards stay",
    answer: censusEntrySchema
  },
  {method: "delete", path: "/api/censuses/{census}", summary: "Move a census to the trash"},
  {method: "post", path: "/api/censuses/{census}/restore", summary: "Take a census out of the trash", answer: censusEntrySchema},
  {method: "get", path: "/api/censuses/{census}/events", summary: "One census as it goes: `event: census`", answer: "events"}
];
