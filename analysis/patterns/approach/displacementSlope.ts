import {productsFrom, squaredSteps} from "../path/gram.ts";
import {effectiveDimensions, residualOf, type Products} from "../path/residual.ts";
import {t95} from "../statistics/studentT.ts";
import {constantOf} from "../statistics/timeBasis.ts";

/** A rate, its 95 % interval, and what it was taken from. */
export interface Slope {
  readonly rate: number;
  readonly rateCi: readonly [number, number];
  readonly window: readonly [number, number];
  /** Root mean square size of the noise of one state. */
  readonly noise: number;
}

interface SlopeOptions {
  /** Whether the path still slows down at its end, which then is no floor. */
  readonly declines: boolean;
  /** Rounding floor of one state. */
  readonly floor: number;
  /** States at the end that stand for where it rests. */
  readonly tail: number;
}

const LAG = 2; // an alternation of signs drops out, and it doubles the signal of a slow decay
export const FLOORS_TRIED = [3, 2, 1.6, 1.3];
const LEAST_RUN = 6;
const LEAST_SIGNAL = 0.1; // of the noise's displacement: fainter ones are as good as none, but their logarithm is not
const LEAST_HALVED = 10; // displacements of which the second half alone has a slope
const ROUNDS = 8;

/**
 * Rate from the slope of ln ‖h_{t+2} − h_t‖ over the leading run in which it is above three times its floor (the median over the last
 * quarter; down to 1.3 times, if fewer than six steps are above three), the floor's energy taken off. Needs no knowledge of the fixed point, and no single mode. Where the
 * second half of the run falls at another rate than the whole, it speaks: as for the gap between two starts (analysis/paths/contraction.ts), the first half is the quicker modes'.
 *
 * Each logarithm counts by the inverse of its variance: what noise of `floor` spread over ν dimensions does to it, and a scatter that is the same for all (directions that turn
 * at their own angles), found by the method of moments (DerSimonian and Laird 1986). The interval is Student's, widened where neighbours err alike.
 */
export function displacementSlope(path: Products, {declines, floor, tail}: SlopeOptions): Slope | undefined {
  const squared = squaredSteps(path, LAG);
  if (squared.length < 4) return undefined;
  const last = squared.slice(-Math.max(2, Math.floor(squared.length / 4))).sort((a, b) => a - b);
  const still = Math.max(last[last.length >> 1], 2 * floor ** 2); // a path that rests on one rounded value moves by less than its rounding
  const leading = (floors: number): number => {
    const end = squared.findIndex((d) => d <= floors ** 2 * still);
    return end < 0 ? squared.length : end;
  };
  let end = FLOORS_TRIED.map(leading).find((count, i) => count >= LEAST_RUN || i === FLOORS_TRIED.length - 1) ?? 0;
  if (end < 4 && !declines) return undefined;
  const moving = end >= 4 ? still : 0; // never clear of its end, which still slows down: a slow decay, whose end is no floor
  if (end < 4) end = squared.length;
  const rest = productsFrom(path, path.size - tail);
  const dimensions = effectiveDimensions(residualOf(rest, constantOf(rest.size)));
  const signals = squared.slice(0, end).map((d) => Math.max(d - moving, LEAST_SIGNAL * moving, Number.MIN_VALUE));
  const variances = signals.map((signal) => ((moving / dimensions) * (4 * signal + 2 * moving)) / (4 * signal ** 2));
  const logs = signals.map((signal) => 0.5 * Math.log(signal));
  const whole = weightedLine(logs, variances);
  const half = end >= LEAST_HALVED ? end >> 1 : 0;
  // Quicker modes bend the first half: the slowest that is resolved is in the second, and what leaving the first half out does is part of what is not known.
  const late = half > 0 ? weightedLine(logs.slice(half), variances.slice(half)) : whole;
  const bent = Math.abs(late.slope - whole.slope) > Math.hypot(late.error, whole.error);
  const {slope, error} = bent ? late : whole;
  const reach = t95((bent ? end - half : end) - 2) * error + (bent ? Math.abs(late.slope - whole.slope) : 0);
  return {
    rate: Math.exp(slope),
    rateCi: [Math.exp(slope - reach), Math.exp(slope + reach)],
    window: [0, Math.min(path.size - 1, end - 1 + LAG)],
    noise: Math.sqrt(still / 2)
  };
}

/** Slope against 0, 1, 2, … and its standard error, of values with known variances and an unknown one that all share. */
function weightedLine(y: readonly number[], variances: readonly number[]): {slope: number; error: number} {
  const n = y.length;
  let scatter = 0;
  for (let round = 0; ; ++round) {
    const weights = variances.map((variance) => 1 / Math.max(variance + scatter, 1e-24));
    const total = sum(weights);
    const [mx, my] = [sum(weights.map((w, x) => w * x)) / total, sum(weights.map((w, x) => w * y[x])) / total];
    const xx = sum(weights.map((w, x) => w * (x - mx) ** 2));
    const slope = sum(weights.map((w, x) => w * (x - mx) * (y[x] - my))) / xx;
    const left = y.map((value, x) => (value - my - slope * (x - mx)) * Math.sqrt(weights[x]));
    const excess = sum(left.map((e) => e * e)) - (n - 2);
    if (round === ROUNDS || (round > 0 && Math.abs(excess) < 1e-3 * n)) {
      const alike = Math.min(
        0.8,
        Math.max(0, sum(left.slice(1).map((e, x) => e * left[x])) / Math.max(sum(left.map((e) => e * e)), Number.MIN_VALUE))
      );
      const unexplained = Math.max(1, sum(left.map((e) => e * e)) / Math.max(1, n - 2));
      return {slope, error: Math.sqrt((unexplained / xx) * ((1 + alike) / (1 - alike)))};
    }
    const leverage = sum(weights) - sum(weights.map((w) => w * w)) / total - sum(weights.map((w, x) => w * w * (x - mx) ** 2)) / xx;
    scatter = Math.max(0, scatter + excess / Math.max(leverage, Number.MIN_VALUE));
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
