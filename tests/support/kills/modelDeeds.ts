import {z} from "zod";
import {experimentOptions} from "../../../api/contract/experimentSchemas.ts";
import {evalOptions, type EvalItem} from "../../../api/contract/evalSchemas.ts";
import {censusOfPrompts} from "../../../api/census/census.ts";
import {makeCensus, openCensus} from "../../../api/census/censusFolder.ts";
import {finishCensus} from "../../../api/census/finishCensus.ts";
import {workPart} from "../../../api/census/workParts.ts";
import {censusOptions} from "../../../api/contract/censusSchemas.ts";
import {createEval} from "../../../api/eval/evalFolder.ts";
import {evaluate} from "../../../api/eval/evaluation.ts";
import {prepareEval} from "../../../api/eval/prepareEval.ts";
import {runExperiment, type ExperimentRequest} from "../../../api/experiments/experiment.ts";
import {createModelKeeper} from "../../../capture/engine/modelKeeper.ts";
import {generation} from "../../../capture/generate/generation.ts";
import {generateSpecSchema} from "../../../capture/generate/generateSpec.ts";
import {capture} from "../../../capture/job/capture.ts";
import {captureSpecSchema} from "../../../capture/job/captureSpec.ts";
import {recipeSchema} from "../../../capture/train/recipe.ts";
import {train} from "../../../capture/train/train.ts";
import {shippedModel} from "../shippedModel.ts";

/** The deeds that take a model, apart from the others, which begin the sooner without it. */

const models = createModelKeeper();

/** Captures; the same states for the same seed. */
export function captureTo(dir: string, {steps = 60, seed = 0}: {readonly steps?: number; readonly seed?: number} = {}): Promise<unknown> {
  const spec = captureSpecSchema.parse({model: shippedModel, dir, prompt: "1+2=", inits: 2, steps, seed});
  return capture(spec, {engine: () => models.engineFor(spec)});
}

const {keep: _, ...options} = z
  .object(experimentOptions)
  .parse({steps: 6, inits: 2, noise: 1, swaps: 0, scales: [], constants: [], resamples: 100});
export const experimentRequest: ExperimentRequest = {
  model: shippedModel,
  title: "kills",
  prompts: Array.from({length: 4}, (_, i) => ({prompt: `\n${i}+1=`})),
  options: {...options, keep: [1]}
};

export const experimentIn = (dir: string, workers = 1): Promise<unknown> => runExperiment(dir, experimentRequest, {workers});

const items: EvalItem[] = [3, 4, 5, 6].map((a) => ({
  kind: "text",
  task: "sum",
  prompt: `\n${a}+2=`,
  answer: `${a + 2}\n`,
  until: [],
  filter: "exact"
}));
const evalRequest = {model: shippedModel, items, options: z.object(evalOptions).parse({steps: [2, 16]})};

export async function evaluationIn(dir: string): Promise<unknown> {
  const {spec} = await prepareEval(evalRequest, () => new Date());
  await createEval(dir, spec, items);
  return evaluate(dir, {model: shippedModel, engine: (choice) => models.engineFor(choice)});
}

const sums = Array.from({length: 3}, (_, i) => `\n${i}+1=`);
const surveyed = z.object(censusOptions).parse({steps: 24, shard: 2, keep: {traces: 1, sample: 1, megabytes: 10}});

/** The files of a census that say the same wherever it is made. */
export const CENSUS_FILES = ["shards/00000.parquet", "shards/00001.parquet", "rows/00000.parquet", "rows/00001.parquet", "summary.json"];

export async function censusIn(dir: string): Promise<unknown> {
  const {manifest} = await censusOfPrompts(shippedModel, sums, surveyed, {now: new Date(0)});
  await makeCensus(dir, manifest, sums);
  const census = await openCensus(dir);
  const {engine, dtype, device} = census.manifest;
  const options = {model: shippedModel, engine: () => models.engineFor({model: shippedModel, engine, dtype, device})};
  await workPart(census, {part: 1, of: 1}, options);
  return finishCensus(census, options);
}

const recipe = recipeSchema.parse({
  ...{task: "clock", updates: 4, rows: 2, tokens: 6, measure_every: 2, save_every: 2, depths: [1, 2]},
  model: {width: 16, heads: 2, hidden: 24},
  depth: {kind: "uniform", most: 2, through: 2}
});

/** The files of a training run that say the same wherever it is stopped. */
export const TRAINING_FILES = ["recipe.json", "log.jsonl", "model.safetensors", "training.safetensors", "README.md"];

export const trainingIn = (dir: string): Promise<unknown> => train(recipe, dir, {correlationOf: () => 0.5});

export function generationTo(keep: string): Promise<unknown> {
  const spec = generateSpecSchema.parse({model: shippedModel, prompt: "\n12+34=", max_new: 3, steps: 8, keep});
  return generation(spec, {engine: () => models.engineFor(spec)});
}
