import {fTail} from "../statistics/fTail.ts";
import {modeEnergy, type ModeEnergy} from "./modeEnergy.ts";
import {effectiveDimensions, energyAlong, energyLeft, energyOf, residualOf, type Products} from "../path/residual.ts";
import {sharpened} from "./sharpened.ts";
import {modeFunctions, orthonormal, type Place, type TimeBasis} from "../statistics/timeBasis.ts";

/** Where a mode fits best without terms of higher order; the energy that it leaves over there, and that it takes up. */
interface FittedMode {
  readonly alone: Place;
  readonly residual: number;
  readonly energy: number;
}

/** A mode that may not be wanted: its rate and angle, which cost as much again, are worked out when they are asked for. */
export interface ModeFit extends FittedMode {
  readonly mode: () => Mode;
  /** How far another mode that the noise hides could move the rate. */
  readonly hidden: () => number;
}

/** One eigenmode λ = rate · e^{iω} fitted to a window, hₜ ≈ nuisance + Re(z λᵗ) with a free complex vector z. */
export interface Mode extends FittedMode {
  readonly rate: number;
  /** 95 % interval of the rate. */
  readonly rateCi: readonly [number, number];
  /** Angle per step, 0 (no turning) to π (alternating). */
  readonly omega: number;
  /** Whether its own directions show more than the mode (`sharpened`). */
  readonly bent: boolean;
  /** Noise of one state along the mode's own direction, squared: all that blurs its rate and angle. */
  readonly blur: number;
}

interface ModeOptions {
  /** Functions of time that were taken out of the window already and claim nothing. */
  readonly nuisance: TimeBasis;
  /** Energy per state below which a residual means nothing: the rounding floor squared. */
  readonly floor: number;
  readonly rates: readonly [number, number];
  /** Range of ω; equal ends hold it. */
  readonly omegas: readonly [number, number];
  /** Where to start. */
  readonly start: readonly [number, number];
  /** `modeEnergy` of the window, where several modes are fitted to it. */
  readonly taken?: ModeEnergy;
  /** How far ω is sought from there at first; defaults to half a turn over the window. */
  readonly turn?: number;
  /** Whether terms of second and third order may stand beside the mode, where the window shows them; defaults to not. */
  readonly overtones?: boolean;
}

const FLOOR_SHARE = 0.01; // of the rounding floor's energy, taken to lie along one direction
const ROUNDS = 2; // alternating searches over ω and rate, each within a fraction of the reach of the one before

/**
 * The mode that takes up most energy near a starting point, by variable projection (Golub and Pereyra 1973): for a given λ the
 * vectors are linear and drop out, so only two numbers are searched; then sharpened, with its interval, along the mode's own directions (`sharpened`),
 * since noise at right angles to them does not move it. Rounding errors of a slow motion are alike from step to step, so that they average out less than noise does:
 * the interval is stretched by up to √2 where they are all the noise there is. `plain` is the window without its nuisance.
 */
export function fitMode(
  plain: Products,
  {nuisance, floor, rates, omegas, start, taken = modeEnergy(plain, nuisance), turn = Math.PI / plain.size, overtones = false}: ModeOptions
): ModeFit {
  const n = plain.size;
  let [rate, omega] = start;
  for (let round = 0; round < ROUNDS; ++round) {
    const around = turn / 4 ** round;
    if (omegas[1] > omegas[0])
      omega = highest(taken.atRate(rate), Math.max(omegas[0], omega - around), Math.min(omegas[1], omega + around), ROUGH_STEPS);
    const reach = (rates[1] - rates[0]) / 8 ** round;
    rate = highest(taken.atOmega(omega), Math.max(rates[0], rate - reach), Math.min(rates[1], rate + reach), ROUGH_STEPS);
  }
  const {alone, sharp, hidden} = sharpened(plain, {rate, omega}, {nuisance, rates, omegas, least: FLOOR_SHARE * floor, overtones});
  const basis = orthonormal(modeFunctions(n, alone.rate, alone.omega), nuisance);
  const residual = Math.max(energyLeft(plain, basis), n * floor, Number.MIN_VALUE);
  const fit = {alone, residual, energy: Math.min(energyOf(plain), energyAlong(plain, basis))};
  let known: Mode | undefined;
  return {...fit, hidden, mode: () => (known ??= stretched({...sharp(), ...fit}, Math.sqrt(1 + Math.min(1, (n * floor) / residual))))};
}

const stretched = (mode: Mode, by: number): Mode => ({
  ...mode,
  rateCi: [mode.rate - by * (mode.rate - mode.rateCi[0]), mode.rate + by * (mode.rateCi[1] - mode.rate)]
});

const ROUGH_STEPS = 7; // where a sharper search follows
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const SCAN = 6; // intervals looked at before the search
const SEARCH_STEPS = 12; // shrinks two of them by 300

/** Where f is highest between two ends, by a coarse scan and golden-section search. */
export const highest = (f: (x: number) => number, low: number, high: number, steps = SEARCH_STEPS): number => top(f, low, high, steps).at;

/** The same with how high it is there. */
export function top(f: (x: number) => number, low: number, high: number, steps: number): {readonly at: number; readonly value: number} {
  if (!(high > low)) return {at: low, value: f(low)};
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
  for (let i = 0; i < steps; ++i) {
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
  return atC > atD ? {at: c, value: atC} : {at: d, value: atD};
}

const SURE = 1.7; // × half a 95 % interval: wrong once in two thousand

/** Whether a turning amplitude falls beyond such doubt; what turns and does not fall is an orbit, and nothing in between is claimed. */
export const surelyFalls = ({rate, rateCi}: Pick<Mode, "rate" | "rateCi">): boolean => rate + SURE * (rateCi[1] - rate) < 1;

export const SURE_TURN = 1e-6; // largest p of a second function of time, after the angles tried

interface SecondFunction {
  readonly real: FittedMode;
  readonly turning: FittedMode;
  readonly nuisance: TimeBasis;
  /** Degrees of freedom of what the turning mode leaves, in one dimension. */
  readonly free: number;
}

/** P(a second function of time takes up as much more of a window than a real mode | it holds noise as every other function does), for one angle; 1 where it takes up no more than noise brings. */
export function secondFunctionP(plain: Products, {real, turning, nuisance, free}: SecondFunction): number {
  const ratio = (turning.energy - real.energy) / (turning.residual / free);
  if (ratio <= 1) return 1; // it is above 0.3 in any number of dimensions
  const {rate, omega} = turning.alone;
  const dimensions = effectiveDimensions(residualOf(plain, orthonormal(modeFunctions(plain.size, rate, omega), nuisance)));
  return fTail(ratio, dimensions, dimensions * free);
}
