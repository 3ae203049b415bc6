import {join} from "node:path";
import type {Model, WeightSpec} from "../model/family.ts";
import {ifThere} from "../trace/ifThere.ts";
import {replaceFile} from "../trace/replaceFile.ts";
import {encodeSafetensors, openSafetensors, type Tensor} from "../trace/safetensors.ts";
import type {SafetensorsFile} from "../trace/tensorPlaces.ts";
import {countOf, TraceFormatError} from "../trace/safetensorsHeader.ts";
import type {Trained} from "./adamW.ts";
import type {Recipe} from "./recipe.ts";
import {cutNormal, randomAt} from "./randomAt.ts";

/** What a training run goes on from, to the same bits: random numbers follow from the seed and the update. */
export interface TrainingState {
  /** Updates that are done. */
  readonly update: number;
  /** By the model's names, each as long as the checkpoint's tensor. */
  readonly trained: ReadonlyMap<string, Trained>;
}

/** The folder's file that a run goes on from. */
export const STATE_FILE = "training.safetensors";

/** Weights as the family draws them before training, or every matrix by its inputs alone, and moments of nothing. */
export function firstState(
  {weights}: Pick<Model, "weights">,
  {seed, init = "takase"}: {readonly seed: number; readonly init?: Recipe["model"]["init"]}
): TrainingState {
  const normal = cutNormal(randomAt(seed, "weights"));
  const drawn = ({shape, sourceShape, initial: {mean, std}}: WeightSpec) => {
    const deviation = std > 0 && init === "fan-in" ? 1 / Math.sqrt(shape[shape.length - 1]) : std;
    return Float32Array.from({length: countOf(sourceShape)}, () => (std === 0 ? mean : mean + deviation * normal()));
  };
  const trained = new Map(
    weights.map((spec): [string, Trained] => {
      const value = drawn(spec);
      return [spec.name, {value, mean: new Float32Array(value.length), square: new Float32Array(value.length)}];
    })
  );
  return {update: 0, trained};
}

const parts = ["value", "mean", "square"] as const;

/** Replaces the folder's state in one rename, so that a run that is killed finds the one before. */
export async function saveState(dir: string, {update, trained}: TrainingState): Promise<void> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, weight] of trained)
    for (const part of parts) tensors[`${part}.${name}`] = {shape: [weight[part].length], data: weight[part]};
  await replaceFile(join(dir, STATE_FILE), encodeSafetensors(tensors, {update: String(update)}));
}

/** The update that a folder's state stands at; 0 where it holds none. */
export async function savedUpdate(dir: string): Promise<number> {
  const path = join(dir, STATE_FILE);
  const file = await ifThere(openSafetensors(path), undefined);
  await file?.close();
  return file ? updateOf(file, path) : 0;
}

function updateOf({metadata}: SafetensorsFile, path: string): number {
  const update = Number(metadata.update);
  if (!(Number.isSafeInteger(update) && update >= 0))
    throw new TraceFormatError(`invalid update: ${String(metadata.update).slice(0, 40)} in ${path}; expected a whole number`);
  return update;
}

/** The state that a folder holds; undefined where it holds none. Throws a TraceFormatError for one of another model. */
export async function loadState(dir: string, {weights}: Pick<Model, "weights">): Promise<TrainingState | undefined> {
  const path = join(dir, STATE_FILE);
  const file = await ifThere(openSafetensors(path), undefined);
  if (!file) return undefined;
  try {
    const update = updateOf(file, path);
    const trained = new Map<string, Trained>();
    for (const {name, sourceShape} of weights) {
      const [value, mean, square] = await Promise.all(parts.map((part) => file.readFloats(`${part}.${name}`)));
      if (value.length !== countOf(sourceShape))
        throw new TraceFormatError(`unexpected size of ${name} in ${path}: ${value.length}; expected ${countOf(sourceShape)}`);
      trained.set(name, {value, mean, square});
    }
    return {update, trained};
  } finally {
    await file.close();
  }
}
