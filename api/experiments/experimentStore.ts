import {EventEmitter} from "node:events";
import {readdir, stat} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {errorLine} from "../../capture/errorLine.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {experimentOptions, experimentPromptSchema} from "../contract/experimentSchemas.ts";
import {nameSchema, type Experiment, type ExperimentList} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";
import {folderBytes} from "../files/folderBytes.ts";
import type {Owner} from "../queue/fairPlace.ts";
import type {Lease, Queue, Ticket} from "../queue/queue.ts";
import {readExperiment, SPEC_FILE, type ExperimentState} from "./experimentFolder.ts";
import {createExperimentRunner, type ExperimentEnd} from "./experimentRunner.ts";

/** Experiments by name: those that run or wait here, one at a time, and those that lie in the folder. */
export interface ExperimentStore {
  /** Puts an experiment in the queue, new or to be gone on with. */
  start(experiment: NewExperiment): Promise<Experiment>;
  list(): Promise<ExperimentList>;
  /** Those that were started here, without a look into the folder. */
  known(): Experiment[];
  /** Throws a 404 HttpError that names the experiment. */
  get(id: string): Promise<Experiment>;
  /** What its folder says; throws a 404 HttpError where there is none yet. */
  read(id: string): Promise<ExperimentState & {readonly dir: string}>;
  /** Whether it has a folder. */
  isBegun(id: string): Promise<boolean>;
  /** What the experiments of somebody take on the disk. */
  bytesOf(owner: string): Promise<number>;
  /** Cancels one that waits or runs, and answers when it is over; another stays as it is. */
  cancel(id: string): Promise<Experiment>;
  /** Calls `listener` with an experiment whenever it changes; answers with the function that stops it. */
  watch(listener: (experiment: Experiment) => void): () => void;
  /** Cancels what runs, and answers when it is over; what waits goes on waiting, for the next process too. */
  close(): Promise<void>;
}

/** What waits: the model by its name, whose folder is looked up when the turn comes. */
export const experimentOrderSchema = z.object({
  model: z.string(),
  title: z.string(),
  prompts: z.array(experimentPromptSchema),
  options: z.object(experimentOptions),
  created: z.string()
});
export type ExperimentOrder = z.infer<typeof experimentOrderSchema>;

export interface NewExperiment extends ExperimentOrder {
  readonly id: string;
  /** Who asked for it; null where nobody has a name. */
  readonly owner: Owner;
}

interface ExperimentStoreParts {
  readonly queue: Queue<ExperimentOrder, ExperimentEnd>;
  /** The folder of a model. */
  readonly modelOf: (name: string) => Promise<string>;
  readonly log?: (line: string) => void;
}

const MAX_WAITING = 100;
const RETRY_MS = 1000; // after the queue itself failed

export function createExperimentStore(root: string, {queue, modelOf, log = () => {}}: ExperimentStoreParts): ExperimentStore {
  const known = new Map<string, Experiment>();
  const running = new Map<string, AbortController>();
  const runner = createExperimentRunner({log});
  const changes = new EventEmitter().setMaxListeners(0);
  const closing = new AbortController();

  function change(id: string, changed: Partial<Experiment>): void {
    const experiment = {...known.get(id)!, ...changed};
    known.set(id, experiment);
    changes.emit("experiment", experiment);
  }

  queue.watch((event) => {
    if (event.type === "over") return;
    for (const ticket of queue.waiting()) if (known.get(ticket.id)?.status !== "queued") known.set(ticket.id, experimentOf(ticket));
  });

  function experimentOf({id, owner, order: {model, title, prompts, options, created}}: Ticket<ExperimentOrder>): Experiment {
    const {steps, inits} = options;
    const finished = known.get(id)?.finished ?? 0;
    return {
      id,
      title,
      owner,
      model,
      status: "queued",
      finished,
      prompts: prompts.length,
      steps,
      inits,
      seconds_left: null,
      error: null,
      created
    };
  }

  async function perform(lease: Lease<ExperimentOrder, ExperimentEnd>): Promise<void> {
    const {id} = lease;
    const abort = new AbortController();
    running.set(id, abort);
    change(id, {status: "running"});
    const end = await run(lease, abort.signal);
    running.delete(id);
    if (closing.signal.aborted && end.status === "cancelled" && !(await isBegun(id))) return lease.release(); // it waits for the next process
    await lease.finish(end);
    change(id, {...end, seconds_left: null});
  }

  async function run({id, owner, order}: Lease<ExperimentOrder, ExperimentEnd>, signal: AbortSignal): Promise<ExperimentEnd> {
    try {
      const {created: _, ...request} = {...order, model: await modelOf(order.model), ...(owner !== null && {owner})};
      return await runner.run(
        {dir: folderOf(id), request},
        {signal, onProgress: (finished, secondsLeft) => change(id, {finished, seconds_left: secondsLeft})}
      );
    } catch (error) {
      return {status: "failed", error: errorLine(error)};
    }
  }

  async function work(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await perform(await queue.take(closing.signal));
      } catch (error) {
        if (closing.signal.aborted) return;
        log(errorLine(error));
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  function folderOf(id: string): string {
    if (!nameSchema.safeParse(id).success) throw new HttpError(404, `unknown experiment: ${id.slice(0, 128)}`);
    return join(root, id);
  }

  const isBegun = (id: string): Promise<boolean> =>
    stat(join(folderOf(id), SPEC_FILE)).then(
      (found) => found.isFile(),
      () => false
    );

  async function read(id: string): Promise<ExperimentState & {dir: string}> {
    const dir = folderOf(id);
    if (!(await isBegun(id))) throw new HttpError(404, `unknown experiment: ${id}`);
    return {...(await readExperiment(dir)), dir};
  }

  async function fromFolder(id: string): Promise<Experiment> {
    const {spec, finished, live, summary} = await read(id);
    const status = summary ? "complete" : live ? "running" : "partial";
    return {
      id,
      title: spec.title,
      owner: spec.owner ?? null,
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

  const get = async (id: string): Promise<Experiment> => known.get(id) ?? fromFolder(id);

  /** Resolves when one that runs is over. */
  function isOver(id: string): Promise<void> {
    return new Promise((resolve) => {
      const listener = (experiment: Experiment) => {
        if (experiment.id !== id || experiment.status === "running") return;
        changes.off("experiment", listener);
        resolve();
      };
      changes.on("experiment", listener);
    });
  }

  const working = work();

  return {
    get,
    read,
    isBegun,
    async start({id, owner, ...order}) {
      if (queue.waiting().length >= MAX_WAITING) throw new HttpError(429, `too many experiments: ${MAX_WAITING} wait already`);
      const before = known.get(id);
      if (before && (before.status === "queued" || before.status === "running"))
        throw new HttpError(409, `experiment ${id} is ${before.status} already`);
      known.set(id, experimentOf({id, owner, order}));
      try {
        await queue.add({id, owner, order});
      } catch (error) {
        if (before) known.set(id, before);
        else known.delete(id);
        throw error;
      }
      changes.emit("experiment", known.get(id));
      return known.get(id)!;
    },
    known: () => [...known.values()],
    async list() {
      const names = await ifThere(readdir(root), []);
      const ids = [...new Set([...known.keys(), ...names.filter((name) => nameSchema.safeParse(name).success)])].sort().reverse(); // names begin with the time
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
    async bytesOf(owner) {
      let sum = 0;
      for (const name of (await ifThere(readdir(root), [])).filter((one) => nameSchema.safeParse(one).success)) {
        const found = await get(name).catch(() => undefined); // one that cannot be read is nobody's
        if (found?.owner === owner) sum += await folderBytes(join(root, name));
      }
      return sum;
    },
    async cancel(id) {
      if (await queue.remove(id)) change(id, {status: "cancelled"});
      else if (running.has(id)) {
        const over = isOver(id);
        running.get(id)!.abort(new Error("cancelled"));
        await over;
      }
      return get(id);
    },
    watch(listener) {
      changes.on("experiment", listener);
      return () => changes.off("experiment", listener);
    },
    async close() {
      closing.abort(new Error("the server is closing"));
      for (const abort of running.values()) abort.abort(new Error("cancelled"));
      await working;
      await runner.close();
    }
  };
}
