import {
  answerTimes,
  computeDtypes,
  devices,
  engineKinds,
  experimentBounds,
  experimentLists,
  type ComputeDtype,
  type Device,
  type EngineKind
} from "../../api/contract/choices.ts";
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
  readonly answers: (typeof answerTimes)[number];
  readonly engine: EngineKind;
  readonly dtype: ComputeDtype;
  readonly device: Device;
}

/** The defaults of `orrery paths`. */
export const emptyExperiment: ExperimentDraft = {
  model: "",
  title: "",
  prompts: "",
  steps: experimentBounds.steps.usual,
  inits: experimentBounds.inits.usual,
  seed: experimentBounds.seed.usual,
  noise: experimentBounds.noise.usual,
  swaps: experimentBounds.swaps.usual,
  scales: experimentLists.scales.usual.join(", "),
  scaleInits: experimentBounds.scale_inits.usual,
  constants: experimentLists.constants.usual.join(", "),
  keep: experimentLists.keep.usual.join(", "),
  tolerance: experimentBounds.tolerance.usual,
  resamples: experimentBounds.resamples.usual,
  answers: answerTimes[0],
  engine: engineKinds[0],
  dtype: computeDtypes[0],
  device: devices[0]
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
