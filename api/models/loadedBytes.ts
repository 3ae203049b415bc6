import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import type {ComputeDtype} from "../../capture/engine/choices.ts";
import {modelHash} from "../../capture/model/modelHash.ts";

/** A checkpoint's hash, and how many numbers its weights are. */
export async function weighed(folder: string): Promise<{readonly hash: string; readonly weights: number}> {
  const checkpoint = await loadCheckpoint(folder);
  await checkpoint.close();
  const sizes = [...checkpoint.weights.values()].map(({shape}) => shape.reduce((product, size) => product * size, 1));
  return {hash: await modelHash(checkpoint), weights: sizes.reduce((sum, size) => sum + size, 0)};
}

/** Bytes a weight takes once it is loaded: 15.2 GB and 5.1 GB for 3.5 billion (`npm run bench -- size`). */
const BYTES: Readonly<Record<ComputeDtype, number>> = {f32: 4.4, int8: 1.5};
const PROGRAM_BYTES = 0.3e9; // of the process without a model

/** About what a process takes with a model of so many weights loaded. */
export const loadedBytes = (weights: number, dtype: ComputeDtype): number => PROGRAM_BYTES + BYTES[dtype] * weights;
