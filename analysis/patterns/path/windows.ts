import {windowOf, type Gram} from "./gram.ts";
import {perSize} from "../statistics/perSize.ts";
import {residualOf, type Products} from "./residual.ts";
import {orthonormal, sampled, type TimeBasis} from "../statistics/timeBasis.ts";

/** A later part of a path, and what is left of it without what claims nothing. */
export interface LateWindow {
  readonly from: number;
  readonly window: Gram;
  /** A constant and a straight line, orthonormal. */
  readonly trend: TimeBasis;
  /** The window without its constant. */
  readonly centred: Products;
  /** The window without either. */
  readonly detrended: Products;
}

/** The parts of a path that orbits and drifts are sought in, the longest first. */
export const lateWindows = (gram: Gram): LateWindow[] =>
  windowStarts(gram.size).map((from) => {
    const window = windowOf(gram, from);
    const trend = trendOf(window.size);
    const centred = residualOf(window, trend.slice(0, 1));
    return {from, window, trend, centred, detrended: residualOf(centred, trend.slice(1))};
  });

/** Of so many states. */
export const trendOf = perSize((n) => orthonormal([sampled(n, () => 1), sampled(n, (t) => t)]));

const LEAST_WINDOW = 8; // states; fewer cannot show three turns of anything, or a straight line as such
const SHARES = [0, 1 / 8, 1 / 4, 3 / 8, 1 / 2];

/**
 * Where the windows begin that a claim about the later part of a path is tried on: the path without its first state (which may
 * be the initial state, off the sphere), and without its first eighth, quarter, three eighths and half.
 */
export function windowStarts(steps: number): number[] {
  const starts = new Set(SHARES.map((share) => Math.max(1, Math.floor(share * steps))));
  return [...starts].filter((start) => steps - start >= LEAST_WINDOW);
}
