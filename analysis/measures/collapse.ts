import type {States} from "../states.ts";
import {addTokens, correlationsOf, correlationTally, ordinaryCorrelationsOf, type CorrelationTally} from "./tokenCorrelation.ts";

export interface Collapse {
  /** The tokens have become one another at the end, from at least one initial state. */
  readonly collapsed: boolean;
  /** First step from which they stay so; undefined if they do not. */
  readonly since?: number;
  /** Token correlation at the last step, the largest over initial states. */
  readonly correlation: number;
  /** What tokens of one state would have: 1 − 1/tokens. */
  readonly most: number;
}

const ALIKE = 0.95; // share of the greatest possible correlation; trained models stay far below

/** Whether a run shows the sign of a collapsed model; one of a single token does not tell. */
export function collapseOf(states: States): Collapse {
  const tally = correlationTally(states);
  addTokens(tally, states);
  return collapseFrom(tally, states);
}

/** The same from what was gathered of all tokens. Tokens that a massive coordinate alone makes alike have not become one another. */
export function collapseFrom(tally: CorrelationTally, {steps, inits, tokens}: Omit<States, "data" | "width">): Collapse {
  const most = 1 - 1 / tokens;
  const worst = (correlations: Float32Array, step: number): number => Math.max(...correlations.subarray(step * inits, (step + 1) * inits));
  const all = correlationsOf(tally);
  const correlation = worst(all, steps - 1);
  if (tokens < 2) return {collapsed: false, correlation, most};
  const ordinary = ordinaryCorrelationsOf(tally);
  const alike = all.map((one, at) => Math.min(one, ordinary[at]));
  let since = steps;
  while (since > 0 && worst(alike, since - 1) >= ALIKE * most) --since;
  return {collapsed: since < steps, since: since < steps ? since : undefined, correlation, most};
}
