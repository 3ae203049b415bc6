import {rename} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {passingName} from "../../capture/trace/processIdentity.ts";
import {diskFault, type Refusal} from "../../capture/trace/refusal.ts";
import {replaceFile} from "../../capture/trace/replaceFile.ts";
import {isBeingWritten} from "../../capture/trace/writerMark.ts";
import {withNote, type Note, type RunChange, type RunList, type RunSummary} from "../contract/contract.ts";
import {MAX_VIEW_NOTES} from "../contract/choices.ts";
import {HttpError} from "../contract/httpError.ts";
import {checkFolderName} from "../files/folderNames.ts";
import {sweepPassing} from "../files/passing.ts";
import {recoverRuns} from "./recoverRuns.ts";
import {CARD_FILE, cardText, readCard, type RunCard} from "./runCard.ts";
import type {RunPlace} from "./runPlace.ts";
import {checkName, createRunPlaces, exists, unknownRun, type RunStoreOptions} from "./runPlaces.ts";
import {cardDamage, summaryOf} from "./runSummary.ts";
import {createTrash, isTaken, KEPT_DAYS} from "../files/trash.ts";

/** The runs by name. Names come from outside, so each is checked before it becomes part of a path. */
export interface RunStore {
  /** Every folder that may be a run. */
  places(): Promise<readonly RunPlace[]>;
  /** Throws a 404 HttpError that names the run. */
  find(id: string): Promise<RunPlace>;
  /** Throws a Refusal for a folder that is no trace, or has a name that no address can have. */
  summary(place: RunPlace): Promise<RunSummary>;
  /** The files beside a run that could not be read when its summary was last asked for, with the reason. */
  damage(place: RunPlace): RunList["broken"];
  /** Sets what a person may set; throws a 403 for an example. */
  change(id: string, change: RunChange): Promise<RunSummary>;
  /** What was written on a run, its tokens and views of it. */
  notes(place: RunPlace): Promise<readonly Note[]>;
  /** Writes one note in the place of the one on its token; all of them are given back. Throws a 403 for an example. */
  note(id: string, note: Note): Promise<readonly Note[]>;
  /** Moves a run to the trash; throws a 403 for an example, a 409 for a run that is being written. */
  remove(id: string): Promise<void>;
  /** The latest removed run of that name, in the trash; throws a 404 HttpError. */
  findRemoved(id: string): Promise<RunPlace>;
  /** Brings the latest removed run of that name back. */
  restore(id: string): Promise<RunSummary>;
  /** The folder of a run to be made. */
  folderOf(id: string): string;
  /** A new folder for what is on its way out, on the disk of the runs, or where that takes nothing in the system's folder for such; the caller removes it. */
  scratch(): Promise<string>;
  /** Removes what a killed process left on its way out, and ends the runs that it left, `stopped: "killed"`; what it did is told to `log`. */
  recover(log: (line: string) => void): Promise<void>;
  /** Deletes for good the runs that have been in the trash for too long at `now`; what it did is told to `log`. */
  emptyTrash(now: Date, log: (line: string) => void): Promise<void>;
}

const TRASH = ".trash"; // no run can be named so
const SCRATCH = ".scratch";

export function createRunStore(options: RunStoreOptions): RunStore {
  const {runs} = options;
  const places = createRunPlaces(options);
  const trash = createTrash(join(runs, TRASH));
  let changes: Promise<unknown> = Promise.resolve(); // one after the other, or of two at once one is lost

  function setCard({dir}: RunPlace, changed: (card: RunCard) => RunCard): Promise<RunCard> {
    const write = async (): Promise<RunCard> => {
      const card = changed((await readCard(dir)).card);
      await replaceFile(join(dir, CARD_FILE), cardText(card));
      return card;
    };
    const written = changes.then(write, write);
    changes = written;
    return written;
  }

  async function findRemoved(id: string): Promise<RunPlace> {
    const dir = await trash.latest(checkName(id));
    if (dir === undefined) throw new HttpError(404, `unknown removed run: ${id}`);
    return {id, dir, example: false};
  }

  return {
    places: places.all,
    find: places.find,
    folderOf: places.folderOf,
    async summary(place) {
      checkFolderName(place.id, "run");
      return summaryOf(place);
    },
    damage(place) {
      const damage = cardDamage(place);
      return damage === undefined ? [] : [{id: `${place.id}/${CARD_FILE}`, error: damage}];
    },
    async change(id, change) {
      const place = await places.findOwn(id);
      await setCard(place, (card) => ({...card, ...change}));
      return summaryOf(place);
    },
    notes: async ({dir}) => (await readCard(dir)).card.notes ?? [],
    async note(id, note) {
      const {notes = []} = await setCard(await places.findOwn(id), (card) => {
        const written = withNote(card.notes ?? [], note);
        if (note.view !== undefined && written.filter(({view}) => view !== undefined).length > MAX_VIEW_NOTES)
          throw new HttpError(400, `invalid note: ${MAX_VIEW_NOTES} notes on views of ${id} are there; at most as many`);
        return {...card, notes: written};
      });
      return notes;
    },
    async remove(id) {
      const {dir} = await places.findOwn(id);
      if (await isBeingWritten(dir)) throw new HttpError(409, `invalid run: ${id} is being captured; cancel it first`);
      await trash.put(id, dir).catch((error: NodeJS.ErrnoException) => {
        throw error.code === "ENOENT" ? unknownRun(id) : error; // somebody else was quicker
      });
    },
    findRemoved,
    async restore(id) {
      const dir = places.folderOf(id);
      await moveBack((await findRemoved(id)).dir, {id, dir});
      return summaryOf({id, dir, example: false});
    },
    async emptyTrash(now, log) {
      for (const id of await trash.empty(now)) log(`${id}: deleted for good, ${KEPT_DAYS} days after it was removed`);
    },
    async scratch() {
      const name = passingName();
      const made = async (folder: string): Promise<string> => ensureFolder(folder).then(() => folder);
      return made(join(runs, SCRATCH, name)).catch((error: unknown) => {
        if ((diskFault(error) as Partial<Refusal>).kind !== "storage") throw error;
        return made(join(tmpdir(), name));
      });
    },
    async recover(log) {
      for (const place of [runs, join(runs, SCRATCH), tmpdir()]) await sweepPassing(place);
      await recoverRuns(runs, log);
    }
  };
}

/** Moves a removed run to where it was. Throws a 409 HttpError where another has its name, a 404 where somebody else was quicker. */
async function moveBack(removed: string, {id, dir}: {readonly id: string; readonly dir: string}): Promise<void> {
  const taken = new HttpError(409, `invalid restore: a run named ${id} is there`);
  if (await exists(dir)) throw taken;
  await rename(removed, dir).catch((error: NodeJS.ErrnoException) => {
    if (isTaken(error)) throw taken;
    throw error.code === "ENOENT" ? new HttpError(404, `unknown removed run: ${id}`) : error;
  });
}
