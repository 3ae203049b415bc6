import {captureBounds, seedBounds, type Bounds} from "../../capture/bounds.ts";

const MAX_STARTS = 256;

/** What may be asked of a path-independence experiment, in numbers. */
export const experimentBounds = {
  steps: captureBounds.steps,
  inits: {least: 2, most: MAX_STARTS, usual: 16},
  seed: seedBounds,
  noise: {least: 0, most: MAX_STARTS, usual: 8},
  swaps: {least: 0, most: 64, usual: 4},
  scale_inits: {least: 1, most: MAX_STARTS, usual: 4},
  tolerance: {least: 1e-6, most: 1, usual: 0.01}, // float32 tells no nearer places apart
  resamples: {least: 100, most: 10_000, usual: 400}
} as const satisfies Readonly<Record<string, Bounds>>;

/** Lists of numbers: the ends of each, how many there may be, and what stands where nothing is said. */
export interface ListBounds {
  readonly least: number;
  readonly most: number;
  readonly count: number;
  readonly usual: readonly number[];
}

export const experimentLists = {
  scales: {...captureBounds.scale, count: 32, usual: [0, 0.1, 3, 10]},
  constants: {least: -1000, most: 1000, count: 32, usual: [1]},
  keep: {least: 0, most: Infinity, count: 1000, usual: []}
} as const satisfies Readonly<Record<string, ListBounds>>;

/** When answers are decoded. */
export const answerTimes = ["every", "last"] as const;

/** Prompts of one request; longer files are for the command line. */
export const MAX_REQUEST_PROMPTS = 10_000;
