import {captureBounds, generateBounds, seedBounds, type Bounds} from "../../capture/bounds.ts";

/** Items of a task at most, and choices of one. */
export const MAX_ITEMS = 100_000;
export const MAX_CHOICES = 64;

/** What may be asked of an evaluation, in numbers. */
export const evalBounds = {
  steps: captureBounds.steps,
  limit: {least: 1, most: MAX_ITEMS, usual: MAX_ITEMS},
  maxNew: generateBounds.maxNew,
  seed: seedBounds
} as const satisfies Readonly<Record<string, Bounds>>;

/** Depths at which every item is answered where nothing is said, and how many there may be. */
export const USUAL_DEPTHS: readonly number[] = [1, 2, 4, 8, 16, 32, 64];
export const MAX_DEPTHS = 32;

/** Exit rules of one evaluation at most, and as many cache strategies. */
export const MAX_RULES = 16;

/** How an answer is taken out of a text: as it stands, or by lm-evaluation-harness's two filters of gsm8k. */
export const answerFilters = ["exact", "gsm8k-strict", "gsm8k-flexible"] as const;

/** The files that an evaluation can be had as. */
export const evalExports = ["json", "csv", "items.csv"] as const;
export type EvalExport = (typeof evalExports)[number];
