import {cp, mkdir, readFile, rm} from "node:fs/promises";
import {join} from "node:path";
import {askRows} from "../../../api/census/askRows.ts";
import {openCensus, summaryIn} from "../../../api/census/censusFolder.ts";
import {censusRowsQuerySchema} from "../../../api/contract/censusAnswers.ts";
import {recipeSchema} from "../../../capture/train/recipe.ts";
import {openTraining, recipeIn} from "../../../capture/train/trainingFolder.ts";
import {tasks} from "../../../capture/train/tasks/tasks.ts";
import {modelOf} from "../../../capture/train/trainedModel.ts";
import {readLog} from "../../../capture/train/trainingLog.ts";
import {firstState, savedUpdate, saveState} from "../../../capture/train/trainingState.ts";
import {writeCensus} from "../madeCensus.ts";
import type {HostileKind} from "./hostileKind.ts";
import {mutatedBytes, mutatedJson, oneOf, type Draw} from "./mutate.ts";
import {written} from "./written.ts";

const CENSUS_FILES = ["census.json", "sources.json", "summary.json", "rows/00000.parquet", "rows/00001.parquet"];
const TRAINING_FILES = ["recipe.json", "log.jsonl", "training.safetensors"];

const recipe = recipeSchema.parse({
  ...{task: "clock", updates: 2, rows: 2, tokens: 6},
  model: {width: 16, heads: 2, hidden: 24},
  depth: {kind: "uniform", most: 2, through: 2}
});
const model = modelOf(recipe, tasks[recipe.task]);

/** Folders of long work, one file of which is broken. */
export const folderKinds: Readonly<Record<string, HostileKind>> = {
  census: {
    async write(draw, folder) {
      const whole = await wholeCensus(folder);
      await cp(whole, join(folder, "census"), {recursive: true});
      return broken(draw, join(folder, "census"), oneOf(draw, CENSUS_FILES));
    },
    async read(folder) {
      const dir = join(folder, "census");
      await openCensus(dir);
      if (await summaryIn(dir)) await askRows(dir, censusRowsQuerySchema.parse({order: "period"}));
    }
  },
  training: {
    async write(draw, folder) {
      const dir = join(folder, "training");
      await mkdir(dir);
      await written(join(dir, "recipe.json"), JSON.stringify(recipe));
      const line = {update: 0, loss: null, gradient_norm: null, rate: null, before: null, through: null, measured: null};
      await written(join(dir, "log.jsonl"), `${JSON.stringify(line)}\n${JSON.stringify({...line, update: 1, loss: 1.5})}\n`);
      await saveState(dir, {...firstState(model, {seed: 0}), update: 1});
      return broken(draw, dir, oneOf(draw, TRAINING_FILES));
    },
    async read(folder) {
      const dir = join(folder, "training");
      await readLog(dir);
      await savedUpdate(dir);
      await recipeIn(dir);
      const open = await openTraining(dir, recipe, model);
      await open.close();
    }
  }
};

async function broken(draw: Draw, dir: string, name: string): Promise<number> {
  const bytes = await readFile(join(dir, name));
  return written(
    join(dir, name),
    name.endsWith(".json") && draw(2) ? mutatedJson(draw, bytes.toString("utf8")) : mutatedBytes(draw, bytes)
  );
}

/** Made once, beside the folder of the broken ones. */
async function wholeCensus(folder: string): Promise<string> {
  const root = join(folder, "..", "base");
  const dir = join(root, "whole-census");
  if (await summaryIn(dir).catch(() => undefined)) return dir;
  await rm(dir, {recursive: true, force: true});
  return writeCensus(root, "whole-census", {prompts: ["1+1=", "2+2=", "3+3="], claim: (text) => (text === "+" ? "orbit" : "converging")});
}
