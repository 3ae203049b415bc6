import {mkdir, readdir, rename, stat} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {errorLine} from "../../capture/errorLine.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {readTrace} from "../../capture/trace/reader.ts";
import {sealKilledTrace} from "../../capture/trace/sealKilledTrace.ts";
import {passingName} from "../../capture/trace/processIdentity.ts";
import {removeUnbegun, TRACE_FILE} from "../../capture/trace/writer.ts";
import {isBeingWritten} from "../../capture/trace/writerMark.ts";
import {nameSchema, type RunChange, type RunList, type RunSummary} from "../contract/contract.ts";
import {sweepPassing} from "../files/passing.ts";
import {replaceFile} from "../../capture/trace/replaceFile.ts";
import {HttpError} from "../contract/httpError.ts";
import {CARD_FILE, cardText, readCard} from "./runCard.ts";
import type {RunPlace} from "./runPlace.ts";
import {cardDamage, summaryOf} from "./runSummary.ts";
import {createTrash, isTaken, KEPT_DAYS} from "./trash.ts";

interface RunStoreOptions {
  /** Where captures go; made when it is first needed. */
  readonly runs: string;
  /** A folder of runs to show read-only. */
  readonly examples?: string;
}

/** The runs by name. Names come from outside, so each is checked before it becomes part of a path. */
export interface RunStore {
  /** Every folder that may be a run. */
  places(): Promise<readonly RunPlace[]>;
  /** Throws a 404 HttpError that names the run. */
  find(id: string): Promise<RunPlace>;
  summary(place: RunPlace): Promise<RunSummary>;
  /** The files beside a run that could not be read when its summary was last asked for, with the reason. */
  damage(place: RunPlace): RunList["broken"];
  /** Sets what a person may set; throws a 403 for an example. */
  change(id: string, change: RunChange): Promise<RunSummary>;
  /** Moves a run to the trash; throws a 403 for an example, a 409 for a run that is being written. */
  remove(id: string): Promise<void>;
  /** The latest removed run of that name, in the trash; throws a 404 HttpError. */
  findRemoved(id: string): Promise<RunPlace>;
  /** Brings the latest removed run of that name back. */
  restore(id: string): Promise<RunSummary>;
  /** The folder of a run to be made. */
  folderOf(id: string): string;
  /** A new folder for what is on its way out, on the disk of the runs; the caller removes it. */
  scratch(): Promise<string>;
  /** Removes what a killed process left on its way out, and ends the runs that it left, `stopped: "killed"`; what it did is told to `log`. */
  recover(log: (line: string) => void): Promise<void>;
  /** Deletes for good the runs that have been in the trash for too long at `now`; what it did is told to `log`. */
  emptyTrash(now: Date, log: (line: string) => void): Promise<void>;
}

const TRASH = ".trash"; // no run can be named so
const SCRATCH = ".scratch";

export function createRunStore({runs, examples}: RunStoreOptions): RunStore {
  const roots = [{root: runs, example: false}, ...(examples === undefined ? [] : [{root: examples, example: true}])];

  const trash = createTrash(join(runs, TRASH));
  let changes = Promise.resolve(); // one after the other, or of two at once one is lost

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

  async function findOwn(id: string): Promise<RunPlace> {
    const place = await find(id);
    if (place.example) throw new HttpError(403, `invalid run: ${id} is an example, which is read-only`);
    return place;
  }

  async function findRemoved(id: string): Promise<RunPlace> {
    const dir = await trash.latest(checkName(id));
    if (dir === undefined) throw new HttpError(404, `unknown removed run: ${id}`);
    return {id, dir, example: false};
  }

  return {
    find,
    summary: summaryOf,
    damage(place) {
      const damage = cardDamage(place);
      return damage === undefined ? [] : [{id: `${place.id}/${CARD_FILE}`, error: damage}];
    },
    folderOf: (id) => join(runs, checkName(id)),
    async places() {
      await sweepPassing(runs);
      const places = new Map<string, RunPlace>();
      for (const {root, example} of roots)
        for (const id of await folderNames(root)) {
          const own = places.get(id); // as in find: the user's own run hides an example of the same name
          if (!own || !(await isRun(own.dir))) places.set(id, {id, dir: join(root, id), example});
        }
      return [...places.values()];
    },
    async change(id, change) {
      const place = await findOwn(id);
      const write = async () => replaceFile(join(place.dir, CARD_FILE), cardText({...(await readCard(place.dir)).card, ...change}));
      await (changes = changes.then(write, write));
      return summaryOf(place);
    },
    async remove(id) {
      const {dir} = await findOwn(id);
      if (await isBeingWritten(dir)) throw new HttpError(409, `invalid run: ${id} is being captured; cancel it first`);
      await trash.put(id, dir).catch((error: NodeJS.ErrnoException) => {
        throw error.code === "ENOENT" ? unknownRun(id) : error; // somebody else was quicker
      });
    },
    findRemoved,
    async restore(id) {
      const dir = join(runs, checkName(id));
      const {dir: latest} = await findRemoved(id);
      const taken = new HttpError(409, `invalid restore: a run named ${id} is there`);
      if (await exists(dir)) throw taken;
      await rename(latest, dir).catch((error: NodeJS.ErrnoException) => {
        if (isTaken(error)) throw taken;
        throw error.code === "ENOENT" ? new HttpError(404, `unknown removed run: ${id}`) : error;
      });
      return summaryOf({id, dir, example: false});
    },
    async emptyTrash(now, log) {
      for (const id of await trash.empty(now)) log(`${id}: deleted for good, ${KEPT_DAYS} days after it was removed`);
    },
    async scratch() {
      const folder = join(runs, SCRATCH, passingName());
      await mkdir(folder, {recursive: true});
      return folder;
    },
    async recover(log) {
      for (const place of [runs, join(runs, SCRATCH), tmpdir()]) await sweepPassing(place);
      for (const id of await folderNames(runs)) {
        const dir = join(runs, id);
        await recoverRun(dir).then(
          (line) => line && log(`${id}: ${line}`),
          (error: unknown) => log(`${id}: ${errorLine(error)}`)
        );
      }
    }
  };
}

const unknownRun = (id: string): HttpError => new HttpError(404, `unknown run: ${id}`);

function checkName(id: string): string {
  if (!nameSchema.safeParse(id).success) throw new HttpError(404, `unknown run: ${id.slice(0, 128)}`);
  return id;
}

async function recoverRun(dir: string): Promise<string | undefined> {
  if (!(await exists(join(dir, TRACE_FILE)))) return (await removeUnbegun(dir)) ? "killed before it began" : undefined;
  for (const place of [dir, join(dir, "analysis")]) await sweepPassing(place);
  const trace = await readTrace(dir);
  if (trace.status === "complete" || trace.stopped !== null || (await isBeingWritten(dir))) return undefined;
  const {steps_written, steps} = await sealKilledTrace(dir, "killed");
  return `killed at step ${steps_written} of ${steps}`;
}

/** Whether a folder is a run; others may lie beside them. */
const isRun = (dir: string): Promise<boolean> => exists(join(dir, TRACE_FILE));

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false
  );

async function folderNames(root: string): Promise<string[]> {
  const entries = await ifThere(readdir(root, {withFileTypes: true}), []);
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map(({name}) => name);
}
