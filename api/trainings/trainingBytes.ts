import type {Recipe} from "../../capture/train/recipe.ts";
import {tasks} from "../../capture/train/tasks/tasks.ts";
import {PROBE_STEPS, probeOf} from "../../capture/train/probe.ts";
import {modelOf} from "../../capture/train/trainedModel.ts";
import {countOf} from "../../capture/trace/safetensorsHeader.ts";

const LINE_BYTES = 200; // of the log
const COPIES = 4; // of every weight: itself, two moments, and the checkpoint's

/** What a training run takes on the disk at its end. */
export function trainingBytes(recipe: Recipe): number {
  const task = tasks[recipe.task];
  const weights = modelOf(recipe, task).weights.reduce((sum, {sourceShape}) => sum + countOf(sourceShape), 0);
  const saves = Math.ceil(recipe.updates / recipe.save_every) + 1;
  const probe = (PROBE_STEPS + 1) * probeOf(recipe, task).length * recipe.model.width;
  return 4 * (COPIES * weights + saves * probe) + LINE_BYTES * recipe.updates;
}
