import {join} from "node:path";
import type {Model} from "../model/family.ts";
import {encodeFloats, safetensorsDtypeOf, type StorageDtype} from "../trace/dtype.ts";
import {replaceFile} from "../trace/replaceFile.ts";
import {headerOf} from "../trace/safetensorsHeader.ts";
import type {Trained} from "./adamW.ts";
import {aboutOf, cardOf, examplesOf} from "./card.ts";
import type {Recipe} from "./recipe.ts";
import type {Task} from "./tasks/task.ts";
import {configOf} from "./trainedModel.ts";
import {readLog} from "./trainingLog.ts";
import type {TrainingState} from "./trainingState.ts";

/** Writes weights under the checkpoint's own names. */
async function writeWeights(
  dir: string,
  {weights}: Pick<Model, "weights">,
  {trained, dtype}: {readonly trained: ReadonlyMap<string, Trained>; readonly dtype: StorageDtype}
): Promise<void> {
  const header = headerOf(
    weights.map(({source, sourceShape}) => ({name: source, shape: sourceShape, dtype: safetensorsDtypeOf[dtype]})),
    {metadata: {format: "pt"}}
  );
  const data = weights.map(({name}) => encodeFloats(dtype, trained.get(name)!.value));
  await replaceFile(join(dir, "model.safetensors"), Buffer.concat([header, ...data]));
}

/** A tokenizer.json of one token a character, each at its place. A character that is not among them has no token. */
const tokenizerJson = (characters: string): object => ({
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: {type: "Split", pattern: {Regex: "[\\s\\S]"}, behavior: "Isolated", invert: false},
  post_processor: null,
  decoder: {type: "Fuse"},
  model: {type: "WordLevel", vocab: Object.fromEntries([...characters].map((character, id) => [character, id])), unk_token: "[UNK]"}
});

/** Writes the model as it stands, so that the folder is a checkpoint: config, weights, tokenizer and card. */
export async function writeCheckpoint(
  dir: string,
  {recipe, task, model, state}: {readonly recipe: Recipe; readonly task: Task; readonly model: Model; readonly state: TrainingState}
): Promise<void> {
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 1)}\n`;
  await replaceFile(join(dir, "config.json"), json(configOf(recipe, task)));
  await replaceFile(join(dir, "tokenizer.json"), json(tokenizerJson(task.characters)));
  await writeWeights(dir, model, {trained: state.trained, dtype: recipe.dtype});
  await replaceFile(join(dir, "card.json"), json({about: aboutOf(recipe, task), examples: examplesOf(recipe, task)}));
  await replaceFile(join(dir, "README.md"), cardOf(recipe, task, (await readLog(dir)).lines));
}
