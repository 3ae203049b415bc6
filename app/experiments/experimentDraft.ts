import {create} from "zustand";
import {promptLinesOf} from "./promptText.ts";
import type {ExperimentOrder} from "../source/Source.ts";

/** What the experiment's form holds, as it was typed; kept while the dialog is closed. */
export interface ExperimentDraft {
  readonly model: string;
  readonly title: string;
  /** Prompts, a line each. */
  readonly prompts: string;
  readonly steps: number;
  readonly inits: number;
  readonly seed: number;
  readonly noise: number;
  readonly swaps: number;
  /** Lists of numbers, joined by commas. */
  readonly scales: string;
  readonly scaleInits: number;
  readonly constants: string;
  readonly keep: string;
  readonly tolerance: number;
  readonly resamples: number;
  readonly answers: "every" | "last";
  readonly engine: "onnx" | "tfjs";
  readonly dtype: "f32" | "int8";
  readonly device: "cpu" | "cuda" | "webgpu" | "coreml" | "dml";
}

/** The defaults of `orrery paths`. */
export const emptyExperiment: ExperimentDraft = {
  model: "",
  title: "",
  prompts: "",
  steps: 64,
  inits: 16,
  seed: 0,
  noise: 8,
  swaps: 4,
  scales: "0, 0.1, 3, 10",
  scaleInits: 4,
  constants: "1",
  keep: "",
  tolerance: 0.01,
  resamples: 400,
  answers: "every",
  engine: "onnx",
  dtype: "f32",
  device: "cpu"
};

export const useExperimentDraft = create<ExperimentDraft>()(() => emptyExperiment);

/** The order that a draft asks for. Throws what promptLinesOf does. */
export function experimentOrder({
  model,
  title,
  prompts,
  steps,
  inits,
  seed,
  noise,
  swaps,
  scales,
  scaleInits,
  constants,
  keep,
  tolerance,
  resamples,
  answers,
  engine,
  dtype,
  device
}: ExperimentDraft): ExperimentOrder {
  return {
    model,
    ...(title.trim() && {title: title.trim()}),
    prompts: promptLinesOf(prompts),
    options: {
      steps,
      inits,
      seed,
      noise,
      swaps,
      scales: numbersOf(scales),
      scale_inits: scaleInits,
      constants: numbersOf(constants),
      keep: numbersOf(keep),
      tolerance,
      resamples,
      answers,
      engine,
      dtype,
      device
    }
  };
}

/** Numbers out of a list joined by commas or spaces; NaN for what is none. */
export const numbersOf = (text: string): number[] =>
  text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);

/** Starts that each of so many different prompts is run from: none swaps with itself. */
export function startsEach({inits, noise, swaps, scales, scaleInits, constants}: ExperimentDraft, prompts: number): number {
  const swept = numbersOf(scales).filter((scale) => scale !== 1);
  return (
    inits +
    noise +
    Math.min(swaps, Math.max(0, prompts - 1)) +
    Number(swept.includes(0)) +
    swept.filter((scale) => scale !== 0).length * scaleInits +
    numbersOf(constants).length
  );
}
