import {encoded} from "./encoded.ts";
import type {
  CensusEntry,
  EvalRow,
  Evaluation,
  Experiment,
  ExportFormat,
  GenerationNews,
  GenerationResult,
  Job,
  LogLine,
  ModelSummary,
  PromptResult,
  PromptRow,
  TaskSummary,
  Training
} from "../../api/contract/contract.ts";
import type {EvalExport} from "../../api/contract/choices.ts";
import {readEvents} from "./readEvents.ts";
import {eventStream} from "./eventStream.ts";
import type {Source} from "./Source.ts";
import {createTransport, type Transport, type TransportOptions} from "./transport.ts";

const API = "./api"; // beside the page, wherever a proxy has put it

/** Where the browser fetches files that are kept. */
export const reportAddress = (run: string): string => `${API}/runs/${encoded(run)}/report`;
export const exportAddress = (run: string, format: ExportFormat): string => `${API}/runs/${encoded(run)}/export?format=${format}`;
export const censusReportAddress = (census: string): string => `${API}/censuses/${encoded(census)}/report`;
export const experimentReportAddress = (experiment: string): string => `${API}/experiments/${encoded(experiment)}/report`;
export const trainingReportAddress = (training: string, beside: string): string =>
  `${API}/trainings/${encoded(training)}/report${beside === "" ? "" : `?beside=${encoded(beside)}`}`;
export const evaluationAddress = (evaluation: string, format: EvalExport): string =>
  `${API}/evaluations/${encoded(evaluation)}/export?format=${format}`;

/** The server over HTTP: JSON, and safetensors for numbers. */
export function httpSource({base = API, fetch = globalThis.fetch.bind(globalThis)}: Partial<TransportOptions> = {}): Source {
  const transport = createTransport({base, fetch});
  return {
    ...serverPart(transport),
    ...runPart(transport),
    ...modelPart(transport),
    ...experimentPart(transport),
    ...evaluationPart(transport),
    ...censusPart(transport),
    ...trainingPart(transport)
  };
}

const of = encoded;

/** What is asked of the server itself. */
const serverPart = ({json, base}: Transport) =>
  ({
    info: (signal) => json("/info", {signal}),
    methods: (signal) => json("/methods", {signal}),
    watch: ({job, experiment, evaluation, census, training, online}) =>
      eventStream(`${base}/events`, {
        receive: {
          job: (data) => job(JSON.parse(data) as Job),
          experiment: (data) => experiment(JSON.parse(data) as Experiment),
          evaluation: (data) => evaluation(JSON.parse(data) as Evaluation),
          census: (data) => census(JSON.parse(data) as CensusEntry),
          training: (data) => training(JSON.parse(data) as Training)
        },
        online
      })
  }) satisfies Partial<Source>;

/** What is asked of runs, and what is measured of them. */
const runPart = ({ask, json, send, tensors}: Transport) =>
  ({
    runs: (signal) => json("/runs", {signal}),
    run: (run, signal) => json(`/runs/${of(run)}`, {signal}),
    change: (run, change) => send("PATCH", `/runs/${of(run)}`, change),
    remove: async (run) => void (await ask(`/runs/${of(run)}`, {method: "DELETE"})),
    restore: (run) => send("POST", `/runs/${of(run)}/restore`),
    metrics: (run, site, range, signal) => tensors(`/runs/${of(run)}/metrics${queryOf({site, ...range})}`, signal),
    measuring: (run, site, signal) => json(`/runs/${of(run)}/metrics/progress${queryOf({site})}`, {signal}),
    readout: (run, query = {}, signal) => tensors(`/runs/${of(run)}/readout${queryOf(query)}`, signal),
    difference: (run, other, site, signal) => tensors(`/runs/${of(run)}/difference${queryOf({with: other, site})}`, signal),
    projection: (run, query, signal) => tensors(`/runs/${of(run)}/projection${queryOf(query)}`, signal),
    states: (run, {tokens, ...query}, signal) => tensors(`/runs/${of(run)}/states${queryOf({...query, tokens: tokens.join(",")})}`, signal),
    exits: (run, signal) => json(`/runs/${of(run)}/exits`, {signal}),
    witness: (run, query, signal) => json(`/runs/${of(run)}/witness${queryOf(query)}`, {signal}),
    spectrum: (run, {init, tokens}, signal) => json(`/runs/${of(run)}/spectrum${queryOf({init, tokens: tokens.join(",")})}`, {signal}),
    patterns: (run, site, signal) => json(`/runs/${of(run)}/patterns${queryOf({site})}`, {signal}),
    somePatterns: (run, {site, tokens}, signal) => json(`/runs/${of(run)}/patterns${queryOf({site, tokens: tokens.join(",")})}`, {signal}),
    portrait: (run, query, signal) => tensors(`/runs/${of(run)}/portrait${queryOf({...query})}`, signal),
    trajectories: (query, signal) => json(`/trajectories${queryOf({...query})}`, {signal}),
    near: (run, query, signal) => json(`/runs/${of(run)}/near${queryOf({...query})}`, {signal}),
    nearing: (run, query, signal) => json(`/runs/${of(run)}/near/progress${queryOf({...query})}`, {signal}),
    notes: (run, signal) => json(`/runs/${of(run)}/notes`, {signal}),
    note: (run, note) => send("PUT", `/runs/${of(run)}/notes`, note),
    labelling: (run, site, signal) => json(`/runs/${of(run)}/patterns/progress${queryOf({site})}`, {signal}),
    labels: (run, signal) => json(`/runs/${of(run)}/labels`, {signal}),
    texts: async (run, signal) => (await json<{texts: Record<string, string>}>(`/runs/${of(run)}/texts`, {signal})).texts,
    upload: async (upload, file, signal) =>
      void (await ask(`/uploads/${of(upload)}/${of(file.name)}`, {
        method: "PUT",
        headers: {"content-type": "application/octet-stream"},
        body: file,
        signal
      })),
    importRuns: (request) => send("POST", "/imports", request)
  }) satisfies Partial<Source>;

type Words = readonly {readonly id: number; readonly text: string}[];

const words = async (send: Transport["send"], path: string, body: unknown, signal?: AbortSignal): Promise<Words> =>
  (await send<{tokens: Words}>("POST", path, body, signal)).tokens;

/** What is asked of models, and what they are asked to do. */
const modelPart = ({ask, json, send}: Transport) =>
  ({
    models: async (signal) => (await json<{models: ModelSummary[]}>("/models", {signal})).models,
    words: (model, ids, signal) => words(send, `/models/${of(model)}/words`, {ids}, signal),
    tokenise: (model, prompt, signal) => words(send, `/models/${of(model)}/tokens`, {prompt}, signal),
    jobs: async (signal) => (await json<{jobs: Job[]}>("/captures", {signal})).jobs,
    capture: (order) => send("POST", "/captures", order),
    move: (job, position) => send("PATCH", `/captures/${of(job)}`, {position}),
    cancel: (job) => send("DELETE", `/captures/${of(job)}`),
    generate: async (order, {signal, onNews}) => {
      const body = JSON.stringify(order);
      const response = await ask("/generations", {method: "POST", headers: {"content-type": "application/json"}, body, signal});
      for await (const {event, data} of readEvents(response)) {
        if (event === "token" || event === "wave") onNews(data as GenerationNews);
        if (event === "end") return data as GenerationResult;
        if (event === "fault") throw new Error((data as {error: string}).error);
      }
      throw new Error("the server ended before the text did");
    }
  }) satisfies Partial<Source>;

/** What is asked of experiments. */
const experimentPart = ({ask, json, send}: Transport) =>
  ({
    experiments: (signal) => json("/experiments", {signal}),
    experiment: (experiment, signal) => json(`/experiments/${of(experiment)}`, {signal}),
    experimentOverview: (experiment, signal) => json(`/experiments/${of(experiment)}/overview`, {signal}),
    promptRows: async (experiment, from, signal) =>
      (await json<{prompts: PromptRow[]}>(`/experiments/${of(experiment)}/prompts${queryOf({from})}`, {signal})).prompts,
    promptResult: async (experiment, prompt, signal) =>
      (await json<{prompts: PromptResult[]}>(`/experiments/${of(experiment)}/results${queryOf({from: prompt, count: 1})}`, {signal}))
        .prompts[0],
    promptRun: (experiment, prompt) => send("POST", `/experiments/${of(experiment)}/prompts/${prompt}/run`),
    startExperiment: ({options, ...order}) => send("POST", "/experiments", {...order, ...options}),
    cancelExperiment: (experiment) => send("DELETE", `/experiments/${of(experiment)}`),
    resumeExperiment: (experiment) => send("POST", `/experiments/${of(experiment)}/resume`),
    removeExperiment: async (experiment) => void (await ask(`/experiments/${of(experiment)}/remove`, {method: "POST"})),
    restoreExperiment: (experiment) => send("POST", `/experiments/${of(experiment)}/restore`)
  }) satisfies Partial<Source>;

/** What is asked of evaluations. */
const evaluationPart = ({ask, json, send}: Transport) =>
  ({
    tasks: async (signal) => (await json<{tasks: TaskSummary[]}>("/tasks", {signal})).tasks,
    evaluations: (signal) => json("/evaluations", {signal}),
    evaluation: (evaluation, signal) => json(`/evaluations/${of(evaluation)}`, {signal}),
    evaluationSummary: (evaluation, signal) => json(`/evaluations/${of(evaluation)}/summary`, {signal}),
    evaluationItems: async (evaluation, from, signal) =>
      (await json<{items: EvalRow[]}>(`/evaluations/${of(evaluation)}/items${queryOf({from, count: 2000})}`, {signal})).items,
    evaluationCost: (order, signal) => send("POST", "/evaluations/cost", order, signal),
    startEvaluation: (order) => send("POST", "/evaluations", order),
    cancelEvaluation: (evaluation) => send("DELETE", `/evaluations/${of(evaluation)}`),
    resumeEvaluation: (evaluation) => send("POST", `/evaluations/${of(evaluation)}/resume`),
    removeEvaluation: async (evaluation) => void (await ask(`/evaluations/${of(evaluation)}/remove`, {method: "POST"})),
    restoreEvaluation: (evaluation) => send("POST", `/evaluations/${of(evaluation)}/restore`)
  }) satisfies Partial<Source>;

/** What is asked of training runs. */
const trainingPart = ({json, send}: Transport) =>
  ({
    trainings: (signal) => json("/trainings", {signal}),
    training: (training, signal) => json(`/trainings/${of(training)}`, {signal}),
    trainingLog: async (training, after, signal) =>
      (await json<{lines: LogLine[]}>(`/trainings/${of(training)}/log${queryOf({after})}`, {signal})).lines,
    trainingProbes: (training, signal) => json(`/trainings/${of(training)}/probes`, {signal}),
    saveRun: (training, update) => send("POST", `/trainings/${of(training)}/saves/${update}/run`),
    recipes: (signal) => json("/recipes", {signal}),
    startTraining: (order) => send("POST", "/trainings", order),
    cancelTraining: (training) => send("DELETE", `/trainings/${of(training)}`),
    resumeTraining: (training) => send("POST", `/trainings/${of(training)}/resume`)
  }) satisfies Partial<Source>;

/** What is asked of censuses. */
const censusPart = ({ask, json, send, tensors}: Transport) =>
  ({
    censuses: (signal) => json("/censuses", {signal}),
    census: (census, signal) => json(`/censuses/${of(census)}`, {signal}),
    censusInterim: (census, signal) => json(`/censuses/${of(census)}/interim`, {signal}),
    censusRows: (census, query, signal) => json(`/censuses/${of(census)}/rows${queryOf(query)}`, {signal}),
    censusPrompt: async (census, prompt, signal) =>
      (await json<{prompt: string}>(`/censuses/${of(census)}/prompts/${prompt}`, {signal})).prompt,
    censusPicture: (census, query, signal) => tensors(`/censuses/${of(census)}/picture${queryOf(query)}`, signal),
    censusPath: (census, {prompt, ...place}, signal) => json(`/censuses/${of(census)}/prompts/${prompt}/path${queryOf(place)}`, {signal}),
    workers: (signal) => json("/workers", {signal}),
    censusComparison: (census, other, signal) => json(`/censuses/${of(census)}/comparison${queryOf({with: other})}`, {signal}),
    censusCost: (order, signal) => send("POST", "/censuses/cost", order, signal),
    startCensus: (order) => send("POST", "/censuses", order),
    cancelCensus: (census) => send("POST", `/censuses/${of(census)}/cancel`),
    resumeCensus: (census) => send("POST", `/censuses/${of(census)}/resume`),
    removeCensus: async (census) => void (await ask(`/censuses/${of(census)}`, {method: "DELETE"})),
    restoreCensus: (census) => send("POST", `/censuses/${of(census)}/restore`)
  }) satisfies Partial<Source>;

function queryOf(query: Readonly<Record<string, string | number | undefined>>): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encoded(String(value))}`);
  return parts.length ? `?${parts.join("&")}` : "";
}
