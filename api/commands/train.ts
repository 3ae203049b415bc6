import {basename, join} from "node:path";
import type {Command} from "commander";
import {recipeSchema, type Recipe} from "../../capture/train/recipe.ts";
import {train} from "../../capture/train/train.ts";
import {MAX_RECIPE_BYTES} from "../../capture/train/trainingFolder.ts";
import {readJsonFile} from "../../capture/trace/jsonFile.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {checkLine} from "../contract/checkLine.ts";
import {newName} from "../runs/newName.ts";
import {correlationOf} from "../trainings/correlationOf.ts";
import {stopSignal} from "./askedToStop.ts";
import {counted} from "../../capture/trace/counted.ts";
import {examples} from "./options.ts";
import {note, print, printJson} from "./print.ts";
import {createProgress} from "./progress.ts";
import {asUsageErrors, userFolder, userPath} from "./usage.ts";

export function addTrain(verb: Command): void {
  verb
    .option("--out <folder>", "the training run's folder: new, or one to go on with (default: a new one in trainings/)")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("train fixtures/organisms/clock/recipe.json --out trainings/clock"))
    .action(runTraining);
}

async function runTraining(path: string, {out, json}: {readonly out?: string; readonly json?: boolean}): Promise<void> {
  const recipe = await asUsageErrors(readRecipe(userPath(path)));
  const dir = await userFolder(out ?? join("trainings", newName(new Date(), recipe.task)));
  const signal = stopSignal();
  const progress = createProgress(basename(dir), recipe.updates, {unit: "update"});
  const updates = await asUsageErrors(
    train(recipe, dir, {
      signal,
      log: note,
      onProgress: ({update, secondsLeft}) => progress.tell(update, secondsLeft),
      correlationOf
    })
  ).finally(() => progress.end());
  if (updates < recipe.updates)
    throw new Error(`cancelled after update ${updates} of ${recipe.updates}; the same command with --out ${dir} goes on`);
  if (json) return printJson({training: dir, updates});
  await print(`trained ${counted(updates, "update")}: ${dir}`);
}

async function readRecipe(path: string): Promise<Recipe> {
  const json = await readJsonFile(path, {maxBytes: MAX_RECIPE_BYTES, error: Refusal});
  const parsed = recipeSchema.safeParse(json);
  if (!parsed.success) throw new Refusal(`invalid ${path}: ${checkLine(parsed.error, json)}`);
  return parsed.data;
}
