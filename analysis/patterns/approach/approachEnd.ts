import {scratching} from "../../kernel/memory.ts";
import {departures} from "./approaches.ts";
import {FROM_THE_START, tailSize} from "./contraction.ts";
import {ENDLESS, endlessP, SURE_END} from "./endless.ts";
import {distancesToTail, productsFrom, type Gram} from "../path/gram.ts";
import type {Products} from "../path/residual.ts";
import {GOES_ON, slowPartP} from "./slowPart.ts";
import {WANDERS, wanders} from "./wanders.ts";

/** What is asked for its end. */
interface Approach {
  readonly approach: Gram;
  /** The approach, of states on a sphere as it looks on the plane where it ends. */
  readonly flat: Products;
  /** Step of its first state. */
  readonly first: number;
  /** Rounding floor of one state. */
  readonly floor: number;
  /** Whether one mode accounts for it. */
  readonly oneMode: boolean;
}

/** What a label would say of it. */
interface Claimed {
  /** First and last step, of the path. */
  readonly window: readonly [number, number];
  readonly rate?: number;
  readonly spiral?: boolean;
  /** Steps per turn. */
  readonly spiralPeriod?: number;
}

interface End {
  /** P(what is claimed | it has no end), the largest of the tests; or no more than `enough`. */
  readonly p: number;
  /** Why no label may claim an end. */
  readonly noEnd?: string;
  /** What p leaves open. */
  readonly unsure: string;
}

const LATER = [0, 1 / 4, 1 / 2]; // of an approach, where something beside it is looked for

/** Of what claims no end. */
export const NOTHING_ASKED: End = {p: 0, unsure: ENDLESS};

/** Whether an approach comes to an end: no way without one accounts for it as well, its end does not wander, and nothing goes on beside it. */
export function endOf(approach: Approach, figures: Claimed, enough: number): End {
  const claimed = claimedApproach(approach, figures);
  const endP = noEndP(approach, figures, {way: claimed.way, enough});
  if (endP > SURE_END) return {p: endP, noEnd: ENDLESS, unsure: ENDLESS};
  if (endWanders(approach, figures, claimed)) return {p: endP, noEnd: WANDERS, unsure: ENDLESS};
  const slowP = goesOnP(approach, figures, claimed);
  return {p: Math.max(endP, slowP), unsure: slowP > endP ? GOES_ON : ENDLESS, ...(slowP > SURE_END ? {noEnd: GOES_ON} : {})};
}

/**
 * P(what the figures say of an approach | it is a way without an end), after the number of starts tried, or no more than `enough`; a mode says where it begins, all else leaves out a first state that may be
 * anywhere, and may have set out for its end later.
 */
function noEndP(
  {approach, flat, first, floor, oneMode}: Approach,
  {rate, spiral, spiralPeriod, window}: Claimed,
  {way, enough}: {readonly way: number; readonly enough: number}
): number {
  const from = Math.max(oneMode ? 0 : 1, window[0] - first);
  const starts = [from, ...(oneMode ? [] : departures(approach).filter((start) => start > from))];
  const tried = starts.length * Math.max(1, from); // of all states before, one was chosen
  let least = 1;
  for (const start of starts) {
    const p = scratching(() =>
      endlessP(flat, {
        from: start,
        rate,
        spiralPeriod: spiral ? spiralPeriod : undefined,
        oneMode: oneMode && start <= FROM_THE_START,
        floor,
        way
      })
    );
    least = Math.min(least, p);
    if (least * tried <= enough) break;
  }
  return Math.min(1, least * tried);
}

/** The largest `slowPartP` of the path from where the figures tell of it, or from a later state on, where quicker motion is over; or one beyond `SURE_END`. */
function goesOnP({flat, first}: Approach, {window}: Claimed, claimed: ReturnType<typeof claimedApproach>): number {
  const from = Math.max(1, window[0] - first);
  let most = 0;
  for (const share of LATER) {
    if (most > SURE_END) break;
    const later = productsFrom(flat, from + Math.floor(share * (flat.size - from)));
    most = Math.max(
      most,
      scratching(() => slowPartP(later, claimed))
    );
  }
  return most;
}

/** Whether the path still moves about once the way is over that the figures tell of, or where half of the path is: what follows a walk comes near, and walks on. */
function endWanders({approach, first}: Approach, {window}: Claimed, claimed: ReturnType<typeof claimedApproach>): boolean {
  const [from, to] = window.map((step) => step - first);
  return wanders(productsFrom(approach, Math.min(to, Math.max(from, approach.size >> 1))), claimed);
}

/** The approach that the figures tell of, as what is beside it and after it is held against; its way is the greatest distance of a state from the end. */
const claimedApproach = ({approach, floor}: Approach, {rate = 0, spiral, spiralPeriod}: Claimed) => ({
  ...{rate, omega: spiral && spiralPeriod !== undefined ? (2 * Math.PI) / spiralPeriod : 0, floor},
  way: Math.max(...distancesToTail(approach, tailSize(approach.size)))
});
