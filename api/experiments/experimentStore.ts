import {EventEmitter} from "node:events";
import {readdir, stat} from "node:fs/promises";
import {join} from "node:path";
import {errorLine} from "../../capture/errorLine.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {nameSchema, type Experiment, type ExperimentList} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";
import type {ExperimentRequest} from "./experiment.ts";
import {readExperiment, type ExperimentState} from "./experimentFolder.ts";
import {createExperimentRunner} from "./experimentRunner.ts";

/** Experiments by name: those that run or wait here, one at a time, and those that lie in the folder. */
export interface ExperimentStore {
  /** Puts an experiment in the queue, new or to be gone on with. */
  start(id: string, request: ExperimentRequest, created: string): Experiment;
  list(): Promise<ExperimentList>;
  /** Those that were started here, without a look into the folder. */
  known(): Experiment[];
  /** Throws a 404 HttpError that names the experiment. */
  get(id: string): Promise<Experiment>;
  /** What its folder says; throws a 404 HttpError where there is none yet. */
  read(id: string): Promise<ExperimentState & {readonly dir: string}>;
  /** Cancels one that waits or runs, and answers when it is over; another stays as it is. */
  cancel(id: string): Promise<Experiment>;
  /** Calls `listener` with an experiment whenever it changes; answers with the function that stops it. */
  watch(listener: (experiment: Experiment) => void): () => void;
  /** Cancels everything, and answers when it is over. */
  close(): Promise<void>;
}

interface Entry {
  experiment: Experiment;
  readonly request: ExperimentRequest;
  readonly abort: AbortController;
  /** Resolves when it is over. */
  readonly over: Promise<void>;
  readonly settle: () => void;
}

const MAX_WAITING = 100;

export function createExperimentStore(root: string, {log = () => {}}: {readonly log?: (line: string) => void} = {}): ExperimentStore {
  const entries = new Map<string, Entry>();
  const waiting: Entry[] = [];
  const runner = createExperimentRunner({log});
  const changes = new EventEmitter().setMaxListeners(0);
  let working: Promise<void> | undefined;

  function change(entry: Entry, changed: Partial<Experiment>): void {
    entry.experiment = {...entry.experiment, ...changed};
    changes.emit("experiment", entry.experiment);
  }

  async function work(): Promise<void> {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      const {request, abort, settle} = entry;
      const current = entry;
      change(current, {status: "running"});
      const end = await runner.run(
        {dir: folderOf(current.experiment.id), request: {...request, prompts: [...request.prompts]}},
        {signal: abort.signal, onProgress: (finished, secondsLeft) => change(current, {finished, seconds_left: secondsLeft})}
      );
      change(current, {...end, seconds_left: null});
      settle();
    }
    working = undefined;
  }

  function folderOf(id: string): string {
    if (!nameSchema.safeParse(id).success) throw new HttpError(404, `unknown experiment: ${id.slice(0, 128)}`);
    return join(root, id);
  }

  async function read(id: string): Promise<ExperimentState & {dir: string}> {
    const dir = folderOf(id);
    if (
      !(await stat(join(dir, "spec.json")).then(
        (found) => found.isFile(),
        () => false
      ))
    )
      throw new HttpError(404, `unknown experiment: ${id}`);
    return {...(await readExperiment(dir)), dir};
  }

  async function fromFolder(id: string): Promise<Experiment> {
    const {spec, finished, live, summary} = await read(id);
    const status = summary ? "complete" : live ? "running" : "partial";
    return {
      id,
      title: spec.title,
      model: spec.model.name,
      status,
      finished,
      prompts: spec.prompts.count,
      steps: spec.steps,
      inits: spec.inits,
      seconds_left: null,
      error: null,
      created: spec.created
    };
  }

  const get = async (id: string): Promise<Experiment> => entries.get(id)?.experiment ?? fromFolder(id);

  async function end(entry: Entry): Promise<void> {
    const place = waiting.indexOf(entry);
    if (place >= 0) {
      waiting.splice(place, 1);
      change(entry, {status: "cancelled"});
      entry.settle();
    } else entry.abort.abort(new Error("cancelled"));
    await entry.over;
  }

  return {
    get,
    read,
    start(id, request, created) {
      if (waiting.length >= MAX_WAITING) throw new HttpError(429, `too many experiments: ${MAX_WAITING} wait already`);
      const before = entries.get(id)?.experiment;
      if (before && (before.status === "queued" || before.status === "running"))
        throw new HttpError(409, `experiment ${id} is ${before.status} already`);
      const {steps, inits} = request.options;
      const experiment: Experiment = {
        id,
        title: request.title,
        model: request.model.split("/").at(-1)!,
        status: "queued",
        finished: before?.finished ?? 0,
        prompts: request.prompts.length,
        steps,
        inits,
        seconds_left: null,
        error: null,
        created
      };
      let settle = () => {};
      const over = new Promise<void>((resolve) => (settle = resolve));
      const entry: Entry = {experiment, request, abort: new AbortController(), over, settle};
      entries.set(id, entry);
      waiting.push(entry);
      changes.emit("experiment", experiment);
      working ??= work();
      return entry.experiment;
    },
    known: () => [...entries.values()].map(({experiment}) => experiment),
    async list() {
      const names = await ifThere(readdir(root), []);
      const ids = [...new Set([...entries.keys(), ...names.filter((name) => nameSchema.safeParse(name).success)])].sort().reverse(); // names begin with the time
      const experiments: Experiment[] = [];
      const broken: ExperimentList["broken"] = [];
      for (const id of ids) {
        try {
          experiments.push(await get(id));
        } catch (error) {
          broken.push({id, error: errorLine(error)});
        }
      }
      return {experiments, broken};
    },
    async cancel(id) {
      const entry = entries.get(id);
      if (entry && (entry.experiment.status === "queued" || entry.experiment.status === "running")) await end(entry);
      return get(id);
    },
    watch(listener) {
      changes.on("experiment", listener);
      return () => changes.off("experiment", listener);
    },
    async close() {
      await Promise.all(
        [...entries.values()].filter(({experiment}) => experiment.status === "queued" || experiment.status === "running").map(end)
      );
      await working;
      await runner.close();
    }
  };
}
