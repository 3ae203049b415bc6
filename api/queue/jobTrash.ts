import {rename} from "node:fs/promises";
import {join} from "node:path";
import {isFolderThere} from "../../capture/trace/ifThere.ts";
import {HttpError} from "../contract/httpError.ts";
import {createTrash, isTaken} from "../files/trash.ts";
import type {Owner} from "./fairPlace.ts";
import type {FolderJobs} from "./folderJobs.ts";

/** Long jobs whose folders can be moved to the trash, and taken back. */
export interface JobTrash<J> {
  /** Moves a job's folder to the trash. Throws a 404 HttpError where there is none, a 409 for one that waits or runs, here or elsewhere. */
  remove(id: string): Promise<void>;
  /** Whose a removed job is; throws a 404 HttpError. */
  ownerOfRemoved(id: string): Promise<Owner>;
  /** Takes back the one of that name that was removed last. Throws a 404 HttpError, or a 409 where another is there. */
  restore(id: string): Promise<J>;
  /** Deletes for good what has been in the trash for too long at `now`, and answers with the names. */
  emptyTrash(now: Date): Promise<readonly string[]>;
}

interface JobTrashParts<J> {
  /** What a job is called in errors, in the singular. */
  readonly noun: string;
  readonly jobs: Pick<FolderJobs<unknown, never>, "folderOf" | "forget">;
  /** A job as it stands, and as its folder alone says it. */
  readonly get: (id: string) => Promise<{readonly status: string}>;
  readonly readJob: (id: string) => Promise<J>;
  readonly ownerIn: (dir: string) => Promise<Owner>;
}

const TRASH = ".trash"; // no job can be named so

export function createJobTrash<J>(root: string, {noun, jobs, get, readJob, ownerIn}: JobTrashParts<J>): JobTrash<J> {
  const trash = createTrash(join(root, TRASH));

  async function removed(id: string): Promise<string> {
    jobs.folderOf(id); // refuses what can be no name
    const dir = await trash.latest(id);
    if (dir === undefined) throw new HttpError(404, `unknown removed ${noun}: ${id}`);
    return dir;
  }

  return {
    async remove(id) {
      const dir = jobs.folderOf(id);
      if (!(await isFolderThere(dir))) throw new HttpError(404, `unknown ${noun}: ${id}`);
      const {status} = await get(id).catch(() => ({status: "broken"})); // one that cannot be read can be removed
      if (status === "queued" || status === "running") throw new HttpError(409, `invalid ${noun}: ${id} is ${status}; cancel it first`);
      await trash.put(id, dir).catch((error: unknown) => {
        throw isGone(error) ? new HttpError(404, `unknown ${noun}: ${id}`) : error; // somebody else was quicker
      });
      jobs.forget(id);
    },
    ownerOfRemoved: async (id) => ownerIn(await removed(id)),
    async restore(id) {
      const [dir, taken] = [jobs.folderOf(id), new HttpError(409, `invalid restore: a ${noun} named ${id} is there`)];
      if (await isFolderThere(dir)) throw taken;
      await rename(await removed(id), dir).catch((error: unknown) => {
        throw isTaken(error) ? taken : isGone(error) ? new HttpError(404, `unknown removed ${noun}: ${id}`) : error;
      });
      return readJob(id);
    },
    emptyTrash: trash.empty
  };
}

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";
