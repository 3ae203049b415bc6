import type {Matrix} from "../matrix.ts";
import {gramOf, squaredDistance} from "../patterns/path/gram.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

interface RecurrenceOptions {
  /** Two states recur if they are within this share of the largest distance; defaults to 0.1. */
  readonly radius?: number;
}

const THEILER = 3; // steps; pairs that are fewer apart are left out: neighbours in time are close for no other reason
const SHORTEST = 2; // diagonal or vertical line that counts

/** Measures of the recurrence plot (Marwan et al. 2007), NaN where no pair of states recurs. */
interface RecurrenceQuantification {
  /** RR: share of the pairs that recur. */
  readonly recurrenceRate: number;
  /** DET: share of the recurring pairs on diagonal lines: high for orbits, and for sliders none recur at all. */
  readonly determinism: number;
  /** L and L_max: mean and greatest length of diagonal lines. */
  readonly meanLine: number;
  readonly longestLine: number;
  /** ENTR: entropy of the lengths of diagonal lines, nats. */
  readonly entropy: number;
  /** LAM and TT: share of recurring pairs on vertical lines, and their mean length: high where the path rests. */
  readonly laminarity: number;
  readonly trappingTime: number;
}

/** Recurrence quantification of one path in full dimension, above the main diagonal, outside a Theiler window. */
export function recurrenceQuantification(path: Matrix, {radius = 0.1}: RecurrenceOptions = {}): RecurrenceQuantification {
  if (!(radius > 0)) throw new Refusal(`invalid radius: ${radius}; expected a positive share of the largest distance`);
  const gram = gramOf(path);
  const n = gram.size;
  let largest = 0;
  for (let i = 0; i < n; ++i) for (let j = 0; j < i; ++j) largest = Math.max(largest, squaredDistance(gram, i, j));
  const recurs = (i: number, j: number): boolean => j - i >= THEILER && squaredDistance(gram, i, j) <= radius ** 2 * largest;
  const diagonals: number[] = [];
  for (let lag = THEILER; lag < n; ++lag) diagonals.push(...runs(n - lag, (i) => recurs(i, i + lag)));
  const verticals: number[] = [];
  for (let i = 0; i < n; ++i) verticals.push(...runs(n, (j) => recurs(i, j)));
  const points = total(diagonals);
  const pairs = ((n - THEILER) * (n - THEILER + 1)) / 2;
  const [long, tall] = [diagonals, verticals].map((lengths) => lengths.filter((length) => length >= SHORTEST));
  return {
    recurrenceRate: pairs > 0 ? points / pairs : NaN,
    determinism: total(long) / points,
    meanLine: total(long) / long.length,
    longestLine: long.reduce((most, length) => Math.max(most, length), 0),
    entropy: entropyOf(long),
    laminarity: total(tall) / points,
    trappingTime: total(tall) / tall.length
  };
}

const total = (lengths: readonly number[]): number => lengths.reduce((sum, length) => sum + length, 0);

/** Lengths of the unbroken runs of true among holds(0) … holds(n − 1). */
function runs(n: number, holds: (i: number) => boolean): number[] {
  const lengths: number[] = [];
  let length = 0;
  for (let i = 0; i <= n; ++i) {
    if (i < n && holds(i)) ++length;
    else if (length > 0) {
      lengths.push(length);
      length = 0;
    }
  }
  return lengths;
}

function entropyOf(lengths: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const length of lengths) counts.set(length, (counts.get(length) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / lengths.length) * Math.log(count / lengths.length);
  return lengths.length === 0 ? NaN : entropy;
}
