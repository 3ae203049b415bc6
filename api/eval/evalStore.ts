import {z} from "zod";
import {isFolderThere} from "../../capture/trace/ifThere.ts";
import type {Evaluation, EvaluationList} from "../contract/contract.ts";
import {settingSchema, type EvalSpec} from "../contract/evalSchemas.ts";
import {HttpError} from "../contract/httpError.ts";
import {createFolderJobs, type FolderJobs} from "../queue/folderJobs.ts";
import {createJobTrash, type JobTrash} from "../queue/jobTrash.ts";
import {COORDINATORS, createJobRunner, type JobEnd} from "../queue/jobRunner.ts";
import type {Queue, Ticket} from "../queue/queue.ts";
import {oneOfEachModel} from "../queue/room.ts";
import {readEvalSpec, readEvalState} from "./evalFolder.ts";
import type {EvalTask} from "./evalProcess.ts";

/** Evaluations by name; each has its folder from before it waits, so that a server that comes after goes on with what waited and what ran. */
export interface EvalStore extends Omit<FolderJobs<EvalOrder, Evaluation>, "list">, JobTrash<Evaluation> {
  list(): Promise<EvaluationList>;
  /** The folder of one that is there; throws a 404 HttpError that names another. */
  find(id: string): Promise<string>;
}

/** What waits: its folder says the rest. */
export const evalOrderSchema = z.object({
  model: z.string(),
  title: z.string(),
  items: z.number().int(),
  settings: z.array(settingSchema),
  created: z.string()
});
export type EvalOrder = z.infer<typeof evalOrderSchema>;

interface EvalStoreParts {
  readonly queue: Queue<EvalOrder, JobEnd>;
  /** The address of the queue whose workers do the parts; they are done here where it is left out. */
  readonly sharedQueue?: string;
  /** The folder of a model. */
  readonly modelOf: (name: string) => Promise<string>;
  readonly log?: (line: string) => void;
}

export function createEvalStore(root: string, {queue, sharedQueue, modelOf, log}: EvalStoreParts): EvalStore {
  const runner = createJobRunner<EvalTask>(new URL("evalProcess.ts", import.meta.url), {
    name: "evaluation's process",
    parts: "items",
    processes: sharedQueue === undefined ? 1 : COORDINATORS,
    log
  });
  const jobs: FolderJobs<EvalOrder, Evaluation> = createFolderJobs(root, {
    noun: "evaluation",
    queue,
    room: sharedQueue === undefined ? undefined : oneOfEachModel,
    jobOf,
    readJob,
    run: async ({id, order}, options) => runner.run({dir: await find(id), model: await modelOf(order.model), queue: sharedQueue}, options),
    goesOn: async () => true,
    log
  });

  async function find(id: string): Promise<string> {
    const dir = jobs.folderOf(id);
    if (!(await isFolderThere(dir))) throw new HttpError(404, `unknown evaluation: ${id}`);
    return dir;
  }

  async function readJob(id: string): Promise<Evaluation> {
    const {spec, finished, live} = await readEvalState(await find(id));
    const status = live ? "running" : finished === spec.items.count ? "complete" : "partial";
    return {...jobOf({id, owner: spec.owner, order: orderOf(spec)}, finished), status};
  }

  return {
    ...jobs,
    ...createJobTrash(root, {noun: "evaluation", jobs, get: jobs.get, readJob, ownerIn: async (dir) => (await readEvalSpec(dir)).owner}),
    find,
    async list() {
      const {jobs: evaluations, broken} = await jobs.list();
      return {evaluations, broken};
    },
    async close() {
      await Promise.all([runner.close(), jobs.close()]); // the first one gives what runs the time to come to a good end
    }
  };
}

/** What is put in the queue of an evaluation whose folder says this. */
export const orderOf = ({title, model, items, settings, created}: EvalSpec): EvalOrder => ({
  model: model.name,
  title: title ?? "evaluation",
  items: items.count,
  settings,
  created
});

const jobOf = ({id, owner, order}: Ticket<EvalOrder>, finished: number): Evaluation => ({
  ...order,
  id,
  owner,
  status: "queued",
  finished,
  seconds_left: null,
  error: null
});
