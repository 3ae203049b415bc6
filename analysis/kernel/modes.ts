import {besideMatrix} from "./desk.ts";
import {floats} from "./floats.ts";
import {addressOf, doubles, kernel} from "./memory.ts";

/** Lists of numbers, one after another. */
export interface Sums {
  readonly numbers: Float64Array;
  readonly counts: readonly number[];
}

export function sumsOf(lists: readonly Float64Array[]): Sums {
  const counts = lists.map(({length}) => length);
  const numbers = floats(counts.reduce((sum, count) => sum + count, 0));
  let at = 0;
  for (const list of lists) {
    numbers.set(list, at);
    at += list.length;
  }
  return {numbers, counts};
}

/** What a mode's functions of time are wanted without, and room for them beside it. */
export interface ModeBasis {
  readonly size: number;
  /** One at least. */
  readonly functions: number;
  readonly numbers: Float64Array;
}

/** Of orthonormal functions of so many states each. */
export function modeBasis(size: number, nuisance: readonly Float64Array[]): ModeBasis {
  const functions = Math.max(1, nuisance.length);
  const numbers = floats((functions + 2) * size + 6);
  if (nuisance.length === 0) numbers.fill(0, 0, size);
  nuisance.forEach((f, i) => numbers.set(f, i * size));
  return {size, functions, numbers};
}

/** Addresses of sums, of a basis and of the room beside it: in their place where they lie in the kernel's memory, else as copies on the desk. */
function addresses(
  {numbers: sums}: Sums,
  {numbers: basis, functions, size}: ModeBasis
): readonly [sums: number, basis: number, room: number] {
  let [atSums, atBasis] = [addressOf(sums), addressOf(basis)];
  if (atSums === undefined || atBasis === undefined) {
    [atSums, atBasis] = besideMatrix([sums.length, basis.length]);
    doubles.set(sums, atSums >> 3);
    doubles.set(basis, atBasis >> 3);
  }
  return [atSums, atBasis, atBasis + functions * size * Float64Array.BYTES_PER_ELEMENT];
}

/** Energy of a mode rate · e^{iω} at an angle between 0 and π, from Σ_{i+j=m} rateᵐ G_ij and Σ_{|i−j|=ℓ} rate^{i+j} G_ij. */
export function energyAtAngle(sums: Sums, basis: ModeBasis, rate: number, omega: number): number {
  const [s, b, room] = addresses(sums, basis);
  const [count, others] = sums.counts;
  return kernel.energyAtAngle(s, count, others, Math.cos(omega), Math.sin(omega), rate, b, basis.functions, basis.size, room);
}

/** The same from Σ_{i+j=m} of cos ω(i − j) G_ij, of cos ωm G_ij and of sin ωm G_ij. */
export function energyAtRate(sums: Sums, basis: ModeBasis, rate: number, omega: number): number {
  const [s, b, room] = addresses(sums, basis);
  return kernel.energyAtRate(s, sums.counts[0], rate, Math.cos(omega), Math.sin(omega), b, basis.functions, basis.size, room);
}

/** Energy along stepᵗ, from Σ_{i+j=m} (step / x)ᵐ G_ij. */
export function energyAlongPowers(sums: Sums, basis: ModeBasis, x: number, step: number): number {
  const [s, b, room] = addresses(sums, basis);
  return kernel.energyAlongPowers(s, sums.counts[0], x, step, b, basis.functions, basis.size, room);
}
