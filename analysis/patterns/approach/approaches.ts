import {scratching} from "../../kernel/memory.ts";
import {contractionOf, planesAtEnd, tailSize, type ContractionEvidence, type ContractionOptions} from "./contraction.ts";
import {distancesToTail, windowOf, type Gram} from "../path/gram.ts";

const CONVINCING = 1e-4; // largest p that needs no other window
const DEPARTED = [0.8, 0.4, 0.2, 0.1]; // shares of the greatest distance from its end at which a path may have set out for it
const LEAST_LATE = 8; // states
export const CARRIED = 0.25; // of the greatest distance, at least, by one mode that takes over on the way

/** The approach that speaks, and where what it comes to is left again another one, sought from a later state on; undefined where that one is none, or speaks already. */
export interface Approaches {
  readonly speaking: ContractionEvidence;
  readonly later: () => ContractionEvidence | undefined;
}

/**
 * Tests whether the steps of a path die away and measures how fast: over the whole, or, where something speaks against that, from the last step at which it was still a given
 * share of its greatest distance away from its end (a late approach); from there, too, where one mode carries much of the distance and none accounts for the whole.
 */
export function approachesOf(gram: Gram, options: ContractionOptions): Approaches {
  const whole = scratching(() => contractionOf(gram, {...options, starts: 1}));
  const convinces = whole.against.length === 0 && whole.p <= CONVINCING;
  const sought = !(convinces && whole.method === "mode") && !whole.goesOn;
  const late = sought ? lateApproach(gram, {...options, carried: convinces}) : undefined;
  return {speaking: late ?? whole, later: () => (sought && !convinces ? undefined : lateApproach(gram, {...options, carried: false}))};
}

interface LateOptions extends ContractionOptions {
  /** Whether one mode must carry much of the distance. */
  readonly carried: boolean;
}

/** An approach from a later state on, which nothing speaks against. Undefined where there is none. */
function lateApproach(gram: Gram, {carried, ...options}: LateOptions): ContractionEvidence | undefined {
  const lastAway = lastFrom(gram);
  for (const from of departuresOf(lastAway, gram.size)) {
    if (carried && from > lastAway(CARRIED)) break; // less is left from there on
    const late = scratching(() => {
      const window = windowOf(gram, from);
      return contractionOf(window, {...options, planes: planesAtEnd(window), starts: gram.size});
    });
    const p = Math.min(1, late.p * gram.size);
    const window = [late.window[0] + from, late.window[1] + from] as const;
    if (late.against.length > 0 || p > CONVINCING) continue;
    if (carried && (late.method !== "mode" || window[0] > lastAway(CARRIED))) continue;
    return {...late, window, settledStep: late.settledStep === undefined ? undefined : late.settledStep + from, p};
  }
  return undefined;
}

/** The last step at which a path is at least so large a share of its greatest distance away from its end. */
function lastFrom(gram: Gram): (share: number) => number {
  const toEnd = distancesToTail(gram, tailSize(gram.size));
  const far = Math.max(...toEnd.slice(1));
  return (share) => toEnd.findLastIndex((distance) => distance >= share * far);
}

/** The steps at which a path may have set out for its end late. */
export const departures = (gram: Gram): number[] => departuresOf(lastFrom(gram), gram.size);

const departuresOf = (lastAway: (share: number) => number, size: number): number[] =>
  [...new Set(DEPARTED.map(lastAway))].filter((from) => from > 0 && size - from >= LEAST_LATE);
