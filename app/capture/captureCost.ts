import type {ModelSummary, Run} from "../../api/contract/contract.ts";
import {formatBytes, formatSeconds} from "../plot/format.ts";
import type {Draft} from "./captureDraft.ts";

const FLOAT_BYTES = 4;
const CURVES = 4; // numbers kept of each state's readout beside its likeliest tokens

interface CaptureCost {
  readonly states: number;
  /** On disk: states of every site, and what each step says. */
  readonly bytes: number;
  /** Undefined where no earlier run of the model tells. */
  readonly seconds: number | undefined;
}

/** How long one state of a model took to compute, from a run of it: the median over its steps, in milliseconds. */
export function stateMilliseconds({trace: {step_ms, inits, tokens}}: Pick<Run, "trace">): number | undefined {
  const sorted = [...step_ms].filter((ms) => ms > 0).sort((a, b) => a - b);
  return sorted.length === 0 ? undefined : sorted[sorted.length >> 1] / (inits.length * tokens.length);
}

/** What a setting will take; undefined while it is not whole. */
export function captureCost(
  {steps, inits, sites, readout, top}: Pick<Draft, "steps" | "inits" | "sites" | "readout" | "top">,
  model: Pick<ModelSummary, "width"> | undefined,
  tokens: number | undefined,
  stateMs: number | undefined
): CaptureCost | undefined {
  if (!model || !tokens || !(steps > 0) || !(inits > 0)) return undefined;
  const states = (steps + 1) * inits * tokens;
  const said = readout ? 2 * top + CURVES : 0;
  return {
    states,
    bytes: states * FLOAT_BYTES * (Math.max(1, sites.length) * model.width + said),
    seconds: stateMs === undefined ? undefined : (states * stateMs) / 1000
  };
}

export const costWords = ({states, bytes, seconds}: CaptureCost): string =>
  `${states.toLocaleString("en")} states, ${formatBytes(bytes)} on disk${seconds === undefined ? "" : `, about ${formatSeconds(seconds)} at the pace of the last run`}`;
