export {
  experimentOverviewSchema,
  type ExperimentOverview,
  type ExperimentSpec,
  type PromptResult,
  type PromptRow,
  type TokenResult
} from "./experimentSchemas.ts";
export {
  importedSchema,
  importRequestSchema,
  type ImportAnswer,
  type ImportRequest,
  type ToldReport,
  type Unclear
} from "./importSchemas.ts";
export type {ExportFormat} from "./exportFormats.ts";
export {
  patternsSchema,
  witnessesSchema,
  type CheckAnswer,
  type ExitAnswer,
  type MeasuresAnswer,
  type PatternAnswer,
  type Patterns,
  type RunMeasuresAnswer,
  type WitnessAnswer,
  type Witnesses
} from "./patternSchemas.ts";
export {
  trajectoriesSchema,
  trajectoryQuerySchema,
  trajectoryRowSchema,
  type Trajectories,
  type TrajectoryQuery,
  type TrajectoryRow
} from "./trajectorySchemas.ts";
export {nearAnswerSchema, nearQuerySchema, type NearAnswer, type NearQuery} from "./nearSchemas.ts";
export {noteSchema, notesSchema, withNote, type Note, type Notes} from "./noteSchemas.ts";
export {portraitInfoSchema, portraitQuerySchema, type PortraitInfo, type PortraitQuery} from "./portraitSchemas.ts";
export * from "./serverSchemas.ts";
export * from "./captureSchemas.ts";
export * from "./generateSchemas.ts";
export * from "./exitSchemas.ts";
export * from "./gallerySchemas.ts";
export * from "./censusAnswers.ts";
export * from "./censusSchemas.ts";
export * from "./runSchemas.ts";
export * from "./methodSchemas.ts";
export * from "./modelSchemas.ts";
export * from "./trainingSchemas.ts";
export * from "./workerSchemas.ts";
export * from "./runQueries.ts";
export * from "./experimentAnswers.ts";
export * from "./evalAnswers.ts";
export {
  evalCostSchema,
  type EvalCost,
  type EvalRow,
  type EvalScores,
  type EvalSetting,
  type EvalSpec,
  type EvalSummary,
  type SettingSummary,
  type TaskSummary
} from "./evalSchemas.ts";

/**
 * What goes over HTTP, as zod schemas: the server checks requests with them and describes itself with them
 * (`/api/openapi.json`); the page imports only their types. Names are snake_case, as in the trace.
 * Binary answers are safetensors messages; their tensors are named in `binaryAnswers` below.
 *
 *   GET    /api/info                        Info: the server's version and build, and whom it takes one for
 *   GET    /api/health                      Health, for whoever watches over the server; asks for no token
 *   GET    /api/methods                     MethodsAnswer: formulas, thresholds and references
 *   GET    /api/models                      {models: ModelSummary[]}
 *   POST   /api/models/:model/tokens        TokeniseRequest → Tokens
 *   POST   /api/models/:model/words         {ids} → Tokens: how token ids read
 *   GET    /api/runs                        RunList
 *   GET    /api/trajectories                Trajectories: of all runs, by label, period, token or model
 *   GET    /api/runs/:run                   Run
 *   PATCH  /api/runs/:run                   RunChange → RunSummary
 *   DELETE /api/runs/:run                   204; the run is in the trash and can be restored
 *   GET    /api/runs/:run/notes             Notes: what was written on the run and its tokens
 *   PUT    /api/runs/:run/notes             Note → Notes; an empty text takes a note away
 *   POST   /api/runs/:run/restore           RunSummary
 *   GET    /api/runs/:run/{metrics,readout,projection,portrait,difference,states}   binary
 *   GET    /api/runs/:run/report            HTML, as `orrery report`
 *   GET    /api/runs/:run/export?format=    a file, as `orrery export`
 *   GET    /api/runs/:run/patterns          Patterns, as `orrery analyze --json`
 *   GET    /api/runs/:run/exits             Exits: what each exit rule would have done; computed once
 *   GET    /api/runs/:run/near              NearAnswer: which other trajectories come nearest to one state
 *   GET    /api/runs/:run/labels            LabelCounts: how often each label was found; computed once
 *   GET    /api/runs/:run/spectrum          Spectrum, as `orrery spectrum --json`; needs the model of the run's name
 *   GET    /api/runs/:run/witness           Witnesses: what that spectrum says of the labels of an init; needs the model of the run's name
 *   PUT    /api/uploads/:upload/:file       204; a file of what is to be imported, as it is
 *   POST   /api/imports                     ImportRequest → 201 ImportAnswer: runs of what was uploaded; none of a report, or where it asks back
 *   POST   /api/captures                    CaptureRequest → 202 Job
 *   GET    /api/captures                    {jobs: Job[]}, newest last
 *   GET    /api/captures/:job               Job
 *   PATCH  /api/captures/:job               {position} → Job; moves a queued one
 *   DELETE /api/captures/:job               Job; cancels it
 *   GET    /api/captures/:job/events        server-sent events, `event: job`, data a Job
 *   POST   /api/generations                 GenerateRequest → server-sent events: `event: token`, data a GenerationNews, and at last `event: end`,
 *                                           data a GenerationResult, or `event: fault`, data {error}; closing the connection ends it
 *   GET    /api/events                      server-sent events of all: `event: job`, data a Job; `event: experiment`, data an Experiment;
 *                                           `event: evaluation`, data an Evaluation
 *   POST   /api/experiments                 ExperimentRequest → 202 Experiment: path independence over prompts
 *   GET    /api/experiments                 ExperimentList, newest first
 *   GET    /api/experiments/:experiment     ExperimentDetails
 *   GET    /api/experiments/:experiment/results?from=0&count=50   ExperimentResults, of the prompts finished so far
 *   GET    /api/experiments/:experiment/prompts?from=0&count=1000   PromptRows, of the prompts finished so far
 *   GET    /api/experiments/:experiment/overview   ExperimentOverview, of the prompts finished so far; 404 where none is
 *   GET    /api/experiments/:experiment/report   HTML, as `orrery report`, of the prompts finished so far
 *   POST   /api/experiments/:experiment/prompts/:prompt/run   PromptRun: the trajectories of its own starts, as they were kept or captured again
 *   POST   /api/experiments/:experiment/resume   202 Experiment; finished prompts are not run again
 *   DELETE /api/experiments/:experiment     Experiment; cancels it, and keeps what is finished
 *   GET    /api/experiments/:experiment/events   server-sent events, `event: experiment`, data an Experiment
 *   GET    /api/tasks                       {tasks: TaskSummary[]}: the tasks that ship
 *   POST   /api/evaluations/cost            EvaluationRequest → EvalCost: what it would take; refuses what POST /api/evaluations refuses
 *   POST   /api/evaluations                 EvaluationRequest → 202 Evaluation: accuracy by depth
 *   GET    /api/evaluations                 EvaluationList, newest first
 *   GET    /api/evaluations/:evaluation     EvaluationDetails
 *   GET    /api/evaluations/:evaluation/summary   EvaluationSummary, of the items answered so far
 *   GET    /api/evaluations/:evaluation/items?from=0&count=500   {items: EvalRow[]}, of the items answered so far
 *   GET    /api/evaluations/:evaluation/export?format=   a file, as `orrery eval --json`, `--csv settings` and `--csv items` print
 *   POST   /api/evaluations/:evaluation/resume   202 Evaluation; answered items are not answered again
 *   DELETE /api/evaluations/:evaluation     Evaluation; cancels it, and keeps what is answered
 *   GET    /api/evaluations/:evaluation/events   server-sent events, `event: evaluation`, data an Evaluation
 *   POST   /api/censuses/cost               CensusRequest → CensusCost: what it would take; refuses what POST /api/censuses refuses
 *   POST   /api/censuses                    CensusRequest → 202 CensusEntry: every token of the prompts, labelled
 *   GET    /api/censuses                    CensusList, newest first
 *   GET    /api/censuses/:census            CensusDetails
 *   GET    /api/censuses/:census/interim    CensusInterim: labels of the prompts that are done, before all are
 *   GET    /api/censuses/:census/rows?label=&class=&text=&prompt=&order=&from=0&count=100   CensusRows
 *   GET    /api/censuses/:census/report     an HTML file to keep
 *   GET    /api/censuses/:census/comparison?with=   CensusComparison: this census beside another one
 *   GET    /api/censuses/:census/prompts/:prompt   {prompt}: its text
 *   GET    /api/workers                     WorkerList: who works for the queue of the server's censuses
 *   POST   /api/censuses/:census/resume     202 CensusEntry; finished shards are not made again
 *   POST   /api/censuses/:census/cancel     CensusEntry; finished shards stay
 *   DELETE /api/censuses/:census            204; the census is in the trash and can be restored
 *   POST   /api/censuses/:census/restore    CensusEntry
 */
