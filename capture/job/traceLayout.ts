import {safetensorsDtypeOf} from "../trace/dtype.ts";
import type {Model} from "../model/family.ts";
import {INPUT, siteNamed, type Site} from "../model/site.ts";
import {READOUT_CURVES, TOP_IDS, TOP_LOGPROBS} from "../trace/readoutNames.ts";
import type {StepTensor} from "../trace/stepFile.ts";
import type {TraceAnnouncement} from "../trace/writer.ts";
import type {PreparedCapture} from "./prepareCapture.ts";

type ModelFields = Pick<
  TraceAnnouncement,
  "family" | "trained_steps" | "injects_input" | "width" | "state_is" | "state_parts" | "sites" | "lenses" | "norm"
>;

/** What a trace says of the model, and of the sites that it keeps. */
export function modelFields(model: Model, sites: readonly Site[]): ModelFields {
  const {stateNorm} = model;
  return {
    family: model.family,
    trained_steps: model.trainedSteps,
    injects_input: model.inputWidth > 0,
    width: model.width,
    state_is: model.stateIs,
    state_parts: model.parts.map(({name, width}) => ({name, width})),
    sites: sites.map(({name, phase, firstStep, width, perInit}) => ({name, phase, first_step: firstStep, width, per_init: perInit})),
    lenses: model.lenses.map((name) => ({name, formula: model.lensFormulas[name]})),
    norm: stateNorm ? {kind: "rms", weight: stateNorm.weight === undefined ? null : NORM_WEIGHT, eps: stateNorm.eps} : null
  };
}

const NORM_WEIGHT = "ln_f"; // what makes state_normed of state, so that it needs no model

/** Constants first; what is made before the first step has no step axis. */
export function stateTensors(
  {tokens, inits, steps, width, norm, storage_dtype}: TraceAnnouncement,
  {model, sites}: Pick<PreparedCapture, "model" | "sites">
): StepTensor[] {
  const dtype = safetensorsDtypeOf[storage_dtype];
  const injected = model.inputWidth > 0 ? [siteNamed(model, INPUT)] : [];
  const constants = new Set([...injected, ...sites.filter(({phase}) => phase === "before")]);
  return [
    ...(norm?.weight ? [{name: norm.weight, dtype: "F32" as const, shape: [width]}] : []),
    ...[...constants].map(({name, width}) => ({name, dtype, shape: [tokens.length, width]})),
    ...sites
      .filter(({phase}) => phase !== "before")
      .map(({name, width, firstStep}) => {
        return {name, dtype, shape: [inits.length, tokens.length, width], steps: steps + 1 - firstStep, firstStep};
      })
  ];
}

export function readoutTensors({tokens, inits, steps, readout, scalars}: TraceAnnouncement): StepTensor[] {
  if (!readout) return [];
  const rows = {steps: steps + 1};
  const shape = [inits.length, tokens.length];
  const curves = [...READOUT_CURVES, ...scalars].map((name) => ({
    name,
    dtype: "F32" as const,
    shape,
    ...rows
  }));
  return [
    {name: TOP_IDS, dtype: "I32", shape: [...shape, readout.top], ...rows},
    {name: TOP_LOGPROBS, dtype: "F32", shape: [...shape, readout.top], ...rows},
    ...curves
  ];
}
