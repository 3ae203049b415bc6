import {fTail} from "../statistics/fTail.ts";
import {amplitudes} from "../modes/partAmplitudes.ts";
import type {Products} from "../path/residual.ts";
import {coordinatesAlong} from "../modes/sharpened.ts";
import {t95} from "../statistics/studentT.ts";
import {inner, modeFunctions, orthonormal, sampled, type TimeBasis} from "../statistics/timeBasis.ts";

export const LEAST_PARTS = 5; // fewer say next to nothing about how they scatter
export const PARTS = 12; // of the window, each a turn or more: what is alike from step to step (rounding, the rest of a transient) is not alike in parts so long
const PART_STEPS = 4;
const MOST_ALIKE = 0.8; // correlation of neighbours that the interval is widened for
const BENT = 0.05; // largest p of a course that bends
export const FEW_TURNS = "too few turns to see how its amplitude scatters";

/**
 * The 95 % interval of the share of its amplitude that an orbit keeps per step: Student's, of a line through the logarithms of its amplitudes in up to 12 parts of the window, in its own
 * plane. How much they scatter, and how alike neighbours do, is all that is asked, so that it holds for noise of any kind;
 * where their course bends, as on the way to a cycle, it takes in what is kept at the window's end. None for fewer than five parts: that says why.
 */
export function keptAmplitude(
  plain: Products,
  {omega, rate, blur}: {readonly omega: number; readonly rate: number; readonly blur: number},
  nuisance: TimeBasis
): {readonly keptCi: readonly [number, number]} | {readonly noKeptInterval: string} {
  const count = Math.min(PARTS, Math.floor(plain.size / Math.max(PART_STEPS, (2 * Math.PI) / omega)));
  if (count < LEAST_PARTS) return {noKeptInterval: FEW_TURNS};
  const series = coordinatesAlong(plain, orthonormal(modeFunctions(plain.size, 1, omega), nuisance));
  const parts = amplitudes(planeOf(series), omega, blur * series.length, count);
  const logs = sampled(count, (i) => Math.log(Math.max(parts.squared(i), parts.selfNoise(i), Number.MIN_VALUE)) / 2);
  const {slope, error} = lineOf(logs);
  const reach = t95(count - 2) * error;
  const slopes = [slope - reach, slope + reach, ...slopeAtEnd(logs, slope)];
  const shares = [rate, ...slopes.map((one) => Math.exp((one * count) / plain.size))];
  return {keptCi: [Math.min(...shares), Math.max(...shares)]};
}

/** Of a parabola, where it fits better than a line of a slope by more than chance. */
function slopeAtEnd(y: Float64Array, slope: number): readonly number[] {
  const n = y.length;
  const line = orthonormal([sampled(n, () => 1), sampled(n, (i) => i)]);
  const [parabola] = orthonormal([sampled(n, (i) => i * i)], line);
  const energy = inner(y, y) - line.reduce((sum, q) => sum + inner(q, y) ** 2, 0);
  const bend = inner(parabola, y);
  const rest = Math.max(energy - bend ** 2, Number.MIN_VALUE);
  if (fTail(((n - 3) * bend ** 2) / rest, 1, n - 3) > BENT) return [];
  const curvature = parabola[2] - 2 * parabola[1] + parabola[0];
  return [slope + (bend * curvature * (n - 1)) / 2];
}

/** The products of states of which only the coordinates in a plane are kept. */
function planeOf(series: readonly Float64Array[]): Products {
  const size = series[0]?.length ?? 0;
  const values = new Float64Array(size * size);
  for (const y of series) for (let i = 0; i < size; ++i) for (let j = 0; j < size; ++j) values[i * size + j] += y[i] * y[j];
  return {size, values};
}

/** Least squares against 0, 1, 2, …, the error widened where neighbours err alike. */
function lineOf(y: Float64Array): {slope: number; error: number} {
  const n = y.length;
  const [middle, mean] = [(n - 1) / 2, y.reduce((sum, value) => sum + value, 0) / n];
  const spread = (n * (n * n - 1)) / 12;
  const slope = y.reduce((sum, value, i) => sum + (i - middle) * value, 0) / spread;
  const left = y.map((value, i) => value - mean - slope * (i - middle));
  const energy = inner(left, left);
  const alike = Math.min(MOST_ALIKE, Math.max(0, inner(left.slice(1), left.slice(0, -1)) / Math.max(energy, Number.MIN_VALUE)));
  return {slope, error: Math.sqrt((energy / (n - 2) / spread) * ((1 + alike) / (1 - alike)))};
}
