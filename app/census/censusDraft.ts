import {create} from "zustand";
import {
  captureBounds,
  computeDtypes,
  devices,
  engineKinds,
  engineRefusal,
  keepBounds,
  MAX_TITLE_CHARACTERS,
  type ComputeDtype,
  type Device,
  type EngineKind
} from "../../api/contract/choices.ts";
import {promptsIn} from "../experiments/experimentProblems.ts";
import {promptLinesOf} from "../experiments/promptText.ts";
import {boundProblem} from "../parts/boundProblem.ts";
import type {CensusOrder} from "../source/Source.ts";

/** What the census's form holds, as it was typed; kept while the dialog is closed. */
export interface CensusDraft {
  readonly model: string;
  readonly title: string;
  /** Prompts, a line each. */
  readonly prompts: string;
  readonly steps: number;
  readonly inits: number;
  readonly seed: number;
  readonly keep: number;
  readonly sample: number;
  readonly megabytes: number;
  readonly engine: EngineKind;
  readonly dtype: ComputeDtype;
  readonly device: Device;
}

/** The defaults of `orrery census`. */
export const emptyCensus: CensusDraft = {
  model: "",
  title: "",
  prompts: "",
  steps: captureBounds.steps.usual,
  inits: 1,
  seed: captureBounds.seed.usual,
  keep: keepBounds.traces.usual,
  sample: keepBounds.sample.usual,
  megabytes: keepBounds.megabytes.usual,
  engine: engineKinds[0],
  dtype: computeDtypes[0],
  device: devices[0]
};

export const useCensusDraft = create<CensusDraft>()(() => emptyCensus);

/** The order that a draft asks for. Throws what promptLinesOf does. */
export const censusOrder = ({title, prompts, keep, sample, megabytes, ...rest}: CensusDraft): CensusOrder => ({
  ...rest,
  ...(title.trim() && {title: title.trim()}),
  prompts: promptLinesOf(prompts).map(({prompt}) => prompt),
  keep: {traces: keep, sample, megabytes}
});

export type CensusProblems = Partial<Record<keyof CensusDraft, string>>;

/** What in a draft the server would refuse, by field: the value and what is allowed. Characters that the model lacks it tells itself. */
export function censusProblems({
  title,
  prompts,
  steps,
  inits,
  seed,
  keep,
  sample,
  megabytes,
  engine,
  dtype,
  device
}: CensusDraft): CensusProblems {
  const read = promptsIn(prompts);
  const length = title.trim().length;
  const all: CensusProblems = {
    prompts: "problem" in read ? read.problem : undefined,
    title: length > MAX_TITLE_CHARACTERS ? `Title: ${length} characters; expected at most ${MAX_TITLE_CHARACTERS}.` : undefined,
    steps: boundProblem(steps, "Steps", captureBounds.steps),
    inits: boundProblem(inits, "Initial states", captureBounds.inits),
    seed: boundProblem(seed, "Seed", captureBounds.seed),
    keep: boundProblem(keep, "Kept traces", keepBounds.traces),
    sample: boundProblem(sample, "Sample", keepBounds.sample),
    megabytes: boundProblem(megabytes, "Megabytes", keepBounds.megabytes),
    dtype: engineRefusal(engine, {dtype, device: devices[0]}),
    device: engineRefusal(engine, {dtype: computeDtypes[0], device})
  };
  return Object.fromEntries(Object.entries(all).filter(([, problem]) => problem !== undefined));
}
