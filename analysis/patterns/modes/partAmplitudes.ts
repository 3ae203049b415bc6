import type {Products} from "../path/residual.ts";
import {sampled} from "../statistics/timeBasis.ts";

/** Complex amplitudes z = Σ (wc − i ws) h of equal parts; their inner products, by least squares on cosine and sine. */
export function amplitudes({size, values}: Products, omega: number, noise: number, parts: number) {
  const weights = Array.from({length: parts}, (_, part) => {
    const [start, end] = [Math.floor((part * size) / parts), Math.floor(((part + 1) * size) / parts)];
    const inside = (f: (t: number) => number): Float64Array => sampled(size, (t) => (t >= start && t < end ? f(t) : 0));
    return leastSquares([inside((t) => Math.cos(omega * t)), inside((t) => Math.sin(omega * t))]);
  });
  const product = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < size; ++i) if (a[i] !== 0) for (let j = 0; j < size; ++j) sum += a[i] * values[i * size + j] * b[j];
    return sum;
  };
  const selfNoise = (i: number): number => noise * weights[i].reduce((sum, w) => sum + w.reduce((s, x) => s + x * x, 0), 0);
  const crossed = (i: number, j: number): [number, number] => {
    const [[ci, si], [cj, sj]] = [weights[i], weights[j]];
    return [product(ci, cj) + (si && sj ? product(si, sj) : 0), si && sj ? product(ci, sj) - product(si, cj) : 0];
  };
  return {
    selfNoise,
    /** Angle from one part's amplitude to another's. */
    turn: (i: number, j: number): number => {
      const [real, imaginary] = crossed(i, j);
      return Math.atan2(imaginary, real);
    },
    squared: (i: number): number => weights[i].reduce((sum, w) => sum + product(w, w), 0) - selfNoise(i),
    cross: (i: number, j: number): number => Math.hypot(...crossed(i, j))
  };
}

/** Weights whose products with a signal are its least-squares coefficients on the functions; a dependent one is left out. */
function leastSquares([c, s]: readonly [Float64Array, Float64Array]): Float64Array[] {
  let [cc, cs, ss] = [0, 0, 0];
  for (let t = 0; t < c.length; ++t) {
    cc += c[t] * c[t];
    cs += c[t] * s[t];
    ss += s[t] * s[t];
  }
  const determinant = cc * ss - cs * cs;
  if (!(determinant > 1e-3 * cc * cc)) return [c.map((x) => x / cc)];
  return [c.map((x, t) => (ss * x - cs * s[t]) / determinant), c.map((x, t) => (cc * s[t] - cs * x) / determinant)];
}
