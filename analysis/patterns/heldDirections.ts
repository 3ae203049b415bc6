import {fTail} from "./fTail.ts";
import {mean, stepProducts, type Vectors} from "./gram.ts";
import type {Products} from "./residual.ts";

const CLEAR = 1.3; // × the noise of one state, at which its direction still says something
const LEAST_STATES = 4; // whose directions can agree
const LEAST_STEPS = 6; // the same of steps, which hold the noise of two states
export const QUICK = 8; // states at most, each nearer than the one before, of a fall that
export const FALLEN = 12; // × the noise deep is no noise that calms down; one of
export const DEEP = 50; // × the noise comes to rest, however many they are

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
 * slowly; that of independent directions is 0 on average, and varies by their dimension. What is common to the pairs of each lag is held against what varies among them, by F. 0 where they
 * come from so far that they are no noise.
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
    agreementP(seen, {count, noise, shared: sharedEnergy(seen, count), nearest: 1}),
    clearSteps < LEAST_STEPS ? 0 : agreementP(steps, {count: clearSteps, noise: atRest, shared: 0, nearest: 2}) // two steps share the noise of the state between them
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
  /** Energy that the products of any two have in common for no direction of theirs. */
  readonly shared: number;
  /** Least lag at which independent ones share nothing. */
  readonly nearest: number;
}

/** Of the first so many vectors. */
function agreementP({sizes, product}: Vectors, {count, noise, shared, nearest}: Leading): number {
  const clarity = sizes.map((size) => Math.sqrt(Math.max(0, 1 - (noise / size) ** 2))); // share of a length that is not noise
  let [common, varying, freedom] = [0, 0, 0];
  for (let lag = nearest; lag <= count - 2; ++lag) {
    let [along, weights, squares] = [0, 0, 0];
    for (let t = 0; t + lag < count; ++t) {
      const cosine = (product(t, t + lag) - shared) / (sizes[t] * sizes[t + lag]);
      const weight = clarity[t] * clarity[t + lag];
      along += weight * cosine;
      weights += weight ** 2;
      squares += cosine ** 2;
    }
    common += along ** 2 / weights;
    varying += squares - along ** 2 / weights;
    freedom += count - lag - 1;
  }
  const lags = count - 1 - nearest;
  return fTail(common / lags / Math.max(varying / freedom, Number.MIN_VALUE), lags, freedom);
}

/** By how much the end's own error raises the products of all pairs of the first so many states, by least squares of their cosines. */
function sharedEnergy({sizes, product}: Vectors, count: number): number {
  let [along, weights] = [0, 0];
  for (let t = 0; t < count; ++t) {
    for (let s = 0; s < t; ++s) {
      const squared = (sizes[s] * sizes[t]) ** 2;
      along += product(s, t) / squared;
      weights += 1 / squared;
    }
  }
  return along / weights;
}
