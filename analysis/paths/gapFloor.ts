import {norm} from "../matrix.ts";
import {precisionOf, roundingFloor} from "../patterns/path/rounding.ts";
import {stateAt, type States} from "../states.ts";

/** Relative gaps that rounding makes between two starts that are in the same place. */
export interface GapFloor {
  /** √2 roundings of a state, since each side has its own: the least that two states can be told apart by. */
  readonly rounding: number;
  /** What a loop may make of that: the level below which nothing is claimed where the floor cannot be measured. */
  readonly amplified: number;
}

const LOOP_AMPLIFICATION = 10; // a loop carries its roundings on: measured plateaus lie 3 to 10 times above one rounding

/** The floor of the gaps of one token. `tail` holds the last states of all starts; the number format is recognised from them. 0 for zero states. */
export function gapFloorOf(tail: States, token: number): GapFloor {
  const state = stateAt(tail, tail.steps - 1, token, 0);
  const length = norm(state);
  const rounding = length > 0 ? (Math.SQRT2 * roundingFloor(state, precisionOf(tail.data))) / length : 0;
  return {rounding, amplified: LOOP_AMPLIFICATION * rounding};
}
