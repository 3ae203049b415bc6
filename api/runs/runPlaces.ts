import {join} from "node:path";
import {statIfThere} from "../../capture/trace/ifThere.ts";
import {TRACE_FILE} from "../../capture/trace/writer.ts";
import {nameSchema} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";
import {folderNames} from "../files/folderNames.ts";
import {sweepPassing} from "../files/passing.ts";
import type {RunPlace} from "./runPlace.ts";

export interface RunStoreOptions {
  /** Where captures go; made when it is first needed. */
  readonly runs: string;
  /** A folder of runs to show read-only. */
  readonly examples?: string;
}

/** Where runs lie. Names come from outside, so each is checked before it becomes part of a path. */
interface RunPlaces {
  /** Every folder that may be a run. */
  all(): Promise<readonly RunPlace[]>;
  /** Throws a 404 HttpError that names the run. */
  find(id: string): Promise<RunPlace>;
  /** The same, and a 403 for an example. */
  findOwn(id: string): Promise<RunPlace>;
  /** The folder of a run of one's own, whether it is there or not. */
  folderOf(id: string): string;
}

export function createRunPlaces({runs, examples}: RunStoreOptions): RunPlaces {
  const roots = [{root: runs, example: false}, ...(examples === undefined ? [] : [{root: examples, example: true}])];

  async function placeOf(id: string): Promise<RunPlace | undefined> {
    for (const {root, example} of roots) {
      const dir = join(root, id);
      if (await isRun(dir)) return {id, dir, example};
    }
    return undefined;
  }

  async function find(id: string): Promise<RunPlace> {
    checkName(id);
    const found = await placeOf(id);
    if (found) return found;
    await sweepPassing(runs); // a replacement of it may have been killed between two moves
    const back = await placeOf(id);
    if (!back) throw unknownRun(id);
    return back;
  }

  return {
    find,
    async findOwn(id) {
      const place = await find(id);
      if (place.example) throw new HttpError(403, `invalid run: ${id} is an example, which is read-only`);
      return place;
    },
    folderOf: (id) => join(runs, checkName(id)),
    async all() {
      await sweepPassing(runs);
      const places = new Map<string, RunPlace>();
      for (const {root, example} of roots)
        for (const id of await folderNames(root)) {
          const own = places.get(id); // as in find: the user's own run hides an example of the same name
          if (!own || !(await isRun(own.dir).catch(() => true))) places.set(id, {id, dir: join(root, id), example});
        }
      return [...places.values()];
    }
  };
}

export const unknownRun = (id: string): HttpError => new HttpError(404, `unknown run: ${id}`);

/** Throws a 404 HttpError for what no run can be called. */
export function checkName(id: string): string {
  if (!nameSchema.safeParse(id).success) throw new HttpError(404, `unknown run: ${id.slice(0, 128)}`);
  return id;
}

/** Whether a folder is a run; others may lie beside them. */
const isRun = (dir: string): Promise<boolean> => exists(join(dir, TRACE_FILE));

/** Whether anything is at a path; what cannot be looked at is told. */
export const exists = async (path: string): Promise<boolean> => (await statIfThere(path)) !== undefined;
