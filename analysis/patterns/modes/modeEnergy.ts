import {floats} from "../../kernel/floats.ts";
import {antidiagonalSums, diagonalSums} from "../../kernel/matrices.ts";
import {energyAlongPowers, energyAtAngle, energyAtRate, modeBasis, sumsOf, type Sums} from "../../kernel/modes.ts";
import type {Products} from "../path/residual.ts";
import {sampled, type TimeBasis} from "../statistics/timeBasis.ts";

/** The energy that a mode λ = rate · e^{iω} takes up in a window, as a function of one of the two while the other is held. */
export interface ModeEnergy {
  atRate(rate: number): (omega: number) => number;
  /** The same at the angles πi / parts, i from 0 to `parts`, within rounding. */
  atAngles(rate: number, parts: number): Float64Array;
  atOmega(omega: number): (rate: number) => number;
}

/**
 * The energy that a mode takes up in a window without its nuisance: (Ff)ᵀ (FᵀF)⁻¹ (Ff) for its real and imaginary function of time, F without the nuisance.
 *
 * A fit asks for hundreds of them. With f = λᵗ, fᵀGf = Σₘ λᵐ Pₘ needs of the window only the sums along its antidiagonals, Pₘ = Σ_{i+j=m} G_ij, whatever λ is; and fᴴGf = Σ_ij λⁱ λ̄ʲ G_ij,
 * while the rate is held, only the sums along its diagonals weighed by rate^{i+j}, Σ_ℓ S_ℓ cos ωℓ, and while ω is held those along its antidiagonals weighed by cos ω(i − j). So one pass over
 * the window serves a whole line of either, each point of which costs its length.
 */
export function modeEnergy({size, values}: Products, nuisance: TimeBasis): ModeEnergy {
  let known: Float64Array | undefined;
  const antidiagonals = (): Float64Array => (known ??= antidiagonalSums(values, size));
  const basis = modeBasis(size, nuisance);
  const withRate = (rate: number): [across: Float64Array, along: Float64Array] => [
    weighedBy(antidiagonals(), rate),
    diagonalSums(values, size, weighedBy(floats(size).fill(1), rate))
  ];
  const atAngle = (sums: Sums, rate: number, omega: number): number => {
    if (turning(omega)) return energyAtAngle(sums, basis, rate, omega);
    const sign = signOf(omega);
    return energyAlongPowers(sums, basis, sign, sign * rate);
  };
  return {
    atRate(rate) {
      const sums = sumsOf(withRate(rate));
      return (omega) => atAngle(sums, rate, omega);
    },
    atAngles(rate, parts) {
      const sums = sumsOf(withRate(rate).map((row) => folded(row, 2 * parts)));
      return sampled(parts + 1, (i) => atAngle(sums, rate, (Math.PI * i) / parts));
    },
    atOmega(omega) {
      if (!turning(omega)) {
        const sums = sumsOf([antidiagonals()]);
        return (rate) => energyAlongPowers(sums, basis, signOf(omega) * rate, signOf(omega) * rate);
      }
      const sums = sumsOf([antidiagonalSums(values, size, omega), ...turned(antidiagonals(), omega)]);
      return (rate) => energyAtRate(sums, basis, rate, omega);
    }
  };
}

const turning = (omega: number): boolean => omega > 0 && omega < Math.PI;

/** Of a mode that does not turn: whether it flips. */
const signOf = (omega: number): 1 | -1 => (omega > 0 ? -1 : 1);

function weighedBy(values: Float64Array, rate: number): Float64Array {
  const weighed = floats(values.length);
  for (let m = 0, power = 1; m < values.length; ++m, power *= rate) weighed[m] = values[m] * power;
  return weighed;
}

/** Sums of what lies whole turns of so many steps apart. */
function folded(values: Float64Array, turn: number): Float64Array {
  const sums = floats(turn).fill(0);
  for (let m = 0; m < values.length; ++m) sums[m % turn] += values[m];
  return sums;
}

/** vₘ cos ωm and vₘ sin ωm. */
const turned = (values: Float64Array, omega: number): [real: Float64Array, imaginary: Float64Array] => [
  sampled(values.length, (m) => values[m] * Math.cos(omega * m)),
  sampled(values.length, (m) => values[m] * Math.sin(omega * m))
];
