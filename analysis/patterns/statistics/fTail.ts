import {Refusal} from "../../../capture/trace/refusal.ts";

/**
 * The upper tail P(F > x) of Fisher's F distribution with `above` and `below` degrees of freedom (real numbers, not only whole
 * ones), through the regularised incomplete beta function (DLMF 8.17). Accurate in the far tail: 1e-200 comes out as 1e-200.
 */
export function fTail(x: number, above: number, below: number): number {
  if (!(above > 0 && below > 0)) throw new Refusal(`invalid degrees of freedom: ${above} and ${below}; expected positive numbers`);
  if (Number.isNaN(x)) throw new Refusal("invalid F: NaN; expected a number from 0");
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  return incompleteBeta(below / (below + above * x), below / 2, above / 2);
}

/**
 * An upper bound on P(mean energy of `above` functions of time / mean energy of `below` others > ratio) for Gaussian noise of ν effective
 * dimensions, ν = (tr Σ)² / tr Σ². Its energies are mixtures of χ² with weights λᵢ; their far tail is that of the largest weight alone, and the largest
 * share of the trace that ν allows is 1/√ν. So the excess is laid to one dimension that holds this share: F = 1 + (ratio − 1) √ν with
 * one dimension's degrees of freedom. (F with ν times as many, after Satterthwaite, is right in the middle and a thousandfold too
 * small in the tail when one direction is louder than the rest.)
 */
export const mixtureTail = (ratio: number, above: number, below: number, dimensions: number): number =>
  ratio <= 1 ? 1 : fTail(1 + (ratio - 1) * Math.sqrt(dimensions), above, below);

/** Regularised incomplete beta I_x(a, b); the continued fraction converges on the side where x is below its mean. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return Math.min(1, (front / a) * betaFraction(x, a, b));
  return Math.max(0, 1 - (front / b) * betaFraction(1 - x, b, a));
}

const CONVERGED = 1e-15; // change of one more term, relative: a few units in the last place
const TINY = 1e-300; // keeps Lentz's method from dividing by zero

/** The continued fraction of I_x(a, b) (DLMF 8.17.22) by Lentz's method; it takes about as many terms as the root of the degrees of freedom. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1, change = Infinity; Math.abs(change - 1) >= CONVERGED; ++m) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    change = d * c;
    value *= change;
  }
  return value;
}

const nonZero = (x: number): number => (Math.abs(x) < TINY ? TINY : x);

/** ln Γ(x) for x > 0: recurrence up to 10, then Stirling's series (DLMF 5.11.1), good to 1e-13. */
function logGamma(x: number): number {
  let shift = 0;
  for (; x < 10; ++x) shift -= Math.log(x);
  const y = 1 / (x * x);
  return (
    shift +
    (x - 0.5) * Math.log(x) -
    x +
    0.5 * Math.log(2 * Math.PI) +
    (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x
  );
}
