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
  ModelSummary,
  PromptResult,
  PromptRow,
  TaskSummary
} from "../../api/contract/contract.ts";
import type {EvalExport} from "../../api/contract/choices.ts";
import {readEvents} from "./readEvents.ts";
import {eventStream} from "./eventStream.ts";
import {parseSafetensors} from "./safetensors.ts";
import type {Source} from "./Source.ts";

/** The server refused or failed: its one line, and the status. */
export class ServerError extends Error {
  override name = "ServerError";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const API = "./api"; // beside the page, wherever a proxy has put it

/** Where the browser fetches files that are kept. */
export const reportAddress = (run: string): string => `${API}/runs/${encoded(run)}/report`;
export const exportAddress = (run: string, format: ExportFormat): string => `${API}/runs/${encoded(run)}/export?format=${format}`;
export const censusReportAddress = (census: string): string => `${API}/censuses/${encoded(census)}/report`;
export const experimentReportAddress = (experiment: string): string => `${API}/experiments/${encoded(experiment)}/report`;
export const evaluationAddress = (evaluation: string, format: EvalExport): string =>
  `${API}/evaluations/${encoded(evaluation)}/export?format=${format}`;

/** The server over HTTP: JSON, and safetensors for numbers. */
export function httpSource({
  base = API,
  fetch = globalThis.fetch.bind(globalThis)
}: {
  base?: string;
  fetch?: typeof globalThis.fetch;
} = {}): Source {
  const ask = async (path: string, options: RequestInit = {}): Promise<Response> => {
    const response = await fetch(`${base}${path}`, options);
    if (!response.ok) throw await refusalOf(response);
    return response;
  };
  const json = async <T>(path: string, options?: RequestInit): Promise<T> => (await (await ask(path, options)).json()) as T;
  const send = <T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> =>
    json<T>(path, {method, signal, ...(body !== undefined && {headers: {"content-type": "application/json"}, body: JSON.stringify(body)})});
  const words = async (path: string, body: unknown, signal?: AbortSignal) =>
    (await send<{tokens: {id: number; text: string}[]}>("POST", path, body, signal)).tokens;
  const tensors = async (path: string, signal?: AbortSignal) => parseSafetensors(await (await ask(path, {signal})).arrayBuffer());
  const of = encoded;

  return {
    info: (signal) => json("/info", {signal}),
    runs: (signal) => json("/runs", {signal}),
    run: (run, signal) => json(`/runs/${of(run)}`, {signal}),
    change: (run, change) => send("PATCH", `/runs/${of(run)}`, change),
    remove: async (run) => void (await ask(`/runs/${of(run)}`, {method: "DELETE"})),
    restore: (run) => send("POST", `/runs/${of(run)}/restore`),
    metrics: (run, site, range, signal) => tensors(`/runs/${of(run)}/metrics${queryOf({site, ...range})}`, signal),
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
    labels: (run, signal) => json(`/runs/${of(run)}/labels`, {signal}),
    upload: async (upload, file, signal) =>
      void (await ask(`/uploads/${of(upload)}/${of(file.name)}`, {
        method: "PUT",
        headers: {"content-type": "application/octet-stream"},
        body: file,
        signal
      })),
    importRuns: (request) => send("POST", "/imports", request),
    methods: (signal) => json("/methods", {signal}),
    models: async (signal) => (await json<{models: ModelSummary[]}>("/models", {signal})).models,
    texts: async (run, signal) => (await json<{texts: Record<string, string>}>(`/runs/${of(run)}/texts`, {signal})).texts,
    words: (model, ids, signal) => words(`/models/${of(model)}/words`, {ids}, signal),
    tokenise: (model, prompt, signal) => words(`/models/${of(model)}/tokens`, {prompt}, signal),
    censuses: (signal) => json("/censuses", {signal}),
    census: (census, signal) => json(`/censuses/${of(census)}`, {signal}),
    censusRows: (census, query, signal) => json(`/censuses/${of(census)}/rows${queryOf(query)}`, {signal}),
    censusPrompt: async (census, prompt, signal) =>
      (await json<{prompt: string}>(`/censuses/${of(census)}/prompts/${prompt}`, {signal})).prompt,
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
    jobs: async (signal) => (await json<{jobs: Job[]}>("/captures", {signal})).jobs,
    capture: (order) => send("POST", "/captures", order),
    generate: async (order, {signal, onNews}) => {
      const body = JSON.stringify(order);
      const response = await ask("/generations", {method: "POST", headers: {"content-type": "application/json"}, body, signal});
      for await (const {event, data} of readEvents(response)) {
        if (event === "token" || event === "wave") onNews(data as GenerationNews);
        if (event === "end") return data as GenerationResult;
        if (event === "fault") throw new Error((data as {error: string}).error);
      }
      throw new Error("the server ended before the text did");
    },
    move: (job, position) => send("PATCH", `/captures/${of(job)}`, {position}),
    cancel: (job) => send("DELETE", `/captures/${of(job)}`),
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
    censusComparison: (census, other, signal) => json(`/censuses/${of(census)}/comparison${queryOf({with: other})}`, {signal}),
    censusCost: (order, signal) => send("POST", "/censuses/cost", order, signal),
    startCensus: (order) => send("POST", "/censuses", order),
    cancelCensus: (census) => send("POST", `/censuses/${of(census)}/cancel`),
    resumeCensus: (census) => send("POST", `/censuses/${of(census)}/resume`),
    removeCensus: async (census) => void (await ask(`/censuses/${of(census)}`, {method: "DELETE"})),
    restoreCensus: (census) => send("POST", `/censuses/${of(census)}/restore`),
    watch: ({job, experiment, evaluation, census, online}) =>
      eventStream(`${base}/events`, {
        receive: {
          job: (data) => job(JSON.parse(data) as Job),
          experiment: (data) => experiment(JSON.parse(data) as Experiment),
          evaluation: (data) => evaluation(JSON.parse(data) as Evaluation),
          census: (data) => census(JSON.parse(data) as CensusEntry)
        },
        online
      })
  };
}

function queryOf(query: Readonly<Record<string, string | number | undefined>>): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encoded(String(value))}`);
  return parts.length ? `?${parts.join("&")}` : "";
}

/** What a refusing answer says. */
export const refusalOf = async (response: Response): Promise<ServerError> => new ServerError(response.status, await messageOf(response));

async function messageOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as {error?: unknown};
    if (typeof body.error === "string") return body.error;
  } catch {
    // not JSON: something between the page and the server answered
    return `${response.status} ${response.statusText || text.slice(0, 200)}`;
  }
  return `${response.status} ${response.statusText}`;
}
