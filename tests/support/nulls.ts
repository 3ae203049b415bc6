import {matrixOf, rowOf, type Matrix} from "../../analysis/matrix.ts";
import type {Random} from "../../analysis/random.ts";
import {between, betweenLog, directionOf, frameOf, gaussianOf} from "./gaussian.ts";

export interface NullShape {
  readonly random: Random;
  readonly steps: number;
  readonly width: number;
}

/** Scales every row to norm √width. */
function ontoSphere({rows, cols, data}: Matrix): Matrix {
  const scaled = new Float32Array(data.length);
  for (let t = 0; t < rows; ++t) {
    const row = rowOf({rows, cols, data}, t);
    const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    for (let k = 0; k < cols; ++k) scaled[t * cols + k] = (row[k] / norm) * Math.sqrt(cols);
  }
  return matrixOf(rows, cols, scaled);
}

const fromRows = (steps: number, width: number, row: (t: number) => ArrayLike<number>): Matrix => {
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) data.set(row(t), t * width);
  return matrixOf(steps, width, data);
};

/** Independent noise: every state its own direction. */
export function noiseNull({random, steps, width}: NullShape): Matrix {
  const gaussian = gaussianOf(random);
  return ontoSphere(fromRows(steps, width, () => Float64Array.from({length: width}, gaussian)));
}

/** Independent noise about a centre, of 0.001 to 1 of its norm: a state that neither rests nor goes anywhere. */
export function centredNoiseNull({random, steps, width}: NullShape): Matrix {
  const gaussian = gaussianOf(random);
  const centre = directionOf(gaussian, width, (1 / betweenLog(random, 1e-3, 1)) * Math.sqrt(width));
  return ontoSphere(fromRows(steps, width, () => centre.map((c) => c + gaussian())));
}

/** A random walk in steps of 0.01 to 1 of the radius. */
export function walkNull({random, steps, width}: NullShape): Matrix {
  return walk({random, steps, width}, width);
}

/** A random walk in 1 to 5 dimensions about a centre, on the sphere. */
export function narrowWalkNull({random, steps, width}: NullShape): Matrix {
  return walk({random, steps, width}, 1 + Math.floor(random() * 5));
}

function walk({random, steps, width}: NullShape, dimensions: number): Matrix {
  const gaussian = gaussianOf(random);
  const step = betweenLog(random, 0.01, 1);
  const frame = dimensions < width ? frameOf(gaussian, width, dimensions) : undefined;
  const state = directionOf(gaussian, width);
  const rows: Float64Array[] = [];
  for (let t = 0; t < steps; ++t) {
    rows.push(state.slice()); // the walk goes on in place
    if (frame) {
      for (const axis of frame) {
        const move = (gaussian() * step) / Math.sqrt(dimensions);
        for (let k = 0; k < width; ++k) state[k] += move * axis[k];
      }
    } else for (let k = 0; k < width; ++k) state[k] += (gaussian() * step) / Math.sqrt(width);
    const norm = Math.sqrt(state.reduce((sum, x) => sum + x * x, 0));
    for (let k = 0; k < width; ++k) state[k] /= norm;
  }
  return ontoSphere(fromRows(steps, width, (t) => rows[t]));
}

/** First-order autoregression about a centre, coefficient 0.3 to 0.97, in all or in a few dimensions. */
export function autoregressionNull({random, steps, width}: NullShape): Matrix {
  const gaussian = gaussianOf(random);
  const keep = between(random, 0.3, 0.97);
  const dimensions = random() < 0.5 ? width : 1 + Math.floor(random() * 5);
  const frame = frameOf(gaussian, width, dimensions < width ? dimensions : 0);
  const centre = directionOf(gaussian, width, Math.sqrt(width) / betweenLog(random, 0.03, 1));
  const draw = (): Float64Array => {
    if (dimensions === width) return Float64Array.from({length: width}, gaussian);
    const weights = frame.map(() => gaussian() * Math.sqrt(width / dimensions));
    return Float64Array.from({length: width}, (_, k) => frame.reduce((sum, axis, i) => sum + weights[i] * axis[k], 0));
  };
  let state = draw();
  return ontoSphere(
    fromRows(steps, width, () => {
      const fresh = draw();
      state = state.map((x, k) => keep * x + Math.sqrt(1 - keep ** 2) * fresh[k]);
      return state.map((x, k) => x + centre[k]);
    })
  );
}

/** Independent states with the mean and covariance of a path: mean + Σ z_s (h_s − mean) / √(steps − 1), z standard normal. */
export function covarianceMatched(path: Matrix, {random, steps}: {random: Random; steps: number}): Matrix {
  const {rows, cols} = path;
  const gaussian = gaussianOf(random);
  const mean = new Float64Array(cols);
  for (let s = 0; s < rows; ++s) for (let k = 0; k < cols; ++k) mean[k] += path.data[s * cols + k] / rows;
  return ontoSphere(
    fromRows(steps, cols, () => {
      const state = mean.slice(); // the mean serves every row
      for (let s = 0; s < rows; ++s) {
        const weight = gaussian() / Math.sqrt(rows - 1);
        for (let k = 0; k < cols; ++k) state[k] += weight * (path.data[s * cols + k] - mean[k]);
      }
      return state;
    })
  );
}

/**
 * A surrogate with every coordinate's power spectrum and random phases: the same for all coordinates (which keeps their
 * cross-correlations) or each its own. Needs 2, 4, 8, … states.
 */
export function phaseRandomised({rows: n, cols, data}: Matrix, {random, common}: {random: Random; common: boolean}): Matrix {
  const phases = (): Float64Array =>
    Float64Array.from({length: n / 2 + 1}, (_, f) => (f === 0 ? 0 : f === n / 2 ? Math.PI * Math.round(random()) : 2 * Math.PI * random()));
  const shared = phases();
  const surrogate = new Float32Array(data.length);
  for (let k = 0; k < cols; ++k) {
    const [re, im] = [Float64Array.from({length: n}, (_, t) => data[t * cols + k]), new Float64Array(n)];
    fourier(re, im);
    const own = common ? shared : phases();
    for (let f = 0; f <= n / 2; ++f) {
      const [cos, sin] = [Math.cos(own[f]), Math.sin(own[f])];
      [re[f], im[f]] = [re[f] * cos - im[f] * sin, re[f] * sin + im[f] * cos];
      if (f > 0 && f < n / 2) [re[n - f], im[n - f]] = [re[f], -im[f]];
    }
    // The inverse transform of a conjugate-symmetric spectrum is the transform of its conjugate, over n.
    for (let f = 0; f < n; ++f) im[f] = -im[f];
    fourier(re, im);
    for (let t = 0; t < n; ++t) surrogate[t * cols + k] = re[t] / n;
  }
  return ontoSphere(matrixOf(n, cols, surrogate));
}

/** Discrete Fourier transform in place, radix 2. */
function fourier(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  if ((n & (n - 1)) !== 0) throw new RangeError(`invalid length: ${n}; expected a power of two`);
  for (let i = 1, j = 0; i < n; ++i) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [re[i], re[j], im[i], im[j]] = [re[j], re[i], im[j], im[i]];
  }
  for (let length = 2; length <= n; length <<= 1) {
    for (let k = 0; k < length / 2; ++k) {
      const [c, s] = [Math.cos((-2 * Math.PI * k) / length), Math.sin((-2 * Math.PI * k) / length)];
      for (let i = k; i < n; i += length) {
        const j = i + length / 2;
        const [x, y] = [re[j] * c - im[j] * s, re[j] * s + im[j] * c];
        [re[j], im[j], re[i], im[i]] = [re[i] - x, im[i] - y, re[i] + x, im[i] + y];
      }
    }
  }
}
