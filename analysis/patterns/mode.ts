import {effectiveDimensions, energyAlong, energyOf, residualOf, type Products} from "./residual.ts";
import {modeFunctions, orthonormal, type TimeBasis} from "./timeBasis.ts";

/** One eigenmode λ = rate · e^{iω} fitted to a window, hₜ ≈ nuisance + Re(z λᵗ) with a free complex vector z. */
export interface Mode {
  readonly rate: number;
  /** 95 % profile-likelihood interval of the rate. */
  readonly rateCi: readonly [number, number];
  /** Angle per step, 0 (no turning) to π (alternating). */
  readonly omega: number;
  /** Energy left over by the fit, and taken up by the mode. */
  readonly residual: number;
  readonly energy: number;
  /** Effective dimensions of what is left over. */
  readonly dimensions: number;
}

export interface ModeOptions {
  /** Functions of time that are fitted beside the mode and claim nothing. */
  readonly nuisance: TimeBasis;
  /** Energy per state below which a residual means nothing: the rounding floor squared. */
  readonly floor: number;
  readonly rates: readonly [number, number];
  /** Range of ω; equal ends hold it. */
  readonly omegas: readonly [number, number];
  /** Where to start. */
  readonly start: readonly [number, number];
}

const ROUNDS = 4; // alternating searches over ω and rate; each halves the reach
const LIKELIHOOD_95 = 3.841; // χ²₁ at 95 %

/**
 * The mode that takes up most energy near a starting point, by variable projection (Golub and Pereyra 1973): for a given λ the
 * vectors are linear and drop out, so only two numbers are searched. The interval holds every rate with
 * N ln(RSS(rate)/RSS_min) ≤ 3.84, N = ν (n − functions), ν the effective dimensions of the residual: noise in many directions
 * tells more than noise in one.
 */
export function fitMode(window: Products, {nuisance, floor, rates, omegas, start}: ModeOptions): Mode {
  const n = window.size;
  const plain = residualOf(window, nuisance);
  const total = energyOf(plain);
  const taken = (rate: number, omega: number): number => energyAlong(plain, orthonormal(modeFunctions(n, rate, omega), nuisance));
  let [rate, omega] = start;
  let reach = 1 / n;
  const [turnsLow, turnsHigh] = omegas;
  for (let round = 0; round < ROUNDS; ++round) {
    if (turnsHigh > turnsLow) omega = highest((w) => taken(rate, w), Math.max(turnsLow, omega - Math.PI * reach), Math.min(turnsHigh, omega + Math.PI * reach));
    const width = Math.max(rates[1] - rates[0], 0) * 0.5 ** round;
    rate = highest((r) => taken(r, omega), Math.max(rates[0], rate - width), Math.min(rates[1], rate + width));
    reach /= 2;
  }
  const basis = orthonormal(modeFunctions(n, rate, omega), nuisance);
  const energy = energyAlong(plain, basis);
  const left = residualOf(plain, basis);
  const residual = Math.max(total - energy, energyOf(left), n * floor, Number.MIN_VALUE);
  const dimensions = effectiveDimensions(left);
  const evidence = dimensions * Math.max(1, n - nuisance.length - 2 * basis.length);
  const outside = (r: number): boolean => evidence * Math.log(Math.max(residual, total - taken(r, omega) + (residual - (total - energy))) / residual) > LIKELIHOOD_95;
  return {rate, omega, residual, energy, dimensions, rateCi: [edge(outside, rate, rates[0]), edge(outside, rate, rates[1])]};
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const SEARCH_STEPS = 18; // shrinks an interval by 6000

/** Where f is highest between two ends, by a coarse scan and golden-section search. */
export function highest(f: (x: number) => number, low: number, high: number): number {
  if (!(high > low)) return low;
  const SCAN = 8;
  let [best, value] = [low, -Infinity];
  for (let i = 0; i <= SCAN; ++i) {
    const x = low + ((high - low) * i) / SCAN;
    const y = f(x);
    if (y > value) [best, value] = [x, y];
  }
  let a = Math.max(low, best - (high - low) / SCAN);
  let b = Math.min(high, best + (high - low) / SCAN);
  let [c, d] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
  let [atC, atD] = [f(c), f(d)];
  for (let i = 0; i < SEARCH_STEPS; ++i) {
    if (atC > atD) {
      [b, d, atD] = [d, c, atC];
      c = b - GOLDEN * (b - a);
      atC = f(c);
    } else {
      [a, c, atC] = [c, d, atD];
      d = a + GOLDEN * (b - a);
      atD = f(d);
    }
  }
  return atC > atD ? c : d;
}

/** The edge of the region around `inside` in which `outside` is false, towards `end`; the end itself if it is never left. */
function edge(outside: (x: number) => boolean, inside: number, end: number): number {
  if (!outside(end)) return end;
  let [near, far] = [inside, end];
  for (let i = 0; i < 40; ++i) {
    const middle = (near + far) / 2;
    if (outside(middle)) far = middle;
    else near = middle;
  }
  return (near + far) / 2;
}
