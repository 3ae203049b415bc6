import {rm, stat} from "node:fs/promises";
import {basename, join} from "node:path";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {z} from "zod";
import {readJsonFile} from "../../capture/trace/jsonFile.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {replaceFile} from "../../capture/trace/replaceFile.ts";
import {isBeingWritten} from "../../capture/trace/writerMark.ts";
import type {Recipe} from "../../capture/train/recipe.ts";
import {RECIPE_FILE, recipeIn} from "../../capture/train/trainingFolder.ts";
import {savedUpdate} from "../../capture/train/trainingState.ts";
import {ifThere, isFileThere} from "../../capture/trace/ifThere.ts";
import type {Training, TrainingList} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";
import {createFolderJobs, type FolderJobs} from "../queue/folderJobs.ts";
import {createJobRunner, type JobEnd} from "../queue/jobRunner.ts";
import type {Queue, Ticket} from "../queue/queue.ts";
import type {TrainingTask} from "./trainingProcess.ts";

/** What waits, and what its folder keeps of it beside the recipe. */
export const trainingOrderSchema = z.object({title: z.string(), task: z.string(), updates: z.number().int(), created: z.string()});
export type TrainingOrder = z.infer<typeof trainingOrderSchema>;

/** Training runs by name; each has its folder, with the recipe, from before it waits. */
export interface TrainingStore extends Omit<FolderJobs<TrainingOrder, Training>, "list"> {
  list(): Promise<TrainingList>;
  /** The folder of one that is there; throws a 404 HttpError that names another. */
  find(id: string): Promise<string>;
  /** Makes the folder of a new one and puts it in the queue. */
  begin(ticket: Ticket<TrainingOrder>, recipe: Recipe): Promise<Training>;
  /** Puts one that was interrupted in the queue again; throws a 409 HttpError for one that is complete. */
  goOn(id: string): Promise<Training>;
}

const ORDER_FILE = "order.json";
const MAX_ORDER_BYTES = 10_000;
const keptOrderSchema = z.object({owner: z.string().nullable(), order: trainingOrderSchema});

export function createTrainingStore(
  root: string,
  {queue, log}: {readonly queue: Queue<TrainingOrder, JobEnd>; readonly log?: (line: string) => void}
): TrainingStore {
  const runner = createJobRunner<TrainingTask>(new URL("trainingProcess.ts", import.meta.url), {
    name: "training's process",
    parts: "updates up to the last save",
    log
  });
  const jobs: FolderJobs<TrainingOrder, Training> = createFolderJobs(root, {
    noun: "training",
    queue,
    jobOf,
    readJob,
    run: async ({id}, options) => runner.run({dir: await find(id)}, options),
    goesOn: async () => true,
    log
  });

  async function find(id: string): Promise<string> {
    const dir = jobs.folderOf(id);
    if (!(await isFileThere(join(dir, RECIPE_FILE)))) throw new HttpError(404, `unknown training: ${id}`);
    return dir;
  }

  async function readJob(id: string): Promise<Training> {
    const dir = await find(id);
    const ticket = await ticketIn(id, dir);
    const finished = await savedUpdate(dir);
    const status = (await isBeingWritten(dir)) ? "running" : finished === ticket.order.updates ? "complete" : "partial";
    return {...jobOf(ticket, finished), status};
  }

  return {
    ...jobs,
    find,
    async begin(ticket, recipe) {
      const dir = jobs.folderOf(ticket.id);
      try {
        await writeOrder(dir, ticket, recipe);
        return await jobs.start(ticket);
      } catch (error) {
        await rm(dir, {recursive: true, force: true}); // it was promised to nobody
        throw error;
      }
    },
    async goOn(id) {
      const ticket = await ticketIn(id, await find(id));
      if ((await savedUpdate(jobs.folderOf(id))) === ticket.order.updates) throw new HttpError(409, `training ${id} is complete`);
      return jobs.start(ticket);
    },
    async list() {
      const {jobs: trainings, broken} = await jobs.list();
      return {trainings, broken};
    },
    async close() {
      await Promise.all([runner.close(), jobs.close()]); // the first one gives what runs the time to come to a good end
    }
  };
}

/** Makes a training's folder; the recipe comes last, and without it the folder is none. */
async function writeOrder(dir: string, {owner, order}: Ticket<TrainingOrder>, recipe: Recipe): Promise<void> {
  await ensureFolder(dir);
  await replaceFile(join(dir, ORDER_FILE), `${JSON.stringify({owner, order})}\n`);
  await replaceFile(join(dir, RECIPE_FILE), `${JSON.stringify(recipe, undefined, 1)}\n`);
}

/** What was asked for, as the folder says it; one that the command line made has a recipe only. */
async function ticketIn(id: string, dir: string): Promise<Ticket<TrainingOrder>> {
  const kept = await ifThere(stat(join(dir, ORDER_FILE)), undefined);
  if (kept) {
    const parsed = keptOrderSchema.safeParse(await readJsonFile(join(dir, ORDER_FILE), {maxBytes: MAX_ORDER_BYTES, error: Refusal}));
    if (!parsed.success) throw new Refusal(`invalid ${join(dir, ORDER_FILE)}: not what was asked for`, {kind: "damaged"});
    return {id, ...parsed.data};
  }
  const recipe = (await recipeIn(dir))!;
  const {birthtime} = await stat(join(dir, RECIPE_FILE));
  return {
    id,
    owner: null,
    order: {title: basename(dir), task: recipe.task, updates: recipe.updates, created: birthtime.toISOString()}
  };
}

const jobOf = ({id, owner, order}: Ticket<TrainingOrder>, finished: number): Training => ({
  ...order,
  id,
  owner,
  status: "queued",
  finished,
  seconds_left: null,
  error: null
});
