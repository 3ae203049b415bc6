import type {
  ImportAnswer,
  ImportRequest,
  CaptureRequest,
  EvalCost,
  EvalRow,
  Evaluation,
  EvaluationDetails,
  EvaluationList,
  EvaluationRequest,
  EvaluationSummary,
  CensusComparison,
  CensusCost,
  CensusDetails,
  CensusEntry,
  CensusInterim,
  CensusList,
  CensusPictureQuery,
  CensusRequest,
  CensusRows,
  CensusRowsQuery,
  PathPicture,
  Experiment,
  ExperimentDetails,
  ExperimentList,
  ExperimentOverview,
  ExperimentSpec,
  Exits,
  GenerateRequest,
  GenerationNews,
  GenerationResult,
  Info,
  Job,
  LabelCounts,
  Progress,
  LogLine,
  NearAnswer,
  NearQuery,
  Note,
  Notes,
  Trajectories,
  TrajectoryQuery,
  MethodsAnswer,
  ModelSummary,
  Patterns,
  PortraitQuery,
  ProjectionRequest,
  PromptResult,
  PromptRow,
  PromptRun,
  Run,
  RunChange,
  RunList,
  RecipeList,
  RunSummary,
  SaveRun,
  Spectrum,
  Witnesses,
  TaskSummary,
  Training,
  TrainingDetails,
  TrainingList,
  TrainingProbes,
  WorkerList
} from "../../api/contract/contract.ts";
import type {StepRange} from "./slices.ts";
import type {Tensors} from "./safetensors.ts";

/** What a capture is asked with: whatever is left out takes the server's default. */
export type CaptureOrder = Partial<CaptureRequest> & Pick<CaptureRequest, "model">;

/** What a generation is asked with: whatever is left out takes the server's default. */
export type GenerateOrder = Partial<GenerateRequest> & Pick<GenerateRequest, "model">;

/** Path independence over prompts; whatever is left out takes the server's default. */
export interface ExperimentOrder {
  readonly model: string;
  readonly title?: string;
  readonly prompts: readonly {readonly prompt: string; readonly answer?: string}[];
  readonly options: Partial<Omit<ExperimentSpec, "schema" | "title" | "model" | "prompts" | "software" | "created">>;
}

/** What an evaluation is asked with: whatever is left out takes the server's default. */
export type EvaluationOrder = Partial<EvaluationRequest> & Pick<EvaluationRequest, "model" | "task">;

/** What a census is asked with: whatever is left out takes the server's default. */
export type CensusOrder = Partial<CensusRequest> & Pick<CensusRequest, "model" | "prompts" | "steps">;

/** What a training is asked with; its recipe is judged by the server. */
interface TrainingOrder {
  readonly title?: string;
  readonly recipe: unknown;
}

/** What a source that works nothing out holds of each run: what it offers beside this it refuses. */
interface KeptAnswers {
  /** How a projection may be fitted, and how many components it has at most. */
  readonly fits: readonly string[];
  readonly components: number;
  /** The files of a run, to be taken along. */
  files(run: string): readonly {readonly name: string; readonly bytes: number; readonly href: string}[];
  /** Where its report lies; undefined where there is none. */
  report(run: string): string | undefined;
}

/** Everything the views may ask for. One implementation asks a server over HTTP, another reads the files of a gallery. */
export interface Source {
  /** Of a gallery; absent where a server works out whatever is asked. */
  readonly kept?: KeptAnswers;
  /** What answers, of which build, and whom it takes one for. */
  info(signal?: AbortSignal): Promise<Info>;
  runs(signal?: AbortSignal): Promise<RunList>;
  run(run: string, signal?: AbortSignal): Promise<Run>;
  change(run: string, change: RunChange): Promise<RunSummary>;
  /** Moves a run to the trash; `restore` takes it back. */
  remove(run: string): Promise<void>;
  restore(run: string): Promise<RunSummary>;
  /** The measures of states: [steps+1, inits, tokens], of the steps written so far. */
  metrics(run: string, site: string, range?: StepRange, signal?: AbortSignal): Promise<Tensors>;
  /** How far the measures of states are, while they are waited for. */
  measuring(run: string, site: string, signal?: AbortSignal): Promise<Progress>;
  /** top_ids, top_logprobs [steps+1, inits, tokens, k]; entropy, kl_prev, kl_final [steps+1, inits, tokens]; of the captured lens, or of another, read from the states. */
  readout(run: string, query?: {lens?: string} & Partial<StepRange>, signal?: AbortSignal): Promise<Tensors>;
  /** How far another run is from this one: difference [steps+1, inits, tokens], partners [tokens]. Refused with one line for runs that cannot be compared. */
  difference(run: string, other: string, site: string, signal?: AbortSignal): Promise<Tensors>;
  /** points [steps+1, inits, tokens, dims], those of the runs in `with` as points.1 and so on, and, for PCA, explained [dims]. */
  projection(run: string, query: Partial<ProjectionRequest>, signal?: AbortSignal): Promise<Tensors>;
  /** state [steps, inits, tokens, width] of some tokens, at all steps or from one to another, both included. */
  states(run: string, query: {site: string; tokens: readonly number[]; from?: number; to?: number}, signal?: AbortSignal): Promise<Tensors>;
  /** Patterns and metrics by trajectory, as `orrery analyze --json` prints them. */
  patterns(run: string, site: string, signal?: AbortSignal): Promise<Patterns>;
  /** The same of some tokens only, at once; their q-values are upper bounds. */
  somePatterns(run: string, query: {site: string; tokens: readonly number[]}, signal?: AbortSignal): Promise<Patterns>;
  /** The picture of a trajectory's label; see portraitInfoSchema. */
  portrait(run: string, query: PortraitQuery, signal?: AbortSignal): Promise<Tensors>;
  /** The trajectories of all runs that are as asked. */
  trajectories(query: Partial<TrajectoryQuery>, signal?: AbortSignal): Promise<Trajectories>;
  /** The other trajectories that come nearest to a state. */
  near(run: string, query: Omit<NearQuery, "count">, signal?: AbortSignal): Promise<NearAnswer>;
  /** How many trajectories were looked at for it, while it is waited for. */
  nearing(run: string, query: Omit<NearQuery, "count">, signal?: AbortSignal): Promise<Progress>;
  /** What was written on a run and its tokens. */
  notes(run: string, signal?: AbortSignal): Promise<Notes>;
  /** Writes one note, all are given back; an empty text takes it away. */
  note(run: string, note: Note): Promise<Notes>;
  /** How far the labels of all trajectories are, while they are waited for. */
  labelling(run: string, site: string, signal?: AbortSignal): Promise<Progress>;
  /** How often each label was found; worked out where it is not known yet. */
  labels(run: string, signal?: AbortSignal): Promise<LabelCounts>;
  /** How a run's readout reads, by token id, as far as the run keeps it. */
  texts(run: string, signal?: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** How token ids of a model read; in the order asked for. */
  words(model: string, ids: readonly number[], signal?: AbortSignal): Promise<readonly {id: number; text: string}[]>;
  /** Leading eigenvalues of the core step's Jacobian at the last state. */
  spectrum(run: string, query: {init: number; tokens: readonly number[]}, signal?: AbortSignal): Promise<Spectrum>;
  /** What that spectrum says of the labels of an initial state. Refused with one line where the run's model is not here, or its step was not the model's own. */
  witness(run: string, query: {init: number}, signal?: AbortSignal): Promise<Witnesses>;
  /** What each exit rule would have done with a run. */
  exits(run: string, signal?: AbortSignal): Promise<Exits>;
  /** Sends a file of an upload. */
  upload(upload: string, file: File, signal?: AbortSignal): Promise<void>;
  /** Makes runs of an upload. */
  importRuns(request: ImportRequest): Promise<ImportAnswer>;
  methods(signal?: AbortSignal): Promise<MethodsAnswer>;
  models(signal?: AbortSignal): Promise<readonly ModelSummary[]>;
  tokenise(model: string, prompt: string, signal?: AbortSignal): Promise<readonly {id: number; text: string}[]>;
  experiments(signal?: AbortSignal): Promise<ExperimentList>;
  experiment(experiment: string, signal?: AbortSignal): Promise<ExperimentDetails>;
  /** What the finished prompts say together; refused where none is finished. */
  experimentOverview(experiment: string, signal?: AbortSignal): Promise<ExperimentOverview>;
  /** Lines of a table, of the finished prompts from one on, as many as the server gives at a time. */
  promptRows(experiment: string, from: number, signal?: AbortSignal): Promise<readonly PromptRow[]>;
  /** All of one prompt; undefined while it is not finished. */
  promptResult(experiment: string, prompt: number, signal?: AbortSignal): Promise<PromptResult | undefined>;
  /** The run with a prompt's trajectories: as they were kept, or to be captured again. */
  promptRun(experiment: string, prompt: number): Promise<PromptRun>;
  startExperiment(order: ExperimentOrder): Promise<Experiment>;
  cancelExperiment(experiment: string): Promise<Experiment>;
  resumeExperiment(experiment: string): Promise<Experiment>;
  /** Moves an experiment that is over to the trash; `restoreExperiment` takes it back. */
  removeExperiment(experiment: string): Promise<void>;
  restoreExperiment(experiment: string): Promise<Experiment>;
  /** Who works for the queue that the server's censuses go through. */
  workers(signal?: AbortSignal): Promise<WorkerList>;
  censuses(signal?: AbortSignal): Promise<CensusList>;
  census(census: string, signal?: AbortSignal): Promise<CensusDetails>;
  /** Labels of the prompts that are done, before all are. */
  censusInterim(census: string, signal?: AbortSignal): Promise<CensusInterim>;
  /** Rows of a finished census that fit a question. */
  censusRows(census: string, query: Partial<CensusRowsQuery>, signal?: AbortSignal): Promise<CensusRows>;
  /** A finished census beside another one. */
  censusComparison(census: string, other: string, signal?: AbortSignal): Promise<CensusComparison>;
  /** The text of one of a census's prompts. */
  censusPrompt(census: string, prompt: number, signal?: AbortSignal): Promise<string>;
  /** The traces that a census kept, in one picture. */
  censusPicture(census: string, query: Partial<CensusPictureQuery>, signal?: AbortSignal): Promise<Tensors>;
  /** One trajectory of a census of Gram traces, in two dimensions. */
  censusPath(census: string, place: {prompt: number; token: number; init: number}, signal?: AbortSignal): Promise<PathPicture>;
  /** What one would take; refused where starting it would be. */
  censusCost(order: CensusOrder, signal?: AbortSignal): Promise<CensusCost>;
  startCensus(order: CensusOrder): Promise<CensusEntry>;
  cancelCensus(census: string): Promise<CensusEntry>;
  resumeCensus(census: string): Promise<CensusEntry>;
  /** Moves a census to the trash; `restoreCensus` takes it back. */
  removeCensus(census: string): Promise<void>;
  restoreCensus(census: string): Promise<CensusEntry>;
  jobs(signal?: AbortSignal): Promise<readonly Job[]>;
  capture(order: CaptureOrder): Promise<Job>;
  /** Calls `onNews` with each token as it is made, and with a wavefront's rows; resolves with what it took. Aborting ends it on the server, too. */
  generate(
    order: GenerateOrder,
    options: {readonly signal: AbortSignal; readonly onNews: (news: GenerationNews) => void}
  ): Promise<GenerationResult>;
  /** Moves a waiting capture to a place in the queue, 1 for the next. */
  move(job: string, position: number): Promise<Job>;
  cancel(job: string): Promise<Job>;
  /** Tasks that ship. */
  tasks(signal?: AbortSignal): Promise<readonly TaskSummary[]>;
  evaluations(signal?: AbortSignal): Promise<EvaluationList>;
  evaluation(evaluation: string, signal?: AbortSignal): Promise<EvaluationDetails>;
  /** What the items answered so far come to. */
  evaluationSummary(evaluation: string, signal?: AbortSignal): Promise<EvaluationSummary>;
  /** Items answered so far, from one on, as many as the server gives at a time. */
  evaluationItems(evaluation: string, from: number, signal?: AbortSignal): Promise<readonly EvalRow[]>;
  /** What one would take; refused where starting it would be. */
  evaluationCost(order: EvaluationOrder, signal?: AbortSignal): Promise<EvalCost>;
  startEvaluation(order: EvaluationOrder): Promise<Evaluation>;
  cancelEvaluation(evaluation: string): Promise<Evaluation>;
  resumeEvaluation(evaluation: string): Promise<Evaluation>;
  /** Moves an evaluation that is over to the trash; `restoreEvaluation` takes it back. */
  removeEvaluation(evaluation: string): Promise<void>;
  restoreEvaluation(evaluation: string): Promise<Evaluation>;
  trainings(signal?: AbortSignal): Promise<TrainingList>;
  training(training: string, signal?: AbortSignal): Promise<TrainingDetails>;
  /** Lines of its log after an update, as many as the server gives at a time. */
  trainingLog(training: string, after: number, signal?: AbortSignal): Promise<readonly LogLine[]>;
  /** The probe prompt's trajectories at every save. */
  trainingProbes(training: string, signal?: AbortSignal): Promise<TrainingProbes>;
  /** The run with the probe's trajectories at a save: made where it is not there yet. */
  saveRun(training: string, update: number): Promise<SaveRun>;
  /** Recipes to begin with. */
  recipes(signal?: AbortSignal): Promise<RecipeList>;
  startTraining(order: TrainingOrder): Promise<Training>;
  cancelTraining(training: string): Promise<Training>;
  resumeTraining(training: string): Promise<Training>;
  /** Calls `job`, `experiment`, `evaluation`, `census` and `training` with every change of one, and `online` when the server goes or comes back; returns the function that stops it. */
  watch(callbacks: {
    job: (job: Job) => void;
    experiment: (experiment: Experiment) => void;
    evaluation: (evaluation: Evaluation) => void;
    census: (census: CensusEntry) => void;
    training: (training: Training) => void;
    online: (online: boolean) => void;
  }): () => void;
}
