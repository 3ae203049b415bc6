import type {States} from "../states.ts";
import {tokenCorrelation} from "./tokenCorrelation.ts";

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
  return collapseFrom(tokenCorrelation(states), states);
}

/** The same from the tokens' correlations, `[step][init]`. */
export function collapseFrom(correlations: Float32Array, {steps, inits, tokens}: Omit<States, "data" | "width">): Collapse {
  const most = 1 - 1 / tokens;
  const worst = Array.from({length: steps}, (_, step) => Math.max(...correlations.subarray(step * inits, (step + 1) * inits)));
  if (tokens < 2) return {collapsed: false, correlation: worst[steps - 1], most};
  let since = steps;
  while (since > 0 && worst[since - 1] >= ALIKE * most) --since;
  return {collapsed: since < steps, since: since < steps ? since : undefined, correlation: worst[steps - 1], most};
}
