import {rm} from "node:fs/promises";
import {join} from "node:path";
import type {Engine} from "../engine/engine.ts";
import {capture} from "../job/capture.ts";
import {captureSpecSchema} from "../job/captureSpec.ts";
import {Refusal} from "../trace/refusal.ts";
import type {Recipe} from "./recipe.ts";
import type {Task} from "./tasks/task.ts";
import {isOfFamily} from "./trainedModel.ts";

/** Recurrent steps of a probe. */
export const PROBE_STEPS = 64;

/** The folder of the traces of a run's probe prompt, one for every save, by its update. */
export const PROBES_FOLDER = "probes";
export const probeFolder = (dir: string, update: number): string => join(dir, PROBES_FOLDER, String(update).padStart(7, "0"));

/** The prompt whose trajectories are kept: the recipe's, or the task's first example. */
export const probeOf = ({probe}: Pick<Recipe, "probe">, {examples}: Pick<Task, "examples">): string => probe ?? examples[0].prompt;

/** Throws a Refusal for a probe that the model cannot read: no run would come past its first save. */
export function checkProbe(recipe: Recipe, task: Pick<Task, "examples" | "characters">): void {
  const probe = [...probeOf(recipe, task)];
  const most = recipe.model.max_tokens;
  if (probe.length > most) throw new Refusal(`invalid probe: ${probe.length} characters; expected at most model.max_tokens, ${most}`);
  const unknown = probe.find((character) => !task.characters.includes(character));
  if (unknown !== undefined)
    throw new Refusal(`invalid probe: ${JSON.stringify(unknown)} in it; expected characters of ${JSON.stringify(task.characters)}`);
}

/** Captures the probe prompt with the model as it stands, where its family can be captured from; the folder's checkpoint must be of the same update. */
export async function keepProbe(
  dir: string,
  {recipe, task, engine}: {readonly recipe: Recipe; readonly task: Task; readonly engine: Engine},
  update: number
): Promise<void> {
  if (!isOfFamily(recipe)) return;
  const place = probeFolder(dir, update);
  await rm(place, {recursive: true, force: true}); // of a run that was killed after it
  const prompt = probeOf(recipe, task);
  const spec = captureSpecSchema.parse({model: dir, dir: place, prompt, steps: PROBE_STEPS, inits: 1, seed: recipe.seed, engine: "tfjs"});
  await capture({...spec, title: `${prompt} after ${update} updates`}, {engine: async () => engine, now: () => new Date(0)});
}
