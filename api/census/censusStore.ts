import {z} from "zod";
import {errorLine} from "../../capture/errorLine.ts";
import {isFolderThere} from "../../capture/trace/ifThere.ts";
import {holderOf} from "../../capture/trace/lease.ts";
import type {CensusDetails, CensusEntry, CensusList} from "../contract/censusAnswers.ts";
import type {CensusManifest, CensusSummary} from "../contract/censusSchemas.ts";
import {HttpError} from "../contract/httpError.ts";
import {createFolderJobs, type FolderJobs} from "../queue/folderJobs.ts";
import {createJobTrash, type JobTrash} from "../queue/jobTrash.ts";
import {COORDINATORS, createJobRunner, type JobEnd} from "../queue/jobRunner.ts";
import type {Queue, Ticket} from "../queue/queue.ts";
import {oneOfEachModel} from "../queue/room.ts";
import {coordinatorFile, doneShards, readManifest, summaryIn, withoutFolder} from "./censusFolder.ts";
import type {CensusTask} from "./censusProcess.ts";

/** Censuses by name: those of the folder, whoever made them, and those that wait and run here. */
export interface CensusStore extends Omit<FolderJobs<CensusOrder, CensusEntry>, "list">, JobTrash<CensusEntry> {
  /** Newest first; what cannot be read is told by name. */
  list(): Promise<CensusList>;
  read(id: string): Promise<CensusDetails>;
  /** The folder of one that is there; throws a 404 HttpError that names another. */
  find(id: string): Promise<string>;
}

/** What waits: its folder says the rest. */
export const censusOrderSchema = z.object({
  model: z.string(),
  title: z.string(),
  prompts: z.number().int(),
  steps: z.number().int(),
  inits: z.number().int(),
  created: z.string()
});
export type CensusOrder = z.infer<typeof censusOrderSchema>;

interface CensusStoreParts {
  readonly queue: Queue<CensusOrder, JobEnd>;
  /** The address of the queue whose workers make the shards; they are made here where it is left out. */
  readonly sharedQueue?: string;
  /** Where workers put runs; finished censuses are put there, too. */
  readonly results?: string;
  /** The folder of a model. */
  readonly modelOf: (name: string) => Promise<string>;
  readonly log?: (line: string) => void;
}

export function createCensusStore(root: string, {queue, sharedQueue, results, modelOf, log}: CensusStoreParts): CensusStore {
  const runner = createJobRunner<CensusTask>(new URL("censusProcess.ts", import.meta.url), {
    name: "census's process",
    parts: "shards",
    processes: sharedQueue === undefined ? 1 : COORDINATORS,
    log
  });
  const jobs: FolderJobs<CensusOrder, CensusEntry> = createFolderJobs(root, {
    noun: "census",
    plural: "censuses",
    queue,
    room: sharedQueue === undefined ? undefined : oneOfEachModel,
    jobOf,
    readJob,
    run: async ({id, order}, options) =>
      runner.run({dir: await find(id), model: await modelOf(order.model), queue: sharedQueue, results}, options),
    goesOn: async () => true,
    log
  });

  async function find(id: string): Promise<string> {
    const dir = jobs.folderOf(id);
    if (!(await isFolderThere(dir))) throw new HttpError(404, `unknown census: ${id}`);
    return dir;
  }

  async function readJob(id: string): Promise<CensusEntry> {
    const dir = await find(id);
    const manifest = await readManifest(dir);
    const summary = await summaryIn(dir);
    const finished = summary ? manifest.prompts.count : Math.min(manifest.prompts.count, (await doneShards(dir)).size * manifest.shard);
    const status = summary ? "complete" : (await holderOf(coordinatorFile(dir))) ? "running" : "partial";
    return {...jobOf({id, owner: manifest.owner, order: orderOf(manifest)}, finished), status, counts: summary ? countsOf(summary) : null};
  }

  /** What was told while it ran knows no counts. */
  async function counted(entry: CensusEntry): Promise<CensusEntry> {
    if (entry.status !== "complete" || entry.counts) return entry;
    return {...entry, counts: (await readJob(entry.id)).counts};
  }
  const get = async (id: string): Promise<CensusEntry> => counted(await jobs.get(id));

  return {
    ...jobs,
    ...createJobTrash(root, {noun: "census", jobs, get: jobs.get, readJob, ownerIn: async (dir) => (await readManifest(dir)).owner}),
    get,
    find,
    async read(id) {
      const dir = await find(id);
      const manifest = withoutFolder(await readManifest(dir));
      const summary = (await summaryIn(dir)) ?? null;
      return {census: await get(id), manifest, summary};
    },
    async list() {
      const {jobs: found, broken} = await jobs.list();
      const censuses: CensusEntry[] = [];
      for (const entry of found)
        await counted(entry).then(
          (whole) => censuses.push(whole),
          (error: unknown) => broken.push({id: entry.id, error: errorLine(error)})
        );
      return {censuses: censuses.sort((a, b) => (a.created < b.created ? 1 : -1)), broken};
    },
    async close() {
      await Promise.all([runner.close(), jobs.close()]); // the first one gives what runs the time to come to a good end
    }
  };
}

const countsOf = ({labels}: CensusSummary): CensusEntry["counts"] =>
  Object.fromEntries(Object.entries(labels).map(([label, {count}]) => [label, count]));

/** What is put in the queue of a census whose folder says this. */
export const orderOf = ({title, model, prompts, steps, inits, created}: CensusManifest): CensusOrder => ({
  model: model.name,
  title: title ?? "census",
  prompts: prompts.count,
  steps,
  inits,
  created
});

const jobOf = ({id, owner, order}: Ticket<CensusOrder>, finished: number): CensusEntry => ({
  ...order,
  id,
  owner,
  status: "queued",
  finished,
  seconds_left: null,
  error: null,
  counts: null
});
