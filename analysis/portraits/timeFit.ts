import {Matrix as SmallMatrix, solve} from "ml-matrix";
import {rowOf, type Matrix} from "../matrix.ts";

/** A path's window as a sum of functions of time, each times a vector of its own: hₜ ≈ Σ fₖ(t) vₖ, by least squares. */
interface TimeFit {
  /** A vector of the states' width for each function. */
  readonly vectors: readonly Float64Array[];
  /** The fitted state at a step, counted from the path's first row. */
  at(step: number): Float64Array;
  /** Root mean square distance per state of the window from its fit. */
  readonly residual: number;
}

/**
 * Fits the rows `window[0]` to `window[1]` of a path. The functions take the row's number, so that a fit goes on outside its window.
 * Functions that the window cannot tell apart are an error of the caller's.
 */
export function timeFit(path: Matrix, window: readonly [number, number], functions: readonly ((step: number) => number)[]): TimeFit {
  const steps = Array.from({length: window[1] - window[0] + 1}, (_, i) => window[0] + i);
  const design = new SmallMatrix(steps.map((step) => functions.map((f) => f(step))));
  const states = new SmallMatrix(steps.map((step) => [...rowOf(path, step)]));
  const weights = solve(design, states, design.rows < design.columns); // rows are as few as the functions only in a window of three states
  const vectors = functions.map((_, k) => Float64Array.from(weights.getRow(k)));
  const at = (step: number): Float64Array => {
    const sum = new Float64Array(path.cols);
    functions.forEach((f, k) => {
      const weight = f(step);
      for (let j = 0; j < sum.length; ++j) sum[j] += weight * vectors[k][j];
    });
    return sum;
  };
  let squares = 0;
  for (const step of steps) {
    const [fitted, state] = [at(step), rowOf(path, step)];
    for (let j = 0; j < fitted.length; ++j) squares += (state[j] - fitted[j]) ** 2;
  }
  return {vectors, at, residual: Math.sqrt(squares / steps.length)};
}
