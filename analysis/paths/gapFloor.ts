import {norm} from "../matrix.ts";
import {precisionOf, roundingFloor} from "../patterns/rounding.ts";
import {stateAt, type States} from "../states.ts";

const LOOP_AMPLIFICATION = 10; // a step's rounding is carried on by the loop: measured plateaus lie 3 to 10 times above one rounding

/**
 * The relative gap below which two states of one token cannot be told apart: √2 roundings of a state (each side has its own), times what the
 * loop makes of them. `tail` holds the last states of all starts; the format is recognised from their numbers. 0 for zero states.
 */
export function gapFloorOf(tail: States, token: number): number {
  const state = stateAt(tail, tail.steps - 1, token, 0);
  const length = norm(state);
  return length > 0 ? (LOOP_AMPLIFICATION * Math.SQRT2 * roundingFloor(state, precisionOf(tail.data))) / length : 0;
}
