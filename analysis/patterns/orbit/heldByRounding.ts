import {form, mean} from "../path/gram.ts";
import type {Mode} from "../modes/mode.ts";
import type {OrbitEvidence} from "./judgedLine.ts";
import {productsWith, type Products} from "../path/residual.ts";
import {constantOf, inner, modeFunctions, orthonormal, sampled} from "../statistics/timeBasis.ts";

/** An oscillation that rounding can hold up in a loop that falls into it. */
export interface HeldByRounding {
  /** Its amplitude, over the rounding floor. */
  readonly floors: number;
  /** The largest that rounding can hold up there, over the same. */
  readonly mostFloors: number;
  /** Share of its distance from the end that the path kept a step on the last of its way, along the directions in which it then turns. */
  readonly rate: number;
  /** Whether it fell so on all of its way: into a cycle of more than rounding it falls ever slower. */
  readonly evenly: boolean;
}

export const DEAD_BAND = 2; // floors × (1 − rate): half a unit in every coordinate is √3 floors, and units differ
export const FELL_FROM = 6; // × the amplitude of the end, at least: of a fall from less nothing is known
const CAME_TO = 2; // × the same: from there on rounding bends it
export const EVENLY = 0.5; // least ratio of the logarithms of the rates in the two halves of the fall
const LEAST_FALL = 3; // steps
const SAME = 1e-9; // share of one direction's square that another one beside it has, at least
const LARGEST = 200; // floors: the most for a loop of rate 0.99

/**
 * Whether rounding can hold up the oscillation that a path ends in. A loop hₜ₊₁ = c + λ(hₜ − c) that rounds every state need not come to c: it may go on in a limit cycle, of a period near λ's own, whose amplitude is up to half a
 * unit of every coordinate over 1 − |λ|, the dead band of recursive filters (Jackson 1969, "An analysis of limit cycles due to multiplication rounding in recursive digital (sub)filters"). |λ| is seen where the
 * path falls along the directions in which it turns at its end; undefined where it is not seen to, or where the oscillation is larger than that. `path` is the part in which the path comes to rest,
 * `floor` the rounding floor of one state.
 */
export function heldByRounding(
  path: Products,
  {amplitude, mode: {omega}}: Pick<OrbitEvidence, "amplitude"> & {readonly mode: Pick<Mode, "omega">},
  floor: number
): HeldByRounding | undefined {
  const floors = amplitude / floor;
  if (floors > LARGEST) return undefined;
  const fall = fallAlong(path, omega);
  if (!fall) return undefined;
  const mostFloors = DEAD_BAND / (1 - fall.rate);
  return floors <= mostFloors ? {floors, mostFloors, ...fall} : undefined;
}

export const heldInWords = ({floors, mostFloors, rate}: HeldByRounding): string =>
  `amplitude ${floors.toFixed(1)}× the rounding floor, which a loop that keeps ${rate.toFixed(2)} of such an oscillation a step can hold up to ${mostFloors.toFixed(1)}×`;

/** How a path falls to the amplitude of its end, from one greatest distance of a turn to the next. */
function fallAlong(path: Products, omega: number): Pick<HeldByRounding, "rate" | "evenly"> | undefined {
  const turn = Math.ceil((2 * Math.PI) / omega);
  const late = Math.min(path.size >> 1, Math.max(2 * turn, path.size >> 2));
  const sizes = sizesAlong(path, omega, late);
  const amplitude = Math.sqrt(mean([...sizes.subarray(path.size - late)].map((size) => size ** 2)));
  const peaks = Array.from({length: path.size - turn}, (_, t) => Math.max(...sizes.subarray(t, t + turn)));
  const to = peaks.findIndex((peak) => peak <= CAME_TO * amplitude);
  const from = peaks.indexOf(Math.max(...peaks.slice(0, to)));
  if (to - from < LEAST_FALL || peaks[from] < FELL_FROM * amplitude) return undefined;
  const halfway = peaks.findIndex((peak, t) => t > from && peak ** 2 <= peaks[from] * peaks[to]);
  const middle = Math.min(halfway, to - 1);
  const lost = (a: number, b: number): number => Math.log(peaks[a] / peaks[b]) / (b - a);
  return {rate: Math.exp(-lost(middle, to)), evenly: lost(middle, to) >= EVENLY * lost(from, middle)};
}

/** Distances of all states to the middle of the `late` last ones, along the directions in which these turn. */
function sizesAlong(path: Products, omega: number, late: number): Float64Array {
  const {size} = path;
  const first = size - late;
  const before = (f: Float64Array): Float64Array => sampled(size, (t) => (t < first ? 0 : f[t - first]));
  const middle = before(sampled(late, () => 1 / late));
  const [one, other] = orthonormal(modeFunctions(late, 1, omega), constantOf(late)).map(before);
  const shared = other ? form(path, one, other) / form(path, one) : 0;
  const directions = other ? [one, sampled(size, (t) => other[t] - shared * one[t])] : [one];
  const squares = sampled(size, () => 0);
  for (const f of directions) {
    const length = form(path, f);
    if (length <= SAME * form(path, one)) continue; // it turns along a line
    const along = productsWith(path, f);
    const origin = inner(middle, along);
    for (let t = 0; t < size; ++t) squares[t] += (along[t] - origin) ** 2 / length;
  }
  return squares.map(Math.sqrt);
}
