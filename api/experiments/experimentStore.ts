import {join} from "node:path";
import {z} from "zod";
import {isFileThere} from "../../capture/trace/ifThere.ts";
import {experimentOptions, experimentPromptSchema} from "../contract/experimentSchemas.ts";
import type {Experiment, ExperimentList} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";
import {createFolderJobs, type FolderJobs} from "../queue/folderJobs.ts";
import {createJobTrash, type JobTrash} from "../queue/jobTrash.ts";
import {COORDINATORS, createJobRunner, type JobEnd} from "../queue/jobRunner.ts";
import type {Queue, Ticket} from "../queue/queue.ts";
import {oneOfEachModel} from "../queue/room.ts";
import {readExperiment, SPEC_FILE, type ExperimentState} from "./experimentFolder.ts";
import type {ExperimentTask} from "./experimentProcess.ts";

/** Experiments by name. */
export interface ExperimentStore extends Omit<FolderJobs<ExperimentOrder, Experiment>, "list" | "folderOf">, JobTrash<Experiment> {
  list(): Promise<ExperimentList>;
  /** What its folder says; throws a 404 HttpError where there is none yet. */
  read(id: string): Promise<ExperimentState & {readonly dir: string}>;
  /** Whether it has a folder. */
  isBegun(id: string): Promise<boolean>;
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

interface ExperimentStoreParts {
  readonly queue: Queue<ExperimentOrder, JobEnd>;
  /** The address of the queue whose workers do the parts; they are done here where it is left out. */
  readonly sharedQueue?: string;
  /** The folder of a model. */
  readonly modelOf: (name: string) => Promise<string>;
  readonly log?: (line: string) => void;
}

export function createExperimentStore(root: string, {queue, sharedQueue, modelOf, log}: ExperimentStoreParts): ExperimentStore {
  const runner = createJobRunner<ExperimentTask>(new URL("experimentProcess.ts", import.meta.url), {
    name: "experiment's process",
    parts: "prompts",
    processes: sharedQueue === undefined ? 1 : COORDINATORS,
    log
  });
  const jobs: FolderJobs<ExperimentOrder, Experiment> = createFolderJobs(root, {
    noun: "experiment",
    queue,
    room: sharedQueue === undefined ? undefined : oneOfEachModel,
    jobOf,
    readJob,
    async run({id, owner, order: {created: _, ...order}}, options) {
      const request = {...order, model: await modelOf(order.model), ...(owner !== null && {owner})};
      return runner.run({dir: jobs.folderOf(id), request, queue: sharedQueue}, options);
    },
    goesOn: async (id) => !(await isBegun(id)),
    log
  });

  const isBegun = (id: string): Promise<boolean> => isFileThere(join(jobs.folderOf(id), SPEC_FILE));

  async function read(id: string): Promise<ExperimentState & {dir: string}> {
    const dir = jobs.folderOf(id);
    if (!(await isBegun(id))) throw new HttpError(404, `unknown experiment: ${id}`);
    return {...(await readExperiment(dir)), dir};
  }

  async function readJob(id: string): Promise<Experiment> {
    return jobIn(id, await read(id));
  }

  const ownerIn = async (dir: string) => (await readExperiment(dir)).spec.owner ?? null;
  return {
    ...jobs,
    ...createJobTrash(root, {noun: "experiment", jobs, get: jobs.get, readJob, ownerIn}),
    read,
    isBegun,
    async list() {
      const {jobs: experiments, broken} = await jobs.list();
      return {experiments, broken};
    },
    async close() {
      await Promise.all([runner.close(), jobs.close()]); // the first one gives what runs the time to come to a good end
    }
  };
}

/** What a folder that is there says of its job. */
const jobIn = (id: string, {spec, finished, live, summary}: ExperimentState): Experiment => ({
  id,
  title: spec.title,
  owner: spec.owner ?? null,
  model: spec.model.name,
  status: summary ? "complete" : live ? "running" : "partial",
  finished,
  prompts: spec.prompts.count,
  steps: spec.steps,
  inits: spec.inits,
  seconds_left: null,
  error: null,
  created: spec.created
});

function jobOf({id, owner, order: {model, title, prompts, options, created}}: Ticket<ExperimentOrder>, finished: number): Experiment {
  const {steps, inits} = options;
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
