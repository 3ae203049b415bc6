import {Refusal} from "../../capture/trace/refusal.ts";

/** How strongly UMAP pulls and pushes at a squared distance: factors of the difference of two points. */
export interface LayoutCurve {
  readonly attraction: (squared: number) => number;
  readonly repulsion: (squared: number) => number;
}

interface LayoutCurveOptions {
  readonly minDist: number;
}

/**
 * Gradients of the low-dimensional membership 1 / (1 + a d^2b), with a and b fitted by least squares to
 * 1 up to minDist and exp(−(d − minDist)) beyond (McInnes, Healy & Melville 2018, definition 11; spread 1).
 */
export function layoutCurve({minDist}: LayoutCurveOptions): LayoutCurve {
  const {a, b} = fittedCurve(minDist);
  return {
    attraction: (s) => (s > 0 ? (-2 * a * b * s ** (b - 1)) / (1 + a * s ** b) : 0),
    repulsion: (s) => (2 * b) / ((0.001 + s) * (1 + a * s ** b))
  };
}

const SAMPLES = 300;
const ROUNDS = 100;

/** a and b by Gauss–Newton with step halving, from a = b = 1. Throws a Refusal for minDist outside 0 to 3. */
export function fittedCurve(minDist: number): {readonly a: number; readonly b: number} {
  if (!(minDist >= 0 && minDist < 3)) throw new Refusal(`invalid minDist: ${minDist}; expected 0 to less than 3`);
  const xs = Array.from({length: SAMPLES - 1}, (_, i) => (3 * (i + 1)) / (SAMPLES - 1)); // at x = 0 every curve is 1
  const wanted = xs.map((x) => (x < minDist ? 1 : Math.exp(minDist - x)));
  const misfit = (a: number, b: number) => xs.reduce((sum, x, i) => sum + (1 / (1 + a * x ** (2 * b)) - wanted[i]) ** 2, 0);
  let [a, b] = [1, 1];
  for (let round = 0; round < ROUNDS; ++round) {
    const [da, db] = gaussNewtonStep(xs, wanted, a, b);
    let scale = 1;
    while (scale > 1e-6 && !(misfit(a + scale * da, b + scale * db) < misfit(a, b))) scale /= 2;
    if (scale <= 1e-6) break;
    a += scale * da;
    b += scale * db;
  }
  return {a, b};
}

function gaussNewtonStep(xs: readonly number[], wanted: readonly number[], a: number, b: number): [number, number] {
  let [aa, ab, bb, ra, rb] = [0, 0, 0, 0, 0];
  for (const [i, x] of xs.entries()) {
    const power = x ** (2 * b);
    const value = 1 / (1 + a * power);
    const ga = -power * value * value;
    const gb = -2 * a * power * Math.log(x) * value * value;
    const residual = wanted[i] - value;
    aa += ga * ga;
    ab += ga * gb;
    bb += gb * gb;
    ra += ga * residual;
    rb += gb * residual;
  }
  const determinant = aa * bb - ab * ab;
  return [(bb * ra - ab * rb) / determinant, (aa * rb - ab * ra) / determinant];
}

const LOWEST = 2 ** -30; // below, the largest move caps the gradient anyway
const HIGHEST = 2 ** 20;
const MANTISSA_BITS = 9; // cells a five-hundredth wide: the gradient is off by less than 0.2 %, far below its own noise

/**
 * A function of positive numbers as a table over the leading bits of their float32 form. The powers in the gradient take most
 * of a layout's time; a look-up takes a twentieth of it.
 */
export function tabulated(f: (x: number) => number): (x: number) => number {
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  const shift = 23 - MANTISSA_BITS;
  const placeOf = (x: number): number => {
    float[0] = x;
    return bits[0] >> shift;
  };
  const first = placeOf(LOWEST);
  const last = placeOf(HIGHEST);
  const table = Float32Array.from({length: last - first + 1}, (_, at) => {
    bits[0] = ((first + at) << shift) | (1 << (shift - 1)); // the middle of the cell
    return f(float[0]);
  });
  return (x) => {
    float[0] = x;
    const place = (bits[0] >> shift) - first;
    return table[Math.max(0, Math.min(last - first, place))];
  };
}
