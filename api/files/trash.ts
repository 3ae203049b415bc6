import {lstat, readdir, rename, rm, utimes} from "node:fs/promises";
import {join} from "node:path";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";

/** Removed folders: each can be taken back until it is emptied. */
interface Trash {
  /** Moves a folder in, under the name it had. */
  put(id: string, dir: string): Promise<void>;
  /** Where the folder of that name lies that was removed last; undefined where there is none. */
  latest(id: string): Promise<string | undefined>;
  /** Deletes for good what was removed more than KEPT_DAYS before `now`, and answers with the names. */
  empty(now: Date): Promise<readonly string[]>;
}

/** Days for which a removed folder can be taken back. */
export const KEPT_DAYS = 30;

const DAY = 24 * 60 * 60 * 1000; // milliseconds

/** The trash in a folder that is made when it is first needed. */
export function createTrash(folder: string): Trash {
  const entries = async (): Promise<string[]> => (await ifThere(readdir(folder), [])).filter((name) => REMOVAL.test(name)).sort();
  const removalsOf = async (id: string): Promise<string[]> => (await entries()).filter((name) => name.startsWith(`${id}~`));
  return {
    async put(id, dir) {
      await ensureFolder(folder);
      const now = new Date();
      await utimes(dir, now, now); // when it was removed; first, or a kill in between would have it emptied at once
      while (!(await moved(dir, join(folder, nextName(id, await removalsOf(id))))));
    },
    async latest(id) {
      const name = (await removalsOf(id)).at(-1);
      return name === undefined ? undefined : join(folder, name);
    },
    async empty(now) {
      for (const name of await ifThere(readdir(folder), []))
        if (name.startsWith(EMPTYING)) await rm(join(folder, name), {recursive: true, force: true}); // what a kill left of it
      const old: string[] = [];
      for (const name of await entries()) {
        const place = join(folder, name);
        if (now.getTime() - (await lstat(place)).mtimeMs <= KEPT_DAYS * DAY) continue;
        await rename(place, join(folder, `${EMPTYING}${name}`)); // half of it is nothing to take back
        await rm(join(folder, `${EMPTYING}${name}`), {recursive: true, force: true});
        old.push(name.slice(0, name.lastIndexOf("~")));
      }
      return old;
    }
  };
}

const EMPTYING = ".emptying-";
const REMOVAL = /^[^.].*~\d{6,9}$/; // what else lies there is nobody's run

function nextName(id: string, removals: readonly string[]): string {
  const last = removals.at(-1);
  const number = last === undefined ? 1 : Number(last.slice(id.length + 1)) + 1;
  return `${id}~${String(number).padStart(6, "0")}`;
}

/** Whether the folder was moved; false where the place was taken meanwhile. */
async function moved(dir: string, place: string): Promise<boolean> {
  try {
    await rename(dir, place);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** Whether a folder could not be moved because another one lies there. */
export const isTaken = (error: unknown): boolean => ["EEXIST", "ENOTEMPTY"].includes((error as NodeJS.ErrnoException).code ?? "");
