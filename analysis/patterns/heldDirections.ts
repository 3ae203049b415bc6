import {fTail} from "./fTail.ts";
import {mean, stepProducts, type Vectors} from "./gram.ts";
import type {Products} from "./residual.ts";

const CLEAR = 1.3; // × the noise of one state, at which its direction still says something
const LEAST_STATES = 4; // whose directions can agree
const LEAST_STEPS = 6; // the same of steps, which hold the noise of two states
export const QUICK = 8; // states at most, each nearer than the one before, of a fall that
export const FALLEN = 12; // × the noise deep is no noise that calms down; one of
export const DEEP = 50; // × the noise comes to rest, however many they are
export const OWN_SHARE = 0.7; // of a direction that its past accounts for: less may be the short memory of noise
export const LASTING = 0.8; // of the cosine of neighbours, which two and three steps apart have where no short memory makes it: an autoregression by 0.8 keeps 0.72
const FADED = 0.25; // such a memory is over where it leaves this × what chance makes of the cosines of one lag

interface HeldOptions {
  /** The path seen from its end. */
  readonly seen: Vectors;
  /** How many of the last states stand for the place that is approached. */
  readonly tail: number;
  /** Root mean square size of the noise of one state there. */
  readonly noise: number;
  /** Whether the path begins where it does since it is far from its end there: then how far says nothing. */
  readonly startChosen: boolean;
}

/**
 * P(the directions of a path's leading states, seen from its end, and of its leading steps agree as much | the one or the other are drawn anew at every step, whatever their sizes are): noise that
 * calms down, and a walk of shrinking steps. What a map does to a distance it does again, so the cosine of two states is the same for all pairs so many steps apart, or changes
 * slowly; that of independent directions is 0 on average, and varies by their dimension, and that of a short memory fades with the lag. What is common to the pairs of each lag is held against what
 * varies among them, by F. 0 where they come from so far that they are no noise.
 */
export function heldDirectionsP(path: Products, {seen, tail, noise, startChosen}: HeldOptions): number {
  const before = path.size - tail;
  const count = clearOf(seen, before, CLEAR * noise);
  const quick = count >= LEAST_STATES && count <= QUICK && seen.sizes.slice(1, count).every((size, t) => size < seen.sizes[t]);
  if (!startChosen && seen.sizes[0] >= (quick ? FALLEN : DEEP) * noise) return 0;
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
function clearOf({sizes}: Vectors, most: number, than: number): number {
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
  readonly weight: number;
  readonly squares: number;
  readonly pairs: number;
}

/**
 * Of the first so many vectors. Where the two before account for little of a direction and what is common fades, noise of a short memory would have cosines like these, too: then only pairs further apart count than
 * such a memory reaches, and their common part is held against what the nearer ones make of chance (Bartlett 1946).
 */
function agreementP(vectors: Vectors, leading: Leading): number {
  const {nearest, count} = leading;
  const all = cosinesByLag(vectors, leading, 1);
  const [next, second] = all;
  if (second === undefined) return 1;
  const share = accountedFor(next.common, second.common);
  if (share >= OWN_SHARE || !fades(all)) return commonP(all.slice(nearest - 1));
  const faded = Math.log(FADED * Math.sqrt(varianceOf(all) / count)) / Math.log(Math.sqrt(share)); // in an autoregression's time
  const apart = Math.max(nearest + 1, Math.min(Math.ceil(faded), count >> 1));
  const memory = all.slice(0, apart - 1).reduce((sum, {common}) => sum + common ** 2, 0);
  return commonP(cosinesByLag(vectors, leading, apart), 1 + 2 * memory);
}

/** Whether what two neighbours have in common is less two and three steps apart, as a short memory leaves it. */
const fades = ([next, ...further]: readonly CosinesOfLag[]): boolean =>
  mean(further.slice(0, 2).map(({common}) => common ** 2)) < LASTING ** 2 * next.common ** 2;

/** P(cosines have as much in common within each lag | they have nothing), whose common parts are so many times as uncertain as those of independent ones. */
function commonP(lags: readonly CosinesOfLag[], uncertain = 1): number {
  if (lags.length === 0) return 1;
  const common = sumOf(lags, energyInCommon) / lags.length;
  return fTail(common / uncertain / Math.max(varianceOf(lags), Number.MIN_VALUE), lags.length, sumOf(lags, freedomOf));
}

/** Of a cosine about what its lag has in common. */
function varianceOf(lags: readonly CosinesOfLag[]): number {
  const varying = sumOf(lags, (lag) => lag.squares - energyInCommon(lag));
  return Math.max(0, varying) / sumOf(lags, freedomOf);
}

const energyInCommon = ({common, weight}: CosinesOfLag): number => common ** 2 * weight;
const freedomOf = ({pairs}: CosinesOfLag): number => pairs - 1;
const sumOf = (lags: readonly CosinesOfLag[], of: (lag: CosinesOfLag) => number): number => lags.reduce((sum, lag) => sum + of(lag), 0);

/** Share of a direction that the two before it account for, of cosines with them and between the two alike (Yule 1927): 0.25 of an autoregression by a half, 1 of what turns in one plane. */
const accountedFor = (one: number, two: number): number =>
  Math.abs(one) >= 1 ? 1 : Math.min(1, (one ** 2 + two ** 2 - 2 * one ** 2 * two) / (1 - one ** 2));

/** The cosines of the first so many vectors, by how many steps they are apart, from some lag on to pairs of which there are two. */
function cosinesByLag({sizes, product}: Vectors, {count, noise, betweenNeighbours, fromEnd}: Leading, from: number): CosinesOfLag[] {
  const ofAll = fromEnd ? sharedEnergy({sizes, product}, {count, from}) : 0;
  const clarity = sizes.map((size) => Math.sqrt(Math.max(0, 1 - (noise / size) ** 2))); // share of a length that is not noise
  const lags: CosinesOfLag[] = [];
  for (let lag = from; lag <= count - 2; ++lag) {
    const shared = ofAll + (lag === 1 ? betweenNeighbours : 0);
    let [along, weight, squares] = [0, 0, 0];
    for (let t = 0; t + lag < count; ++t) {
      const cosine = (product(t, t + lag) - shared) / (sizes[t] * sizes[t + lag]);
      const clear = clarity[t] * clarity[t + lag];
      along += clear * cosine;
      weight += clear ** 2;
      squares += cosine ** 2;
    }
    lags.push({common: along / weight, weight, squares, pairs: count - lag});
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
