import type {Mode} from "./mode.ts";
import type {Products} from "./residual.ts";
import {t95} from "./studentT.ts";
import {sampled} from "./timeBasis.ts";

/**
 * The complex amplitude in consecutive parts of a window: coherence of the halves |⟨z₁, z₂⟩| / (‖z₁‖ ‖z₂‖), the share of amplitude lost
 * from the first third to the last, and the share of the last third's amplitude that a geometric approach would keep for ever
 * (Aitken's extrapolation: 0 for a decay to rest, 1 for a cycle that has been reached). Lengths are freed of noise.
 */
export function envelope(plain: Products, omega: number, noise: number): {coherence: number; decline: number; limit: number} {
  const n = plain.size;
  const halves = amplitudes(plain, omega, noise, 2);
  const along = halves.cross(0, 1);
  const coherence = along / Math.sqrt(Math.max(halves.squared(0), 1e-300) * Math.max(halves.squared(1), 1e-300));
  if (n < 12)
    return {coherence: Math.min(1, coherence), decline: 1 - Math.sqrt(halves.squared(1) / Math.max(halves.squared(0), 1e-300)), limit: 0};
  const thirds = amplitudes(plain, omega, noise, 3);
  const [a, b, c] = [0, 1, 2].map((i) => Math.sqrt(Math.max(0, thirds.squared(i))));
  const bend = b - a - (c - b); // negative where the decay slows down
  const limit = bend < 0 ? (c + (b - c) ** 2 / bend) / Math.max(c, 1e-300) : c < b ? 0 : 1;
  return {coherence: Math.min(1, coherence), decline: 1 - c / Math.max(a, 1e-300), limit};
}

const MOST_PARTS = 8;

/**
 * Half the 95 % interval of ω where the loop itself is kicked and its phase is a random walk: second differences of the phase over parts of a turn or more, of length L, have
 * variance q L + 6 v, v that of a part's own noise; the fit's ω then has variance 6 q / 5 n. Undefined where fewer than four parts are there; 0 of a flip, which has no phase.
 */
export function wanderSpread(plain: Products, {omega, blur}: Mode): number | undefined {
  if (omega >= Math.PI) return 0;
  const n = plain.size;
  const count = Math.min(MOST_PARTS, Math.floor(n / Math.max(4, (2 * Math.PI) / omega)));
  if (count < 4) return undefined;
  const parts = amplitudes(plain, omega, blur, count);
  let [squares, noise] = [0, 0];
  for (let i = 0; i + 2 < count; ++i) {
    const bend = parts.turn(i + 1, i + 2) - parts.turn(i, i + 1);
    squares += Math.atan2(Math.sin(bend), Math.cos(bend)) ** 2 / (count - 2);
  }
  for (let i = 0; i < count; ++i) noise += parts.selfNoise(i) / Math.max(parts.squared(i), Number.MIN_VALUE) / 2 / count;
  const perStep = Math.max(0, squares - 6 * noise) / (n / count);
  return t95(count - 2) * Math.sqrt((1.2 * perStep) / n);
}

/** Complex amplitudes z = Σ (wc − i ws) h of equal parts; their inner products, by least squares on cosine and sine. */
function amplitudes({size, values}: Products, omega: number, noise: number, parts: number) {
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
