import {mkdir, readdir, rename, rm, stat, utimes} from "node:fs/promises";
import {join} from "node:path";
import {ifThere} from "../../capture/trace/ifThere.ts";

/** Removed folders: each can be taken back until it is emptied. */
export interface Trash {
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
  const entries = async (): Promise<string[]> => (await ifThere(readdir(folder), [])).sort();
  const removalsOf = async (id: string): Promise<string[]> => (await entries()).filter((name) => name.startsWith(`${id}~`));
  return {
    async put(id, dir) {
      await mkdir(folder, {recursive: true});
      const last = (await removalsOf(id)).at(-1);
      const number = last === undefined ? 1 : Number(last.slice(id.length + 1)) + 1;
      const place = join(folder, `${id}~${String(number).padStart(6, "0")}`);
      await rename(dir, place);
      const now = new Date();
      await utimes(place, now, now); // when it was removed
    },
    async latest(id) {
      const name = (await removalsOf(id)).at(-1);
      return name === undefined ? undefined : join(folder, name);
    },
    async empty(now) {
      const old: string[] = [];
      for (const name of await entries()) {
        const place = join(folder, name);
        if (now.getTime() - (await stat(place)).mtimeMs <= KEPT_DAYS * DAY) continue;
        await rm(place, {recursive: true, force: true});
        old.push(name.slice(0, name.lastIndexOf("~")));
      }
      return old;
    }
  };
}
