import {z} from "zod";
import {software} from "../../capture/software.ts";
import {
  binaryAnswers,
  captureRequestSchema,
  differenceQuerySchema,
  errorSchema,
  exportQuerySchema,
  experimentDetailsSchema,
  experimentListSchema,
  experimentOverviewSchema,
  experimentRequestSchema,
  experimentResultsQuerySchema,
  experimentResultsSchema,
  experimentSchema,
  evalCostSchema,
  evaluationDetailsSchema,
  evaluationExportQuerySchema,
  evaluationItemsQuerySchema,
  evaluationItemsSchema,
  evaluationListSchema,
  evaluationRequestSchema,
  evaluationSchema,
  evaluationSummarySchema,
  exitsSchema,
  generateRequestSchema,
  healthSchema,
  importedSchema,
  importRequestSchema,
  infoSchema,
  jobChangeSchema,
  jobListSchema,
  jobSchema,
  labelCountsSchema,
  methodsSchema,
  metricsQuerySchema,
  patternsQuerySchema,
  patternsSchema,
  portraitQuerySchema,
  modelListSchema,
  projectionQuerySchema,
  promptRowsQuerySchema,
  promptRowsSchema,
  promptRunSchema,
  readoutQuerySchema,
  runChangeSchema,
  runListSchema,
  runSchema,
  runSummarySchema,
  spectrumQuerySchema,
  spectrumSchema,
  statesQuerySchema,
  taskListSchema,
  trainingDetailsSchema,
  trainingListSchema,
  trainingLogQuerySchema,
  trainingLogSchema,
  trainingProbesSchema,
  trainingRequestSchema,
  trainingSchema,
  tokeniseRequestSchema,
  textsSchema,
  tokensSchema,
  witnessesSchema,
  witnessQuerySchema,
  wordsRequestSchema
} from "../contract/contract.ts";

import {
  censusDetailsSchema,
  censusListSchema,
  censusPromptSchema,
  censusRowsQuerySchema,
  censusRowsSchema
} from "../contract/censusSchemas.ts";

interface Operation {
  readonly method: "get" | "put" | "post" | "patch" | "delete";
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** A schema for JSON, the names of tensors for safetensors, `events` for server-sent events, `html` for a page, `file` for one of several formats, nothing for 204. */
  readonly answer?: z.ZodType | readonly string[] | "events" | "html" | "file";
  /** Defaults to 200, or 204 without an answer. */
  readonly status?: number;
}

/** Every operation of the server; a test compares this list with the routes. */
export const operations: readonly Operation[] = [
  {method: "get", path: "/api/info", summary: "What answers here", answer: infoSchema},
  {method: "get", path: "/api/health", summary: "Whether the server can do its work", answer: healthSchema},
  {method: "get", path: "/api/openapi.json", summary: "This description", answer: z.record(z.string(), z.unknown())},
  {method: "get", path: "/api/methods", summary: "What is measured, and how", answer: methodsSchema},
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
  },
  {method: "get", path: "/api/runs", summary: "All runs, newest first, examples last", answer: runListSchema},
  {method: "get", path: "/api/runs/{run}", summary: "One run: its trace.json and what can be read of it", answer: runSchema},
  {method: "patch", path: "/api/runs/{run}", summary: "Rename or tag a run", body: runChangeSchema, answer: runSummarySchema},
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
    path: "/api/runs/{run}/patterns",
    summary: "The label of every trajectory, with its evidence",
    query: patternsQuerySchema,
    answer: patternsSchema
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
  },
  {method: "put", path: "/api/uploads/{upload}/{file}", summary: "A file of what is to be imported, as it is"},
  {
    method: "post",
    path: "/api/imports",
    summary: "Make runs of what was uploaded",
    body: importRequestSchema,
    answer: importedSchema,
    status: 201
  },
  {method: "post", path: "/api/captures", summary: "Capture a run", body: captureRequestSchema, answer: jobSchema, status: 202},
  {method: "get", path: "/api/captures", summary: "The queue, and what ended lately", answer: jobListSchema},
  {method: "get", path: "/api/captures/{job}", summary: "One capture", answer: jobSchema},
  {method: "patch", path: "/api/captures/{job}", summary: "Move a waiting capture in the queue", body: jobChangeSchema, answer: jobSchema},
  {method: "delete", path: "/api/captures/{job}", summary: "Cancel a capture", answer: jobSchema},
  {method: "get", path: "/api/captures/{job}/events", summary: "One capture as it goes: `event: job`", answer: "events"},
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
  },
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
  {
    method: "get",
    path: "/api/experiments/{experiment}/events",
    summary: "One experiment as it goes: `event: experiment`",
    answer: "events"
  },
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
  {
    method: "get",
    path: "/api/evaluations/{evaluation}/events",
    summary: "One evaluation as it goes: `event: evaluation`",
    answer: "events"
  },
  {method: "get", path: "/api/censuses", summary: "All censuses, newest first", answer: censusListSchema},
  {method: "get", path: "/api/censuses/{census}", summary: "What a census is, and what it came to", answer: censusDetailsSchema},
  {
    method: "get",
    path: "/api/censuses/{census}/rows",
    summary: "Rows of a finished census that fit a question",
    query: censusRowsQuerySchema,
    answer: censusRowsSchema
  },
  {method: "get", path: "/api/censuses/{census}/prompts/{prompt}", summary: "The text of one of its prompts", answer: censusPromptSchema},
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
    path: "/api/trainings/{training}/resume",
    summary: "Go on with an interrupted training run",
    answer: trainingSchema,
    status: 202
  },
  {method: "delete", path: "/api/trainings/{training}", summary: "Cancel a training run; what is done is saved", answer: trainingSchema},
  {method: "get", path: "/api/trainings/{training}/events", summary: "One training run as it goes: `event: training`", answer: "events"}
];

/** The server's description, OpenAPI 3.1, out of the schemas that it checks with. */
export function openapi(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method] = describe(operation);
  return {
    openapi: "3.1.0",
    info: {title: "Orrery", version: software.version, description: "A workbench for looking inside recurrent-depth language models"},
    paths
  };
}

function describe({path, summary, query, body, answer, status}: Operation): Record<string, unknown> {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({name, in: "path", required: true, schema: {type: "string"}}));
  return {
    summary,
    parameters: [...inPath, ...(query ? queryParameters(query) : [])],
    ...(body ? {requestBody: {required: true, content: {"application/json": {schema: schemaOf(body, "input")}}}} : {}),
    responses: {
      [status ?? (answer ? 200 : 204)]: answer ? {description: summary, content: contentOf(answer)} : {description: summary},
      default: {description: "What was wrong, in one line", content: {"application/json": {schema: schemaOf(errorSchema, "output")}}}
    }
  };
}

function contentOf(answer: NonNullable<Operation["answer"]>): Record<string, unknown> {
  if (answer === "events") return {"text/event-stream": {schema: {type: "string"}}};
  if (answer === "html") return {"text/html": {schema: {type: "string"}}};
  if (answer === "file") return {"*/*": {schema: {type: "string", format: "binary"}}};
  if (answer instanceof z.ZodType) return {"application/json": {schema: schemaOf(answer, "output")}};
  return {
    "application/octet-stream": {
      schema: {type: "string", format: "binary", description: `safetensors: ${(answer as readonly string[]).join(", ")}`}
    }
  };
}

function queryParameters(query: z.ZodType): unknown[] {
  const {properties = {}, required = []} = schemaOf(query, "input") as {properties?: Record<string, unknown>; required?: string[]};
  return Object.entries(properties).map(([name, schema]) => ({name, in: "query", required: required.includes(name), schema}));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const {$schema, ...json} = z.toJSONSchema(schema, {io, unrepresentable: "any"}) as Record<string, unknown>;
  return json;
}
