import {fTail} from "../statistics/fTail.ts";
import {squaredSteps} from "../path/gram.ts";
import {perSize} from "../statistics/perSize.ts";
import type {Products} from "../path/residual.ts";
import {restOf, sizeWalkP} from "./sizeWalk.ts";

/** What the sizes of a path's steps say for coming to rest, whatever their distribution. */
interface DyingSteps {
  /** P(as many of the largest steps come first, in as good an order | the steps might have come in any order), after the number of counts tried. */
  readonly orderP: number;
  /** P(those that are clear of the steps at rest stand in as good an order among themselves | they are jumps of any sizes, which need not come as often later on). */
  readonly jumpsP: () => number;
  /** P(the logarithm of the size falls as far in as few steps | it wanders by increments like those seen at rest, or like its own where it never rests or rounding is all the rest). */
  readonly wanderP: () => number;
}

interface DyingOptions {
  /** Rounding floor of one state: no step of a path that rests on it says anything about how the sizes before wandered. */
  readonly floor: number;
  /** Steps at which the fall may have begun, of which the first was chosen since it is a fall's. */
  readonly tries: number;
}

const COUNTS = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128]; // leading steps that are held against the rest; a path may begin far away, which two or three of them would prove
const FEW = 4; // of these counts, the one that a quick settling has to be seen by,
const FEW_SHARE = 0.3; // which has this share of all chance; the others share the rest
const ABOVE = 1.4; // × the size of a step at rest
const OF_ROUNDING = 2; // × the rounding floor, whose steps are √2 times as long: what is all rounding
const LEAST_REST = 6; // steps at rest that tell how sizes wander
const LEAST_FALL = 3; // steps of a fall to the floor of rounding that tell how sizes wander
const STEADY_FALL = 0.01; // largest p of such a fall, and of staying down, that leaves the rest to its order
const PLAIN = 1e-6; // p of a fall that needs no second look at how sizes wander
const IN_ORDER = 1e-3; // largest p of an order that a second look at how sizes wander is worth
const LEAST_STEPS = 4;
export const DEEP = 50; // × what is left: a size that wanders, or noise that calms down, has not been seen to fall as far and to stay there for the last quarter; such a path comes to rest
const SAME = 1 + 1e-9; // of products that rounding alone tells apart

/**
 * Steps that die away come in order of size. Two nulls, neither of which knows a distribution: the sizes are exchangeable (independent noise and walks with steps of any tails; how
 * many of the k largest are among the first k is hypergeometric, and their order any), or their logarithm is a random walk (volatility), which Student's t holds the fall against; where
 * that leaves a doubt, `sizeWalkP` looks at the whole course of the sizes, and the lesser of the two counts, times two.
 */
export function dyingSteps(path: Products, {floor, tries}: DyingOptions): DyingSteps {
  const squares = squaredSteps(path);
  const n = squares.length;
  if (n < LEAST_STEPS) return {orderP: 1, jumpsP: () => 1, wanderP: () => 1};
  const least = Math.min(...squares.filter((square) => square > 0)); // a step of nothing lies on a grid of numbers, and is no smaller than its finest step
  const still = restOf(squares);
  const found = squares.findIndex((square) => square <= ABOVE ** 2 * still);
  const end = found < 0 ? n - 1 : found;
  const rounded = squares.slice(end).every((square) => square <= 2 * (OF_ROUNDING * floor) ** 2);
  const deep = squares[0] > DEEP ** 2 * Math.max(...squares.slice(-Math.max(2, n >> 2)));
  const logs = squares.map((square) => 0.5 * Math.log(Math.max(square, least)));
  const order = orderP(squares);
  return {
    orderP: order,
    jumpsP: () => inOrderP(squares.filter((square) => square > ABOVE ** 2 * still)),
    wanderP: () => {
      if (deep) return 0;
      const p = wanderP(logs, {end, rounded, tries});
      return p <= Math.max(order, PLAIN) || rounded || order > IN_ORDER ? p : Math.min(1, 2 * Math.min(p, sizeWalkP(logs)));
    }
  };
}

/**
 * Of a fall from the first size to that at step `end`. Sizes at rest that are drawn about a level differ no more over many steps than over one, those that wander do: what they
 * differ by is looked at over as many steps as the rest has six times, and laid to the rest of the fall as a walk's. Sizes that fell into rounding are not seen any more: there the fall's
 * own steps say how they wander, and a walk would have to stay down for the rest, too.
 */
function wanderP(
  logs: readonly number[],
  {end, rounded, tries}: {readonly end: number; readonly rounded: boolean; readonly tries: number}
): number {
  if (end === 0) return 1;
  if (rounded && end < LEAST_FALL) return 0; // too few to tell how they wander: their order has to say it
  const fall = logs[0] - logs[end];
  if (!(fall > 0)) return 1;
  const resting = logs.slice(end);
  if (rounded || resting.length <= LEAST_REST) {
    const increments = differences(rounded ? logs.slice(0, end + 1) : logs, 1);
    const drift = sum(increments) / increments.length;
    const freedom = increments.length - 1;
    const p = tailOf(fall, (end * sum(increments.map((d) => (d - drift) ** 2))) / freedom, freedom);
    return rounded && p * stays(resting.length - 1) <= STEADY_FALL / tries ? 0 : p;
  }
  const lag = Math.max(1, Math.min(end, Math.floor((resting.length - 1) / LEAST_REST)));
  const increments = differences(resting, lag);
  const drift = sum(increments) / increments.length;
  const freedom = (resting.length - 1) / lag;
  const variance = (sum(increments.map((d) => (d - drift) ** 2)) / increments.length) * (freedom / (freedom - 1));
  return tailOf(fall, (end / lag) * variance, freedom - 1);
}

const differences = (logs: readonly number[], lag: number): number[] => logs.slice(lag).map((log, t) => log - logs[t]);

/** P(a random walk of any symmetric increments stays below where it was for so many steps) = C(2m, m) / 4ᵐ (Sparre Andersen 1954). */
function stays(steps: number): number {
  let p = 1;
  for (let m = 1; m <= steps; ++m) p *= (2 * m - 1) / (2 * m);
  return p;
}

/** P(a fall as far) by Student's t. */
const tailOf = (fall: number, variance: number, freedom: number): number =>
  fTail(fall ** 2 / Math.max(variance, Number.MIN_VALUE), 1, freedom) / 2;

/** P(as many of the largest sizes come first, in as good an order | they might have come in any), after the number of counts tried. */
export function orderP(sizes: readonly number[]): number {
  const n = sizes.length;
  const rank = ranksOf(sizes);
  const counts = countsOf(n);
  const others = counts.length - 1;
  const share = (k: number): number => (!counts.includes(FEW) ? 1 / (others + 1) : k === FEW ? FEW_SHARE : (1 - FEW_SHARE) / others);
  const inversions = inversionsOf(rank);
  const hits = hypergeometrics(n);
  return Math.min(1, ...counts.map((k, i) => leadingP(rank, k, {inversions: inversions[k - 1], shares: hits[i]}) / share(k)));
}

/** The place of every size, from the largest on. */
function ranksOf(sizes: readonly number[]): number[] {
  const order = Array.from(sizes.keys()).sort((a, b) => sizes[b] - sizes[a] || b - a); // equal sizes count as coming late
  const rank = new Array<number>(sizes.length);
  order.forEach((t, place) => (rank[t] = place));
  return rank;
}

/** P(sizes fall in as good an order | they might have come in any). */
export function inOrderP(sizes: readonly number[]): number {
  const n = sizes.length;
  return n === 0 ? 1 : inversionTails(n)[inversionsOf(ranksOf(sizes))[n - 1]];
}

const countsOf = (n: number): number[] => [...new Set([...COUNTS.filter((k) => k <= n / 2), n])];

/** In how many pairs of the first 1, 2, … the later is the larger one. */
function inversionsOf(rank: readonly number[]): Int32Array {
  const inversions = new Int32Array(rank.length);
  let sum = 0;
  for (let i = 0; i < rank.length; ++i) {
    for (let j = 0; j < i; ++j) sum += (rank[i] - rank[j]) >>> 31; // 1 where it is negative: a branch would be guessed wrong half the time
    inversions[i] = sum;
  }
  return inversions;
}

/**
 * How many of the k largest are among the first k, and in what order the first k stand, tell of one another nothing: P(the product of their two p-values is as small), summed over
 * all that both can be.
 */
function leadingP(
  rank: readonly number[],
  k: number,
  {inversions, shares}: {readonly inversions: number; readonly shares: Float64Array}
): number {
  let hits = 0;
  for (let i = 0; i < k; ++i) if (rank[i] < k) ++hits;
  const tails = inversionTails(k);
  const product = shares.subarray(hits).reduce((sum, share) => sum + share, 0) * tails[inversions] * SAME;
  let [tail, p] = [0, 0];
  for (let h = k; h >= 0; --h) {
    tail += shares[h];
    if (tail > 0) p += shares[h] * largestUpTo(tails, product / tail);
  }
  return Math.min(1, p);
}

/** The largest of rising numbers that is no larger than `most`; 0 where all are. */
function largestUpTo(rising: Float64Array, most: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] <= most) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : rising[low - 1];
}

const knownTails = new Map<number, Float64Array>();

/** P(at most so many inversions in a random order of k) (Kendall), for every number of them. */
function inversionTails(k: number): Float64Array {
  let tails = knownTails.get(k);
  if (!tails) {
    let counts = Float64Array.of(1); // shares of orders of i with so many inversions
    for (let i = 2; i <= k; ++i) {
      const next = new Float64Array(counts.length + i - 1);
      let window = 0;
      for (let v = 0; v < next.length; ++v) {
        window += counts[v] ?? 0;
        if (v >= i) window -= counts[v - i];
        next[v] = window / i;
      }
      counts = next;
    }
    let sum = 0;
    tails = counts.map((share) => (sum += Math.max(0, share)));
    knownTails.set(k, tails);
  }
  return tails;
}

/** P(so many of k drawn from n are among k marked ones), for every number of them; of the counts tried. */
const hypergeometrics = perSize((n) =>
  countsOf(n).map((k) =>
    Float64Array.from({length: k + 1}, (_, j) => Math.exp(logChoose(k, j) + logChoose(n - k, k - j) - logChoose(n, k)))
  )
);

const logFactorials = [0];

/** ln n!, each added to the one before. */
function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; ++i) logFactorials.push(logFactorials[i - 1] + Math.log(i));
  return logFactorials[n];
}

const logChoose = (n: number, k: number): number => (k < 0 || k > n ? -Infinity : logFactorial(n) - logFactorial(k) - logFactorial(n - k));

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
