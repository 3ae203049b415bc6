import {readdir, rmdir} from "node:fs/promises";
import {join} from "node:path";
import {isDeepStrictEqual} from "node:util";
import {ensureFolder} from "../trace/ensureFolder.ts";
import type {Model} from "../model/family.ts";
import {ifThere} from "../trace/ifThere.ts";
import {readJsonFile} from "../trace/jsonFile.ts";
import type {Lease} from "../trace/lease.ts";
import {isLeftBehind} from "../trace/processIdentity.ts";
import {Refusal} from "../trace/refusal.ts";
import {removeLeftBehind} from "../trace/removeLeftBehind.ts";
import {replaceFile} from "../trace/replaceFile.ts";
import {isBeingWritten, isWriterMark, markWriter} from "../trace/writerMark.ts";
import {recipeSchema, type Recipe} from "./recipe.ts";
import {cutLog} from "./trainingLog.ts";
import {firstState, loadState, type TrainingState} from "./trainingState.ts";

/** The folder's copy of what it was asked for, every default said. */
export const RECIPE_FILE = "recipe.json";
export const MAX_RECIPE_BYTES = 1_000_000;

/** A training folder that this process writes. */
interface OpenTraining {
  /** Where the run begins or goes on. */
  readonly state: TrainingState;
  close(): Promise<void>;
}

/**
 * Makes a training run's folder, or goes on with one of the same recipe: its log is cut to where its state stands. Throws a Refusal for a folder
 * of another recipe (only `updates` may be more than it was), one that holds something else, or one that another process writes.
 */
export async function openTraining(dir: string, recipe: Recipe, model: Model): Promise<OpenTraining> {
  const before = await recipeIn(dir);
  if (before) refuseOther(dir, before, recipe);
  else if ((await ifThere(readdir(dir), [])).some((name) => !isWriterMark(name) && !isLeftBehind(name)))
    throw new Refusal(`invalid folder: ${dir} is not empty and no training run; expected a new or an empty one`, {kind: "conflict"});
  if (await isBeingWritten(dir)) throw new Refusal(`training in use: ${dir} is being written by another process`, {kind: "conflict"});
  const isNew = (await ensureFolder(dir)) !== undefined;
  let mark: Lease | undefined;
  try {
    mark = await markWriter(dir);
    await removeLeftBehind(dir);
    await replaceFile(join(dir, RECIPE_FILE), `${JSON.stringify(recipe, undefined, 1)}\n`);
    const saved = await loadState(dir, model);
    await cutLog(dir, saved?.update || -1); // update 0 is looked at again, wherever the kill came
    return {state: saved ?? firstState(model, {seed: recipe.seed, init: recipe.model.init}), close: mark.release};
  } catch (error) {
    await mark?.release();
    if (isNew) await rmdir(dir).catch(() => {}); // something is there by now
    throw error;
  }
}

/** The recipe of a training folder; undefined where there is none. */
export async function recipeIn(dir: string): Promise<Recipe | undefined> {
  const path = join(dir, RECIPE_FILE);
  const names: readonly string[] = await ifThere(readdir(dir), []);
  if (!names.includes(RECIPE_FILE)) return undefined;
  const parsed = recipeSchema.safeParse(await readJsonFile(path, {maxBytes: MAX_RECIPE_BYTES, error: Refusal}));
  if (!parsed.success) throw new Refusal(`invalid ${path}: not a recipe`, {kind: "damaged"});
  return parsed.data;
}

/** A longer run of the same recipe may go on; anything else would not be the run that its log tells of. */
function refuseOther(dir: string, before: Recipe, now: Recipe): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)]) as Set<keyof Recipe>) {
    if (key === "updates" && now.updates >= before.updates) continue;
    if (!isDeepStrictEqual(before[key], now[key]))
      throw new Refusal(
        `invalid ${key}: ${JSON.stringify(now[key])}; the run in ${dir} has ${JSON.stringify(before[key])}: expected a folder of its own`,
        {kind: "conflict"}
      );
  }
}
