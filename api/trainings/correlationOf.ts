import {tokenCorrelation} from "../../analysis/measures/tokenCorrelation.ts";

/** How alike the states [tokens, width] of one row are, as the trainer is told to measure it. */
export const correlationOf = (states: Float32Array, {tokens, width}: {readonly tokens: number; readonly width: number}): number =>
  tokenCorrelation({data: states, steps: 1, inits: 1, tokens, width})[0];
