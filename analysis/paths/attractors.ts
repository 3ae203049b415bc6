import type {States} from "../states.ts";
import {compareTails, type Relation} from "./compareTails.ts";
import {isLeaving} from "./closing.ts";
import {periodOf} from "./tailPeriod.ts";
import type {CompareOptions} from "./samePlace.ts";

/** A place (or a cycle) in which starts end. */
interface Attractor {
  /** The start that stands for it: the first that reached it. */
  readonly representative: number;
  /** The starts that reached it, by index, the representative included. */
  readonly members: readonly number[];
  /** Steps by which each member runs ahead of the representative along the same cycle; 0 in a fixed point. */
  readonly lags: readonly number[];
  /** 1 for a fixed point, else the steps of a turn (need not be whole); undefined for a motion that was not seen to come back. */
  readonly period?: number;
}

/** A start that had not arrived anywhere when the run ended. */
interface Underway {
  readonly start: number;
  /** Index of the attractor that it was closing in on; undefined where it was leaving one place for no other yet. */
  readonly attractor?: number;
  /** Steps by which it runs ahead of that attractor's representative. */
  readonly lag: number;
}

/** Where all starts of one token, or of one sequence, ended. */
export interface Attractors {
  /** Most members first, among equals the earlier representative. */
  readonly attractors: readonly Attractor[];
  readonly underway: readonly Underway[];
}

/**
 * Clusters of final states, by leader clustering over tails: each start, in order, joins the nearest attractor whose representative is in the same
 * place or on the same cycle at another phase (`compareTails`), is underway if it is closing in on one, and founds a new one otherwise. Starts
 * that are leaving where they are (`isLeaving`) come last and found none while there is another. Two attractors are therefore farther apart
 * than the tolerance, and were not approaching one another.
 */
export function attractorsOf(tail: States, token: number, options: CompareOptions): Attractors {
  const starts = Array.from({length: tail.inits}, (_, start) => start);
  const leaving = new Set(starts.filter((start) => isLeaving(tail, token, start, options)));
  const found: {representative: number; members: number[]; lags: number[]}[] = [];
  const late: {start: number; representative?: number; lag: number}[] = [];
  for (const start of [...starts.filter((s) => !leaving.has(s)), ...leaving]) {
    const comparisons = found.map(({representative}) => compareTails(tail, token, start, representative, options));
    const nearest = (...relations: Relation[]): number => {
      let best = -1;
      comparisons.forEach(({relation, distance}, i) => {
        if (relations.includes(relation) && (best < 0 || distance < comparisons[best].distance)) best = i;
      });
      return best;
    };
    const joined = nearest("same", "phase");
    const approached = nearest("closing");
    if (joined >= 0) {
      found[joined].members.push(start);
      found[joined].lags.push(comparisons[joined].lag);
    } else if (approached >= 0) late.push({start, representative: found[approached].representative, lag: comparisons[approached].lag});
    else if (leaving.has(start) && found.length > 0) late.push({start, lag: 0});
    else found.push({representative: start, members: [start], lags: [0]});
  }
  const attractors = found
    .map((attractor) => ({...attractor, period: periodOf(tail, token, attractor.representative, options)}))
    .sort((a, b) => b.members.length - a.members.length || a.representative - b.representative);
  const indexOf = new Map(attractors.map(({representative}, i) => [representative, i]));
  const underway = late.map(({start, representative, lag}) => ({
    start,
    attractor: representative === undefined ? undefined : indexOf.get(representative),
    lag
  }));
  return {attractors, underway: underway.sort((a, b) => a.start - b.start)};
}

/** Index of the attractor that each start reached; −1 for a start underway. */
export function attractorOfStarts({attractors}: Attractors, starts: number): Int32Array {
  const reached = new Int32Array(starts).fill(-1);
  attractors.forEach(({members}, i) => {
    for (const start of members) reached[start] = i;
  });
  return reached;
}
