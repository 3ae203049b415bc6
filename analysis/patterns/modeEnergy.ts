import {floats} from "../kernel/floats.ts";
import {antidiagonalSums, diagonalSums} from "../kernel/matrices.ts";
import type {Products} from "./residual.ts";
import {sampled, type TimeBasis} from "./timeBasis.ts";

/** The energy that a mode λ = rate · e^{iω} takes up in a window, as a function of one of the two while the other is held. */
export interface ModeEnergy {
  atRate(rate: number): (omega: number) => number;
  /** The same at the angles πi / parts, i from 0 to `parts`, within rounding. */
  atAngles(rate: number, parts: number): Float64Array;
  atOmega(omega: number): (rate: number) => number;
}

const SAME = 1e-9; // of the two functions' squared lengths: what the second adds to the first is then nothing
const GONE = 1e-12; // squared length of a function that the nuisance has taken up

/**
 * The energy that a mode takes up in a window without its nuisance: (Ff)ᵀ (FᵀF)⁻¹ (Ff) for its real and imaginary function of time, F without the nuisance.
 *
 * A fit asks for hundreds of them. With f = λᵗ, fᵀGf = Σₘ λᵐ Pₘ needs of the window only the sums along its antidiagonals, Pₘ = Σ_{i+j=m} G_ij, whatever λ is; and fᴴGf = Σ_ij λⁱ λ̄ʲ G_ij,
 * while the rate is held, only the sums along its diagonals weighed by rate^{i+j}, Σ_ℓ S_ℓ cos ωℓ, and while ω is held those along its antidiagonals weighed by cos ω(i − j). So one pass over
 * the window serves a whole line of either, each point of which costs its length.
 */
export function modeEnergy(plain: Products, nuisance: TimeBasis): ModeEnergy {
  const {size} = plain;
  let known: Float64Array | undefined;
  const antidiagonals = (): Float64Array => (known ??= antidiagonalSums(plain.values, size));
  const lengths = lengthsOf(size, nuisance);
  const weighedSums = (rate: number): [across: Float64Array, along: Float64Array] => [
    weighedBy(antidiagonals(), rate),
    diagonalSums(plain.values, size, weighedBy(floats(size).fill(1), rate))
  ];
  return {
    atRate(rate) {
      const [across, along] = weighedSums(rate);
      return (omega) => {
        if (!turning(omega)) return realEnergy(power(across, omega > 0 ? -1 : 1), lengths(rate, omega));
        const {real, imaginary, beside} = transforms(across, along, omega);
        return energyFrom(beside, [real, imaginary], lengths(rate, omega));
      };
    },
    atAngles(rate, parts) {
      const [across, along] = weighedSums(rate).map((sums) => folded(sums, 2 * parts));
      return sampled(parts + 1, (i) => {
        const omega = (Math.PI * i) / parts;
        if (!turning(omega)) return realEnergy(power(across, omega > 0 ? -1 : 1), lengths(rate, omega));
        const {real, imaginary, beside} = transforms(across, along, omega);
        return energyFrom(beside, [real, imaginary], lengths(rate, omega));
      });
    },
    atOmega(omega) {
      if (!turning(omega)) {
        const sign = omega > 0 ? -1 : 1;
        return (rate) => realEnergy(power(antidiagonals(), sign * rate), lengths(rate, omega));
      }
      const [real, imaginary] = turned(antidiagonals(), omega);
      const both = antidiagonalSums(plain.values, size, omega);
      return (rate) => energyFrom(power(both, rate), [power(real, rate), power(imaginary, rate)], lengths(rate, omega));
    }
  };
}

const turning = (omega: number): boolean => omega > 0 && omega < Math.PI;

/** Squared lengths of a mode's two functions and their product, without the nuisance. */
type Lengths = readonly [real: number, shared: number, imaginary: number];

const realEnergy = (energy: number, [length]: Lengths): number => (length > GONE ? energy / length : 0);

/** From |Fλᵗ|² = rr + ii and (Fλᵗ)² = rr − ii + 2i ri. */
function energyFrom(both: number, [difference, twice]: readonly [number, number], [a, b, c]: Lengths): number {
  const rr = (both + difference) / 2;
  const ri = twice / 2;
  const ii = (both - difference) / 2;
  const determinant = a * c - b * b;
  if (determinant > SAME * a * c) return (c * rr - 2 * b * ri + a * ii) / determinant;
  return a > c ? (a > GONE ? rr / a : 0) : c > GONE ? ii / c : 0;
}

function lengthsOf(size: number, [first = new Float64Array(size), ...others]: TimeBasis): (rate: number, omega: number) => Lengths {
  const [real, imaginary] = [floats(size), floats(size)];
  return (rate, omega) => {
    if (!turning(omega)) return [realLength(omega > 0 ? -rate : rate, real, [first, ...others]), 0, 0];
    const stepReal = rate * Math.cos(omega);
    const stepImaginary = rate * Math.sin(omega);
    let x = 1;
    let y = 0;
    let a = 0;
    let b = 0;
    let c = 0;
    let p = 0;
    let s = 0;
    for (let t = 0; t < size; ++t) {
      real[t] = x;
      imaginary[t] = y;
      a += x * x;
      b += x * y;
      c += y * y;
      p += first[t] * x;
      s += first[t] * y;
      const next = x * stepReal - y * stepImaginary;
      y = x * stepImaginary + y * stepReal;
      x = next;
    }
    a -= p * p;
    b -= p * s;
    c -= s * s;
    for (const q of others) {
      p = 0;
      s = 0;
      for (let t = 0; t < size; ++t) {
        p += q[t] * real[t];
        s += q[t] * imaginary[t];
      }
      a -= p * p;
      b -= p * s;
      c -= s * s;
    }
    return [a, b, c];
  };
}

/** Squared length of stepᵗ without the nuisance; `values` is room for it. */
function realLength(step: number, values: Float64Array, nuisance: TimeBasis): number {
  let squared = 0;
  for (let t = 0, x = 1; t < values.length; ++t, x *= step) {
    values[t] = x;
    squared += x * x;
  }
  for (const q of nuisance) {
    let along = 0;
    for (let t = 0; t < values.length; ++t) along += q[t] * values[t];
    squared -= along * along;
  }
  return squared;
}

function weighedBy(values: Float64Array, rate: number): Float64Array {
  const weighed = floats(values.length);
  for (let m = 0, power = 1; m < values.length; ++m, power *= rate) weighed[m] = values[m] * power;
  return weighed;
}

/** Σ vₘ xᵐ. */
function power(values: Float64Array, x: number): number {
  // Even and odd powers apart: neither chain of additions waits for the other.
  const squared = x * x;
  let even = 0;
  let odd = 0;
  let m = values.length - 1;
  if (m % 2 === 0) even = values[m--];
  for (; m > 0; m -= 2) {
    odd = odd * squared + values[m];
    even = even * squared + values[m - 1];
  }
  return even + x * odd;
}

/** Sums of what lies whole turns of so many steps apart. */
function folded(values: Float64Array, turn: number): Float64Array {
  const sums = floats(turn).fill(0);
  for (let m = 0; m < values.length; ++m) sums[m % turn] += values[m];
  return sums;
}

/** Σ vₘ e^{iωm}, and beside it Σ uₘ cos ωm of no more numbers. */
function transforms(values: Float64Array, others: Float64Array, omega: number): {real: number; imaginary: number; beside: number} {
  const stepReal = Math.cos(omega);
  const stepImaginary = Math.sin(omega);
  let x = 1;
  let y = 0;
  let real = 0;
  let imaginary = 0;
  let beside = 0;
  // No sum keeps another waiting: they all wait for the next angle.
  for (let m = 0; m < others.length; ++m) {
    real += values[m] * x;
    imaginary += values[m] * y;
    beside += others[m] * x;
    const next = x * stepReal - y * stepImaginary;
    y = x * stepImaginary + y * stepReal;
    x = next;
  }
  for (let m = others.length; m < values.length; ++m) {
    real += values[m] * x;
    imaginary += values[m] * y;
    const next = x * stepReal - y * stepImaginary;
    y = x * stepImaginary + y * stepReal;
    x = next;
  }
  return {real, imaginary, beside};
}

/** vₘ cos ωm and vₘ sin ωm. */
const turned = (values: Float64Array, omega: number): [real: Float64Array, imaginary: Float64Array] => [
  sampled(values.length, (m) => values[m] * Math.cos(omega * m)),
  sampled(values.length, (m) => values[m] * Math.sin(omega * m))
];
