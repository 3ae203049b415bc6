import type {Random} from "../random.ts";
import {statesOf, type States} from "../states.ts";
import {agreementOf, heldFrom, type Agreement, type AnswerMoment} from "./agreement.ts";
import {alignmentScore, finalCosine, type AlignmentScore, type FinalCosine} from "./asymptoticAlignment.ts";
import {attractorOfStarts, attractorsOf, type Attractors} from "./attractors.ts";
import {basinOf, type Basin} from "./basin.ts";
import {samePlaceWithin} from "./samePlace.ts";
import {contractionOf, type Contraction} from "./contraction.ts";
import {gapFloorOf} from "./gapFloor.ts";
import {gapCurve, type Gaps} from "./gaps.ts";
import {landscapeModeOf, type LandscapeMode} from "./landscape.ts";
import {isOwn, isTested, startsWhere, type Start} from "./start.ts";
import {sequenceOf} from "./tail.ts";

/** What was kept of the runs of one prompt. */
export interface PromptRuns {
  /** Own starts first: gaps and answers by step are theirs. */
  readonly starts: readonly Start[];
  readonly gaps: {readonly tokens: Gaps; readonly sequence: Gaps};
  /** The last steps of all starts. */
  readonly tail: States;
  /** Answers of the own starts by step, the initial state first; empty where none were decoded. */
  readonly answers: readonly AnswerMoment[];
  /** Most probable ids of all starts at the last step, `[start][token]`; empty where none were decoded. */
  readonly finalTop: Int32Array;
  /** What the right answer predicts, as (token index, id), where it is known. */
  readonly expected?: readonly {readonly token: number; readonly id: number}[];
}

/**
 * `independent`: all tested starts reached one attractor. `dependent`: they reached more than one. `unfinished`: one attractor was reached, but some
 * starts were still closing in on it when the run ended.
 */
type Verdict = "independent" | "dependent" | "unfinished";

/** Path independence of one token, or of the whole sequence. */
export interface UnitPaths {
  readonly verdict: Verdict;
  /** Relative gap below which nothing is claimed. */
  readonly floor: number;
  /** Gap between own starts by step: geometric mean over pairs, and largest. */
  readonly gap: {readonly mean: Float64Array; readonly largest: Float64Array};
  /** First step from which on all own starts are within the tolerance of one another; undefined where they are not at the end. */
  readonly reachedStep?: number;
  readonly contraction?: Contraction;
  readonly finalCosine?: FinalCosine;
  readonly aaNoise?: AlignmentScore;
  readonly aaSwap?: AlignmentScore;
  /** Of all starts. */
  readonly attractors: Attractors;
  /** Index of the attractor that most own starts reached; −1 where none reached any. */
  readonly main: number;
  /** Attractors that the tested starts reached. */
  readonly reached: number;
  /** Phases of the main attractor, a step or more apart, at which the tested starts ended; and of any attractor, by index. */
  readonly phases: number;
  readonly phasesOf: (attractor: number) => number;
  readonly basin: Basin;
  /** Undefined for the sequence, and where no answers were decoded. */
  readonly agreement?: Agreement;
}

export interface PromptPaths {
  readonly tokens: readonly UnitPaths[];
  readonly sequence: UnitPaths;
  /** Where the right answer is known and answers were decoded. */
  readonly landscape?: {readonly mode: LandscapeMode; readonly correct: number; readonly own: number};
}

interface PathsOptions {
  readonly random: Random;
  /** Relative distance up to which two places count as one; defaults to 0.01. */
  readonly tolerance?: number;
  readonly resamples?: number;
}

/** Analyses the runs of one prompt. Deterministic given `random`, which is drawn from in the order tokens first, then sequence. */
export const promptPaths = (runs: PromptRuns, options: PathsOptions): PromptPaths => ({
  tokens: tokenPaths(runs, options),
  ...sequencePaths(runs, options)
});

/** Of each token by itself; the runs may be of some of a prompt's tokens, so that not all have to be in memory. */
export const tokenPaths = (runs: PromptRuns, options: PathsOptions): UnitPaths[] =>
  Array.from({length: runs.tail.tokens}, (_, token) => ({
    ...unitPaths(runs, {tail: runs.tail, gaps: runs.gaps.tokens, token}, options),
    agreement: runs.answers.length > 0 ? agreementOf(runs.answers, token) : undefined
  }));

/** Of all tokens of the runs taken as one. */
export function sequencePaths(runs: PromptRuns, options: PathsOptions): Omit<PromptPaths, "tokens"> {
  const sequence = unitPaths(runs, {tail: sequenceOf(runs.tail), gaps: runs.gaps.sequence, token: 0}, options);
  return {sequence, landscape: landscapeOf(runs, sequence.attractors)};
}

interface Unit {
  readonly tail: States;
  readonly gaps: Gaps;
  readonly token: number;
}

function unitPaths({starts}: PromptRuns, {tail, gaps, token}: Unit, {random, tolerance, resamples}: PathsOptions): UnitPaths {
  const gapFloor = gapFloorOf(tail, token);
  const floor = gapFloor.amplified;
  const own = startsWhere(starts, isOwn);
  const attractors = attractorsOf(tail, token, {floor, tolerance});
  const place = attractorOfStarts(attractors, starts.length);
  const tested = startsWhere(starts, isTested);
  const reached = new Set(tested.map((start) => place[start]).filter((attractor) => attractor >= 0)).size;
  const main = mainAttractor(place, own);
  const phase = phaseNames(attractors, starts.length);
  const phasesOf = (attractor: number): number =>
    new Set(tested.filter((start) => place[start] === attractor).map((start) => phase[start])).size;
  const gap = gapCurve(gaps, token);
  const last = lastStepOf(tail);
  return {
    verdict: reached > 1 ? "dependent" : tested.every((start) => place[start] >= 0) ? "independent" : "unfinished",
    floor,
    gap,
    reachedStep:
      gaps.pairs.length > 0 ? heldFrom(gaps.steps, (step) => gap.largest[step] <= samePlaceWithin({floor, tolerance})) : undefined,
    contraction: contractionOf(gaps, token, {floor: gapFloor, random, resamples, counts: ([i, j]) => phase[i] === phase[j]}),
    finalCosine: finalCosine(last, token, own, {random, resamples}),
    aaNoise: alignmentScore(
      last,
      token,
      own,
      startsWhere(starts, ({kind}) => kind === "noise"),
      {random, resamples}
    ),
    aaSwap: alignmentScore(
      last,
      token,
      own,
      startsWhere(starts, ({kind}) => kind === "swap"),
      {random, resamples}
    ),
    attractors,
    main,
    reached,
    phases: main < 0 ? 0 : phasesOf(main),
    phasesOf,
    basin: basinOf(starts, place, main)
  };
}

/** The attractor that most own starts reached, among equals the first; −1 where none reached any. */
function mainAttractor(place: Int32Array, own: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const start of own) if (place[start] >= 0) counts.set(place[start], (counts.get(place[start]) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? -1;
}

/** A name for where on which attractor each start is, equal for starts whose gap goes to zero; starts underway count with the place they approach. */
function phaseNames({attractors, underway}: Attractors, starts: number): readonly string[] {
  const nameOf = (attractor: number, lag: number): string => {
    const turn = attractors[attractor].period;
    return `${attractor}@${Math.round(turn === undefined ? lag : lag - turn * Math.floor((lag + 0.5) / turn))}`; // within −½ … turn − ½
  };
  const names = Array.from({length: starts}, (_, start) => `alone ${start}`);
  attractors.forEach(({members, lags}, i) => members.forEach((start, m) => (names[start] = nameOf(i, lags[m]))));
  for (const {start, attractor, lag} of underway) if (attractor !== undefined) names[start] = nameOf(attractor, lag);
  return names;
}

function lastStepOf({steps, inits, tokens, width, data}: States): States {
  return statesOf({steps: 1, inits, tokens, width}, data.subarray((steps - 1) * inits * tokens * width));
}

function landscapeOf({starts, expected, finalTop}: PromptRuns, attractors: Attractors): PromptPaths["landscape"] {
  if (!expected || finalTop.length === 0) return undefined;
  const tokens = finalTop.length / starts.length;
  const place = attractorOfStarts(attractors, starts.length);
  const outcomes = starts.map((start, s) => ({
    own: isOwn(start),
    settled: place[s] >= 0,
    correct: expected.every(({token, id}) => finalTop[s * tokens + token] === id)
  }));
  const own = outcomes.filter((outcome) => outcome.own);
  return {mode: landscapeModeOf(outcomes), correct: own.filter(({correct}) => correct).length, own: own.length};
}
