import type {States} from "../states.ts";
import {curvesOf, type Curve} from "./curve.ts";

/** Distance to the last state relative to its norm, ‖h_t − h_last‖ / ‖h_last‖; 0 at the last step. Where the last state is zero the distance is absolute. */
export const DISTANCE_TO_LAST: Curve = {
  from: 0,
  value: ({squares, toLast}, step) => Math.sqrt(toLast[step]) / (Math.sqrt(squares[squares.length - 1]) || 1)
};

/** The relative distances of states to the last one, layout `[step][init][token]`. */
export const distanceToLast = (states: States): Float32Array => curvesOf(states, {distance: DISTANCE_TO_LAST}).distance;
