import {
  binaryAnswers,
  differenceQuerySchema,
  exitsSchema,
  exportQuerySchema,
  labelCountsSchema,
  metricsQuerySchema,
  nearAnswerSchema,
  nearQuerySchema,
  noteSchema,
  notesSchema,
  progressQuerySchema,
  progressSchema,
  patternsQuerySchema,
  patternsSchema,
  portraitQuerySchema,
  projectionQuerySchema,
  readoutQuerySchema,
  runChangeSchema,
  runListSchema,
  runSchema,
  runSummarySchema,
  spectrumQuerySchema,
  spectrumSchema,
  statesQuerySchema,
  textsSchema,
  trajectoriesSchema,
  trajectoryQuerySchema,
  witnessQuerySchema,
  witnessesSchema
} from "../../contract/contract.ts";
import type {Operation} from "./operation.ts";

/** Runs: kept, read, measured. */
export const runOperations: readonly Operation[] = [
  {method: "get", path: "/api/runs", summary: "All runs, newest first, examples last", answer: runListSchema},
  {
    method: "get",
    path: "/api/trajectories",
    summary: "The trajectories of all runs that have a label, a period, a token or a model",
    query: trajectoryQuerySchema,
    answer: trajectoriesSchema
  },
  {method: "get", path: "/api/runs/{run}", summary: "One run: its trace.json and what can be read of it", answer: runSchema},
  {method: "patch", path: "/api/runs/{run}", summary: "Rename or tag a run", body: runChangeSchema, answer: runSummarySchema},
  {method: "get", path: "/api/runs/{run}/notes", summary: "What was written on a run and its tokens", answer: notesSchema},
  {
    method: "put",
    path: "/api/runs/{run}/notes",
    summary: "Write a note on a token, or on the run; an empty text takes it away",
    body: noteSchema,
    answer: notesSchema
  },
  {method: "delete", path: "/api/runs/{run}", summary: "Move a run to the trash"},
  {method: "post", path: "/api/runs/{run}/restore", summary: "Take a run out of the trash", answer: runSummarySchema},
  {
    method: "get",
    path: "/api/runs/{run}/metrics",
    summary: "Curves, each [steps, inits, tokens]",
    query: metricsQuerySchema,
    answer: binaryAnswers.metrics
  },
  {
    method: "get",
    path: "/api/runs/{run}/metrics/progress",
    summary: "How far the curves of all trajectories are, while somebody waits for them",
    query: progressQuerySchema,
    answer: progressSchema
  },
  {
    method: "get",
    path: "/api/runs/{run}/patterns",
    summary: "The label of every trajectory; of tokens that are asked for, with their evidence",
    query: patternsQuerySchema,
    answer: patternsSchema
  },
  {
    method: "get",
    path: "/api/runs/{run}/patterns/progress",
    summary: "How far the labels of all trajectories are, while somebody waits for them",
    query: progressQuerySchema,
    answer: progressSchema
  },
  {
    method: "get",
    path: "/api/runs/{run}/near",
    summary: "Which other trajectories come nearest to one state",
    query: nearQuerySchema,
    answer: nearAnswerSchema
  },
  {
    method: "get",
    path: "/api/runs/{run}/near/progress",
    summary: "How many trajectories were looked at for the nearest to that state, while somebody waits for them",
    query: nearQuerySchema,
    answer: progressSchema
  },
  {method: "get", path: "/api/runs/{run}/labels", summary: "How often each label was found", answer: labelCountsSchema},
  {
    method: "get",
    path: "/api/runs/{run}/spectrum",
    summary: "Leading Jacobian eigenvalues at the last state",
    query: spectrumQuerySchema,
    answer: spectrumSchema
  },
  {
    method: "get",
    path: "/api/runs/{run}/witness",
    summary: "What those eigenvalues say of the labels",
    query: witnessQuerySchema,
    answer: witnessesSchema
  },
  {
    method: "get",
    path: "/api/runs/{run}/readout",
    summary: "What the model would say at each step, by either lens",
    query: readoutQuerySchema,
    answer: binaryAnswers.readout
  },
  {method: "get", path: "/api/runs/{run}/texts", summary: "How the readout's tokens read, by id", answer: textsSchema},
  {
    method: "get",
    path: "/api/runs/{run}/projection",
    summary: "The trajectories in few dimensions",
    query: projectionQuerySchema,
    answer: binaryAnswers.projection
  },
  {
    method: "get",
    path: "/api/runs/{run}/portrait",
    summary: "The picture that shows one trajectory's label",
    query: portraitQuerySchema,
    answer: binaryAnswers.portrait
  },
  {method: "get", path: "/api/runs/{run}/exits", summary: "What each exit rule would have done with the run", answer: exitsSchema},
  {method: "get", path: "/api/runs/{run}/export", summary: "The run as a file for other tools", query: exportQuerySchema, answer: "file"},
  {
    method: "get",
    path: "/api/runs/{run}/difference",
    summary: "How far another run is from this one, token by token with its partner",
    query: differenceQuerySchema,
    answer: binaryAnswers.difference
  },
  {method: "get", path: "/api/runs/{run}/report", summary: "The run as one HTML file that stands on its own", answer: "html"},
  {
    method: "get",
    path: "/api/runs/{run}/states",
    summary: "A slab of a site, [steps, inits, tokens, width]",
    query: statesQuerySchema,
    answer: binaryAnswers.states
  }
];
