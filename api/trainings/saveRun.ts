import {createHash} from "node:crypto";
import {cp} from "node:fs/promises";
import {readTrace} from "../../capture/trace/reader.ts";
import {writeTraceJson} from "../../capture/trace/writer.ts";
import {probeFolder} from "../../capture/train/probe.ts";
import type {Quota} from "../captures/quota.ts";
import type {SaveRun} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";
import {folderBytes} from "../files/folderBytes.ts";
import {intoPlace} from "../files/intoPlace.ts";
import type {Owner} from "../queue/fairPlace.ts";
import type {RunStore} from "../runs/runStore.ts";
import {savesOf} from "./probePictures.ts";

interface Save {
  /** The training's name, and its folder. */
  readonly id: string;
  readonly dir: string;
  /** As the address says it. */
  readonly update: string;
}

interface SaveRunParts {
  readonly runs: RunStore;
  readonly quota: Quota;
  /** Who asks. */
  readonly owner: Owner;
}

/** The probe's trajectories at a save as a run: the one made before, or a copy. Throws a 404 HttpError for an update at which nothing was saved. */
export async function saveRun({id, dir, update}: Save, {runs, quota, owner}: SaveRunParts): Promise<SaveRun> {
  const saves = await savesOf(dir);
  if (!saves.some((save) => String(save) === update))
    throw new HttpError(404, `unknown save: ${update.slice(0, 40)}; ${saves.length > 0 ? `one of ${saves.join(", ")}` : "there is none"}`);
  const kept = probeFolder(dir, Number(update));
  const trace = await readTrace(kept);
  if (trace.status !== "complete") throw new HttpError(409, `save in use: ${update} is being written`);
  const run = runNameOf(id, update);
  const isMade = (await runs.places()).some((place) => place.id === run);
  if (!isMade)
    await quota.within(owner, {kind: "captures", id: run, bytes: await folderBytes(kept)}, () =>
      intoPlace(runs.folderOf(run), async (temporary) => {
        await cp(kept, temporary, {recursive: true});
        await writeTraceJson(temporary, {...trace, owner: owner ?? undefined}); // of whoever opens it
      })
    );
  return {run};
}

const MAX_NAME = 128; // see nameSchema

/** Always the same of a training's save, so that it is made once; a name that leaves no room for the update ends in a part of its hash instead. */
function runNameOf(id: string, update: string): string {
  const end = `-u${update}`;
  if (id.length + end.length <= MAX_NAME) return `${id}${end}`;
  const hash = `-${createHash("sha256").update(id).digest("hex").slice(0, 16)}${end}`;
  return `${id.slice(0, MAX_NAME - hash.length)}${hash}`;
}
