import {DEEP, inOrderP} from "../nulls/dyingSteps.ts";
import {fTail} from "../statistics/fTail.ts";
import {mean, stepProducts, type Vectors} from "../path/gram.ts";
import type {Products} from "../path/residual.ts";

const CLEAR = 1.3; // × the noise of one state, at which its direction still says something
const LEAST_STATES = 4; // whose directions can agree
export const IN_ORDER = 0.01; // largest p of the order in which these states come nearer: four in order are met once in 24 times, five once in 120
const LEAST_STEPS = 6; // the same of steps, which hold the noise of two states
export const QUICK = 8; // states at most, each nearer than the one before, of a fall that
export const FALLEN = 12; // × the noise deep is no noise that calms down; of one that is `DEEP` it does not matter how many they are
const FADED = 0.25; // a short memory is over where it leaves this × what chance makes of the cosines of one lag
const LONGEST = 0.999; // share of a direction that a short memory keeps a step

interface HeldOptions {
  /** The path seen from its end. */
  readonly seen: Vectors;
  /** How many of the last states stand for the place that is approached. */
  readonly tail: number;
  /** Root mean square size of the noise of one state there. */
  readonly noise: number;
  /** Whether what is left there is rounding, and no noise that calmed down. */
  readonly rounded: boolean;
  /** Whether the path begins where it does since it is far from its end there: then how far says nothing. */
  readonly startChosen: boolean;
}

/**
 * P(the directions of a path's leading states, seen from its end, and of its leading steps agree as much | the one or the other are drawn anew at every step, whatever their sizes are): noise that
 * calms down, and a walk of shrinking steps. What a map does to a distance it does again, so the cosine of two states is the same for all pairs so many steps apart, or changes
 * slowly; that of independent directions is 0 on average, and varies by their dimension, and that of a short memory fades with the lag, quicker than the path falls. What is common to the pairs of each lag
 * beyond that is held against what varies among them, by F. 1 where they come nearer in no order, as far states before noise do, and what rings and stops; 0 where they come from so far that they are no noise.
 */
export function heldDirectionsP(path: Products, {seen, tail, noise, rounded, startChosen}: HeldOptions): number {
  const before = path.size - tail;
  const count = clearOf(seen, before, CLEAR * noise);
  const leading = seen.sizes.slice(0, count);
  const falls = leading.every((size, t) => t === 0 || size < leading[t - 1]);
  if (!rounded && inOrderP(leading) > IN_ORDER && !(falls && count === before)) return 1; // so few states as there are can come in no better order
  const quick = falls && count >= LEAST_STATES && count <= QUICK;
  if (!startChosen && seen.sizes[count > QUICK ? 1 : 0] >= (quick ? FALLEN : DEEP) * noise) return 0;
  if (count < LEAST_STATES) return 1;
  const steps = stepProducts(path);
  const atRest = Math.sqrt(mean(steps.sizes.slice(-tail).map((size) => size ** 2)));
  const clearSteps = clearOf(steps, before, CLEAR * atRest);
  return Math.max(
    agreementP(seen, {count, noise, nearest: 1, betweenNeighbours: 0, fromEnd: true}),
    clearSteps < LEAST_STEPS
      ? 0
      : agreementP(steps, {count: clearSteps, noise: atRest, nearest: 2, betweenNeighbours: -(atRest ** 2) / 2, fromEnd: false}) // two steps share the noise of the state between them
  );
}

/** How many leading vectors are longer than that. */
export function clearOf({sizes}: Pick<Vectors, "sizes">, most: number, than: number): number {
  const first = sizes.findIndex((size) => size <= than);
  return first < 0 ? most : Math.min(first, most);
}

interface Leading {
  readonly count: number;
  /** Root mean square length of the noise of one of them. */
  readonly noise: number;
  /** Least lag at which independent ones share nothing. */
  readonly nearest: number;
  /** Product of the noise of one with that of the next. */
  readonly betweenNeighbours: number;
  /** Whether they are seen from the end, whose own error they share. */
  readonly fromEnd: boolean;
}

interface CosinesOfLag {
  /** What they have in common, freed of the noise. */
  readonly common: number;
  /** Share of the earlier one's length that the later one has, on average. */
  readonly fall: number;
  readonly weight: number;
  readonly squares: number;
  readonly pairs: number;
}

/**
 * Of the first so many vectors. What a memory keeps of a direction over a lag is no approach as long as the path falls no further meanwhile: the steps of a walk that calms down leave just that share of it, those of
 * noise less, and a sum of decays without a turn more, since Σ a² λ^(2t + lag) ≥ Σ a² λ^(2t + 2 lag). Nor is what noise of a memory like that of neighbours and of those two steps apart keeps at most. Only what is common beyond
 * the lesser of the two counts; such a memory makes the common parts of all lags more uncertain, too (Bartlett 1946).
 */
function agreementP(vectors: Vectors, leading: Leading): number {
  const {nearest, count} = leading;
  const near = cosinesByLag(vectors, leading, 1);
  if (near.length < 2) return 1;
  const faded = Math.log(FADED * Math.sqrt(varianceOf(near) / count)) / Math.log(Math.min(LONGEST, keptBy(near, nearest)));
  const all = cosinesByLag(vectors, leading, Math.max(1, Math.min(Math.ceil(faded), count >> 1)));
  const kept = keptBy(all, nearest);
  let memory = 0;
  const beyond = all.flatMap((lag, i) => {
    const most = Math.min(kept ** (i + 1), lag.fall);
    memory += most ** 2;
    const isFitted = i < 2 && most < lag.fall;
    return i + 1 < nearest || isFitted ? [] : [{...lag, beyond: Math.max(0, Math.abs(lag.common) - most)}];
  });
  return beyond.length === 0 ? 1 : commonP(beyond, 1 + 2 * memory);
}

/**
 * Share of a direction that a memory keeps a step at most, of the cosines of neighbours and of those two steps apart: by what the two before account for, and by what the second of them adds (Yule 1927); 1 of
 * what turns in one plane. Steps that go back are no memory of theirs: a state between that comes anew makes them.
 */
function keptBy([next, {common: two}]: readonly CosinesOfLag[], nearest: number): number {
  const one = nearest > 1 ? Math.max(0, next.common) : next.common;
  const rest = 1 - one ** 2;
  if (rest <= 0) return 1;
  const share = (one ** 2 + two ** 2 - 2 * one ** 2 * two) / rest;
  return Math.min(1, Math.sqrt(Math.max(share, Math.abs(two - one ** 2) / rest)));
}

/** P(cosines have as much in common within each lag beyond what a memory leaves | they have nothing), whose common parts are so many times as uncertain as those of independent ones. */
function commonP(lags: readonly (CosinesOfLag & {readonly beyond: number})[], uncertain: number): number {
  const common = sumOf(lags, ({beyond, weight}) => beyond ** 2 * weight) / lags.length;
  return fTail(common / uncertain / Math.max(varianceOf(lags), Number.MIN_VALUE), lags.length, sumOf(lags, freedomOf));
}

/** Of a cosine about what its lag has in common. */
function varianceOf(lags: readonly CosinesOfLag[]): number {
  const varying = sumOf(lags, (lag) => lag.squares - energyInCommon(lag));
  return Math.max(0, varying) / sumOf(lags, freedomOf);
}

const energyInCommon = ({common, weight}: CosinesOfLag): number => common ** 2 * weight;
const freedomOf = ({pairs}: CosinesOfLag): number => pairs - 1;
const sumOf = <Lag>(lags: readonly Lag[], of: (lag: Lag) => number): number => lags.reduce((sum, lag) => sum + of(lag), 0);

/** The cosines of the first so many vectors, by how many steps they are apart, up to pairs of which there are two; pairs at least `far` apart tell what the end's own error adds to all. */
function cosinesByLag({sizes, product}: Vectors, {count, noise, betweenNeighbours, fromEnd}: Leading, far: number): CosinesOfLag[] {
  const ofAll = fromEnd ? sharedEnergy({sizes, product}, {count, from: far}) : 0;
  const clarity = sizes.map((size) => Math.sqrt(Math.max(0, 1 - (noise / size) ** 2))); // share of a length that is not noise
  const lags: CosinesOfLag[] = [];
  for (let lag = 1; lag <= count - 2; ++lag) {
    const shared = ofAll + (lag === 1 ? betweenNeighbours : 0);
    let [along, weight, squares, fallen] = [0, 0, 0, 0];
    for (let t = 0; t + lag < count; ++t) {
      const cosine = (product(t, t + lag) - shared) / (sizes[t] * sizes[t + lag]);
      const clear = clarity[t] * clarity[t + lag];
      along += clear * cosine;
      weight += clear ** 2;
      fallen += clear ** 2 * Math.min(1, sizes[t + lag] / sizes[t]);
      squares += cosine ** 2;
    }
    lags.push({common: along / weight, fall: fallen / weight, weight, squares, pairs: count - lag});
  }
  return lags;
}

/** By how much the end's own error raises the products of all pairs of the first so many states, by least squares of the cosines of those so many steps apart or more. */
function sharedEnergy({sizes, product}: Vectors, {count, from}: {readonly count: number; readonly from: number}): number {
  let [along, weights] = [0, 0];
  for (let t = 0; t < count; ++t) {
    for (let s = 0; s <= t - from; ++s) {
      const squared = (sizes[s] * sizes[t]) ** 2;
      along += product(s, t) / squared;
      weights += 1 / squared;
    }
  }
  return along / weights;
}
