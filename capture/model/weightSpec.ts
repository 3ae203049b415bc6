import type {Initialiser, WeightSpec} from "./family.ts";

export const ones: Initialiser = {mean: 1, std: 0};
export const zeros: Initialiser = {mean: 0, std: 0};
export const normal = (std: number): Initialiser => ({mean: 0, std});

/** A weight that the checkpoint keeps as the model reads it. */
export const weight = (name: string, source: string, shape: readonly number[], initial: Initialiser): WeightSpec => ({
  name,
  source,
  sourceShape: shape,
  shape,
  initial
});
