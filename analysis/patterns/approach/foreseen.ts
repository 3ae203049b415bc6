import {floats} from "../../kernel/floats.ts";
import {clearOf, IN_ORDER} from "./heldDirections.ts";
import {inOrderP} from "../nulls/dyingSteps.ts";
import {mean, type Vectors} from "../path/gram.ts";
import {effectiveDimensions, productsWith, residualOf, type Products} from "../path/residual.ts";
import {fTail} from "../statistics/fTail.ts";
import {constantOf, inner, orthonormal, sampled, type TimeBasis} from "../statistics/timeBasis.ts";

export const ALL_SIDES = 0.5; // of the length that the states of the way would have together if all lay to one side of the end; a way without an end, a slide and a creep have more
export const END_UNFORESEEN = 0.75; // of what directions that come anew leave, least that is left of those at the end: what is foreseen there is motion, and goes on
export const ROUGHER = 2; // × the energy of the end's noise, most that is left of the way
const CLEAR = 1.3; // × the noise of one state, at which its direction says something
const PARTS = [2, 3]; // the path over the length of its way, which its end is held against in as many states
const LEAST_STATES = 8; // of such a part
export const MOST_FUNCTIONS = 8; // of time: of four modes that turn
const DELAYS = 3; // a part over the states of one delayed vector
const ROUNDS = 30; // of the iteration for the leading functions
const GROWN = 1e6; // beyond which a function is of no state

interface ForeseenOptions {
  /** The path seen from its end. */
  readonly seen: Vectors;
  /** Root mean square size of the noise of one state there. */
  readonly noise: number;
}

/**
 * P(the way of a path follows as much from a few modes | its directions are drawn as those at its end are, whatever its sizes), after the numbers of modes tried: modes that turn, each in its own plane, have no
 * direction in common. As many states from the end stand for the null, each with the size of the state of the way in its place, so that noise whose size falls, whatever its memory, is foreseen there as well; what
 * the best few functions of time leave of either is held against what they leave of independent directions, and the two by F. 1 where the states clear of the noise come nearer in no order, as what rings and stops,
 * where the end is foreseen itself, where the way is rougher than the end's noise, and where it lies to one side of the end, which ways without an end do as well.
 */
export function foreseenP({seen, noise}: ForeseenOptions): number {
  const leading = seen.sizes.slice(0, clearOf(seen, seen.sizes.length, CLEAR * noise));
  const falls = leading.every((size, t) => t === 0 || size < leading[t - 1]);
  if (!falls && inOrderP(leading) > IN_ORDER) return 1;
  const ps = PARTS.map((part) => Math.floor(seen.sizes.length / part))
    .filter((count) => count >= LEAST_STATES)
    .map((count) => partP(seen, count, noise));
  return leastOf(ps);
}

function partP({sizes, product}: Vectors, count: number, noise: number): number {
  const from = sizes.length - count;
  const way = productsOf(count, product);
  if (sideOf(way) > ALL_SIDES) return 1;
  const end = residualOf(
    productsOf(count, (i, j) => product(from + i, from + j)),
    constantOf(count)
  );
  const dimensions = effectiveDimensions(end);
  const scale = sampled(count, (t) => sizes[t] / Math.sqrt(Math.max(end.values[t * (count + 1)], Number.MIN_VALUE)));
  const resized = productsOf(count, (i, j) => end.values[i * count + j] * scale[i] * scale[j]);
  const clear = Array.from({length: count}, (_, t) => t).filter((t) => sizes[t] > CLEAR * noise);
  const leftOf = (path: Products): Left[] => leadingFunctions(path).map((basis) => leftBy(path, basis, clear));
  const ofEnd = leftOf(resized);
  if (ofEnd.every(({share}) => share < END_UNFORESEEN)) return 1;
  const ps = leftOf(way)
    .slice(0, ofEnd.length)
    .map((left, i) => {
      const other = ofEnd[i];
      const freedom = [left, other].map(({states}) => states * dimensions - (i + 1)); // a number for each function, beside its directions
      if (Math.min(...freedom) < 1 || other.share < END_UNFORESEEN || left.perState > ROUGHER * noise ** 2) return 1;
      return fTail(other.share / Math.max(left.share, Number.MIN_VALUE), freedom[1], freedom[0]);
    });
  return leastOf(ps);
}

/** The least of several p-values, after their number; 1 where there is none. */
const leastOf = (ps: readonly number[]): number => Math.min(1, ...ps.map((p) => p * ps.length));

function productsOf(size: number, of: (i: number, j: number) => number): Products {
  const values = floats(size * size);
  for (let i = 0; i < size; ++i) for (let j = 0; j < size; ++j) values[i * size + j] = of(i, j);
  return {size, values};
}

/** Length of all states together over what it would be if they all lay to one side. */
function sideOf(path: Products): number {
  const together = productsWith(
    path,
    sampled(path.size, () => 1)
  ).reduce((sum, x) => sum + x, 0);
  const apart = Array.from({length: path.size}, (_, t) => Math.sqrt(Math.max(0, path.values[t * (path.size + 1)])));
  return Math.sqrt(Math.max(0, together)) / Math.max(path.size * mean(apart), Number.MIN_VALUE);
}

interface Left {
  /** Of what independent directions of these sizes would leave. */
  readonly share: number;
  readonly perState: number;
  /** States that tell of it: those left free, and counted by their weight. */
  readonly states: number;
}

/** What functions of time leave of some states. */
function leftBy(path: Products, basis: TimeBasis, states: readonly number[]): Left {
  const left = residualOf(path, basis);
  let [energy, free, expected, squares] = [0, 0, 0, 0];
  for (const t of states) {
    const own = Math.max(0, 1 - basis.reduce((sum, q) => sum + q[t] ** 2, 0));
    const weight = own * path.values[t * (path.size + 1)];
    energy += Math.max(0, left.values[t * (path.size + 1)]);
    free += own;
    expected += weight;
    squares += weight ** 2;
  }
  return {
    share: energy / Math.max(expected, Number.MIN_VALUE),
    perState: energy / Math.max(free, Number.MIN_VALUE),
    states: Math.min(free, expected ** 2 / Math.max(squares, Number.MIN_VALUE))
  };
}

/**
 * The functions of time, and a constant, of the one, two, … modes that account for most of a path, each with the ones before: the leading ones of vectors of several states in a row (Broomhead and King 1986), among
 * which one step is the same linear map everywhere, taken by least squares and repeated from the first state on (the state-space method of Kung, Arun and Rao 1983).
 */
function leadingFunctions(path: Products): TimeBasis[] {
  const n = path.size;
  const delays = Math.floor(n / DELAYS);
  const count = n - delays + 1;
  const delayed = productsOf(count, (i, j) => {
    let sum = 0;
    for (let delay = 0; delay < delays; ++delay) sum += path.values[(i + delay) * n + j + delay];
    return sum;
  });
  let leading = orthonormal(
    Array.from({length: Math.min(MOST_FUNCTIONS, count - 2)}, (_, i) => delayed.values.slice(i * count, (i + 1) * count))
  );
  for (let round = 0; round < ROUNDS; ++round) leading = orthonormal(leading.map((f) => productsWith(delayed, f)));
  return leading.map((_, i) => {
    const functions = goneOn(leading.slice(0, i + 1), n);
    return [...constantOf(n), ...orthonormal(functions, constantOf(n))];
  });
}

/** Functions that go on to n states by the linear map that takes each of their states best to the next; those before the last have lengths 1 less what the last one has (Sherman and Morrison). */
function goneOn(functions: TimeBasis, n: number): Float64Array[] {
  const count = functions[0].length;
  const last = Float64Array.from(functions, (f) => f[count - 1]);
  const rest = Math.max(1 - inner(last, last), Number.EPSILON);
  const crossed = functions.map((f) => Float64Array.from(functions, (g) => inner(f.subarray(0, -1), g.subarray(1))));
  const lasts = Float64Array.from(functions, (_, j) => crossed.reduce((sum, row, i) => sum + last[i] * row[j], 0));
  const map = crossed.map((row, i) => row.map((x, j) => x + (last[i] * lasts[j]) / rest));
  const gone = functions.map(() => floats(n));
  for (let t = 0, now = functions.map((f) => f[0]); t < n; ++t, now = stepped(now, map))
    for (let j = 0; j < gone.length; ++j) gone[j][t] = Math.abs(now[j]) < GROWN ? now[j] : 0;
  return gone;
}

const stepped = (state: readonly number[], map: readonly Float64Array[]): number[] =>
  state.map((_, j) => state.reduce((sum, x, i) => sum + x * map[i][j], 0));
