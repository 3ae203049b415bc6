import type {Random} from "../random.ts";
import type {Interval} from "./interval.ts";

export interface BootstrapOptions {
  readonly random: Random;
  /** Resamples; defaults to 500, which puts the ends of a 95 % interval within about 0.05 of its width. */
  readonly resamples?: number;
}

/** How often each of `count` independent units is drawn when as many are drawn with replacement. */
export function drawsOf(count: number, random: Random): Uint16Array {
  const draws = new Uint16Array(count);
  for (let i = 0; i < count; ++i) draws[Math.floor(random() * count)] += 1;
  return draws;
}

/**
 * Percentile bootstrap interval, 95 % (Efron and Tibshirani 1993, chapter 13): `statistic` makes its own draws. Draws without an answer
 * (NaN) are left out; undefined where they are more than half.
 */
export function bootstrapInterval(
  statistic: (random: Random) => number,
  {random, resamples = 500}: BootstrapOptions
): Interval | undefined {
  const values = Float64Array.from({length: resamples}, () => statistic(random))
    .filter((value) => !Number.isNaN(value))
    .sort();
  return values.length < resamples / 2 ? undefined : [quantile(values, 0.025), quantile(values, 0.975)];
}

/** Quantile of sorted numbers with linear interpolation between neighbours; NaN of none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** Median, NaN of none. */
export const median = (values: readonly number[]): number =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5
  );
