import {fTail} from "./fTail.ts";
import {squaredSteps} from "./gram.ts";
import type {Products} from "./residual.ts";

/** What the sizes of a path's steps say for coming to rest, whatever their distribution. */
interface DyingSteps {
  /** P(as many of the largest steps come first, in as good an order | the steps might have come in any order), after the number of counts tried. */
  readonly orderP: number;
  /** P(the logarithm of the size falls as far in as few steps | it wanders by increments like those seen at rest, or like its own where it never rests). */
  readonly wanderP: number;
}

const COUNTS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128]; // leading steps that are held against the rest
const ABOVE = 1.4; // × the size of a step at rest
const LEAST_REST = 6; // steps at rest that tell how sizes wander
const LEAST_STEPS = 4;

/**
 * Steps that die away come in order of size. Two nulls, neither of which knows a distribution: the sizes are exchangeable (independent noise and walks with steps of any tails; how
 * many of the k largest are among the first k is hypergeometric, and their order any), or their logarithm is a random walk (volatility), which Student's t holds the fall against.
 */
export function dyingSteps(path: Products): DyingSteps {
  const squares = squaredSteps(path);
  const n = squares.length;
  if (n < LEAST_STEPS) return {orderP: 1, wanderP: 1};
  const tail = squares.slice(-Math.max(2, n >> 2)).sort((a, b) => a - b);
  const still = tail[tail.length >> 1];
  const end = squares.findIndex((square) => square <= ABOVE ** 2 * still);
  const logs = squares.map((square) => 0.5 * Math.log(Math.max(square, Number.MIN_VALUE)));
  return {orderP: orderP(squares), wanderP: wanderP(logs, end < 0 ? n - 1 : end)};
}

/** Of a fall from the first size to that at step `end`. */
function wanderP(logs: readonly number[], end: number): number {
  if (end === 0) return 1;
  const increments = logs.slice(1).map((log, t) => log - logs[t]);
  const resting = increments.slice(end);
  const enough = resting.length >= LEAST_REST;
  const seen = enough ? resting : increments;
  const drift = enough ? 0 : sum(seen) / seen.length;
  const freedom = enough ? seen.length : seen.length - 1;
  const variance = sum(seen.map((d) => (d - drift) ** 2)) / freedom;
  const fall = logs[0] - logs[end];
  return fall > 0 ? fTail(fall ** 2 / Math.max(variance * end, Number.MIN_VALUE), 1, freedom) / 2 : 1;
}

function orderP(sizes: readonly number[]): number {
  const n = sizes.length;
  const order = Array.from(sizes.keys()).sort((a, b) => sizes[b] - sizes[a] || b - a); // equal sizes count as coming late
  const rank = new Array<number>(n);
  order.forEach((t, place) => (rank[t] = place));
  const counts = [...new Set([...COUNTS.filter((k) => k <= n / 2), n])];
  const least = Math.min(...counts.map((k) => leadingP(rank, k)));
  return Math.min(1, least * counts.length);
}

/** How many of the k largest are among the first k, and in what order the first k stand, tell of one another nothing: two independent p-values (Fisher's product of both). */
function leadingP(rank: readonly number[], k: number): number {
  let [hits, inversions] = [0, 0];
  for (let i = 0; i < k; ++i) {
    if (rank[i] < k) ++hits;
    for (let j = 0; j < i; ++j) if (rank[j] > rank[i]) ++inversions;
  }
  const product = hypergeometricTail(hits, k, rank.length) * inversionsTail(k, inversions);
  return product > 0 ? Math.min(1, product * (1 - Math.log(product))) : 0;
}

const inversionTails = new Map<number, Float64Array>();

/** P(at most so many inversions in a random order of k) (Kendall). */
function inversionsTail(k: number, inversions: number): number {
  let tails = inversionTails.get(k);
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
    inversionTails.set(k, tails);
  }
  return Math.min(1, tails[inversions]);
}

/** P(at least `hits` of k drawn from n are among k marked ones). */
function hypergeometricTail(hits: number, k: number, n: number): number {
  let tail = 0;
  for (let j = hits; j <= k; ++j) tail += Math.exp(logChoose(k, j) + logChoose(n - k, k - j) - logChoose(n, k));
  return Math.min(1, tail);
}

const logFactorials = [0];

/** ln n!, each added to the one before. */
function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; ++i) logFactorials.push(logFactorials[i - 1] + Math.log(i));
  return logFactorials[n];
}

const logChoose = (n: number, k: number): number => (k < 0 || k > n ? -Infinity : logFactorial(n) - logFactorial(k) - logFactorial(n - k));

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
