/** A straight line through the logarithm of a curve. */
export interface LogDecay {
  /** Natural logarithm of the factor per step. */
  readonly slope: number;
  /** That of the later half of the steps used less that of the earlier half: 0 of a straight line. */
  readonly bend: number;
  /** First and last step used. */
  readonly from: number;
  readonly to: number;
}

const FEWEST = 4; // points that a line is fitted to
const LEAST_SPREAD = 0.01; // residuals of an exact decay are rounding; 1 % of the curve is no departure from a line
const DEPARTURE = 2; // prediction errors at which a point no longer belongs to the line

/**
 * The decay that rules the end of a curve's first `count` points: least squares of the logarithm on the step over the later half (faster modes are gone
 * by then), then extended backwards as long as the next earlier point lies within two standard errors of its prediction, so that a clean decay uses
 * all of its points and a transient none. Undefined for fewer than four points.
 */
export function logDecay(curve: ArrayLike<number>, count: number): LogDecay | undefined {
  if (count < FEWEST) return undefined;
  const to = count - 1;
  let from = Math.min(Math.ceil(count / 2), count - FEWEST);
  const sums = {n: 0, t: 0, tt: 0, y: 0, ty: 0, yy: 0};
  const add = (step: number) => {
    const [t, y] = [step - to, Math.log(curve[step])];
    sums.n += 1;
    sums.t += t;
    sums.tt += t * t;
    sums.y += y;
    sums.ty += t * y;
    sums.yy += y * y;
  };
  for (let step = from; step <= to; ++step) add(step);
  while (from > 0 && belongs(from - 1 - to, Math.log(curve[from - 1]))) add(--from);
  const middle = (from + to) / 2;
  const log = (step: number): number => Math.log(curve[step]);
  return {slope: lineOf().slope, bend: slopeBetween(Math.ceil(middle), to, log) - slopeBetween(from, Math.floor(middle), log), from, to};

  function lineOf() {
    const {n, t, tt, y, ty, yy} = sums;
    const spreadOfSteps = tt - (t * t) / n;
    const slope = (ty - (t * y) / n) / spreadOfSteps;
    const left = Math.max(0, yy - (y * y) / n - slope * slope * spreadOfSteps);
    return {slope, meanStep: t / n, mean: y / n, spreadOfSteps, deviation: Math.max(LEAST_SPREAD, Math.sqrt(left / Math.max(1, n - 2)))};
  }

  function belongs(step: number, value: number): boolean {
    const {slope, meanStep, mean, spreadOfSteps, deviation} = lineOf();
    const predicted = mean + slope * (step - meanStep);
    return Math.abs(value - predicted) <= DEPARTURE * deviation * Math.sqrt(1 + 1 / sums.n + (step - meanStep) ** 2 / spreadOfSteps);
  }
}

/** Least-squares slope of a curve on the step, over the steps of a range. */
export function slopeBetween(from: number, to: number, curve: (step: number) => number): number {
  const middle = (from + to) / 2;
  let [products, squares] = [0, 0];
  for (let step = from; step <= to; ++step) {
    products += (step - middle) * curve(step);
    squares += (step - middle) ** 2;
  }
  return products / squares;
}
