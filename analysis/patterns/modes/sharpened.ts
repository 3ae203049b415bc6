import {copied} from "../../kernel/floats.ts";
import {fTail} from "../statistics/fTail.ts";
import {hiddenShift} from "./hiddenMode.ts";
import {productsWith, type Products} from "../path/residual.ts";
import {t95} from "../statistics/studentT.ts";
import {inner, leftByModes, modeFunctions, orthonormal, sampled, type Place, type TimeBasis} from "../statistics/timeBasis.ts";

interface SharpenOptions {
  readonly nuisance: TimeBasis;
  readonly rates: readonly [number, number];
  readonly omegas: readonly [number, number];
  /** Least energy per state along one direction that noise is taken to have. */
  readonly least: number;
  readonly overtones: boolean;
}

/** A mode's rate and angle, the rate's 95 % interval, and the noise per state along the mode's directions, squared. */
interface Sharp {
  readonly rate: number;
  readonly omega: number;
  readonly rateCi: readonly [number, number];
  readonly blur: number;
  /** Where the mode fits best without terms of higher order. */
  readonly alone: Place;
  /** Whether the window shows more than the mode along its own directions: terms of higher order, or another mode, which would move the rate otherwise. */
  readonly bent: boolean;
}

/** A mode where it fits best without terms of higher order, and all that is known of it, worked out when it is asked for. */
interface Sharpened {
  readonly alone: Place;
  readonly sharp: () => Sharp;
  /** How far another mode that the noise hides could move the rate (`hiddenShift`). */
  readonly hidden: () => number;
}

const ROUNDS = 6; // Gauss–Newton steps
const NUDGE = 1e-4; // of rate and angle, for derivatives
const BENT = 0.01; // largest p at which terms of higher order are taken in
const VAGUE = 4; // × the error without them: past it they are not taken in
const SHIFT_SHARE = 0.5; // of what they move the rate by is added to the interval: the next order moves it again

/**
 * Sharpens a mode roughly known. The vectors Σ f_t h_t of its functions of time span the one or two directions that it moves in; whatever of λ can be known is in the
 * window's coordinates along them, n numbers each. There λ is fitted by Gauss–Newton on the projected residual, and the interval is Student's, with the noise found along them.
 *
 * A way that is long against the radius of the sphere, or against the range in which the map is linear, does not decay as λᵗ at first: second and third order bring
 * rate²ᵗ and rate³ᵗ. With `overtones` these are taken in where an F test asks for them, and half of what they move the rate by is added to the interval.
 */
export function sharpened(plain: Products, rough: Place, {nuisance, rates, omegas, least, overtones}: SharpenOptions): Sharpened {
  const n = plain.size;
  const series = coordinatesAlong(plain, orthonormal(modeFunctions(n, rough.rate, rough.omega), nuisance));
  const turns = omegas[1] > omegas[0] && rough.omega > 0 && rough.omega < Math.PI;
  const within = ({rate, omega}: Place): Place => ({
    rate: Math.min(rates[1], Math.max(rates[0], rate)),
    omega: turns ? Math.min(omegas[1], Math.max(omegas[0], omega)) : rough.omega
  });
  const shared = {series, nuisance, turns, within, least};
  const plainFit = fitted(rough, {...shared, modes: (at) => [at]});
  return {
    alone: plainFit.at,
    sharp: () => (overtones ? withOvertones(plainFit, shared, rates) : sharpFrom(plainFit, plainFit, rates)),
    hidden: () => hiddenShift(series, plainFit.at, {nuisance, blur: plainFit.blur, free: plainFit.free})
  };
}

/** The same with terms of second and third order, where the window shows them. */
function withOvertones(plainFit: Fit, shared: Omit<FitOptions, "modes">, rates: readonly [number, number]): Sharp {
  const bentFit = fitted(plainFit.at, {...shared, modes: (at) => [at, ...higherOrders(at)]});
  const extra = plainFit.free - bentFit.free;
  if (extra <= 0 || bentFit.free < 3) return sharpFrom(plainFit, plainFit, rates);
  const ratio = (plainFit.rest - bentFit.rest) / extra / Math.max(bentFit.rest / bentFit.free, shared.least * shared.series.length);
  const p = ratio > 0 ? fTail(ratio, extra, bentFit.free) : 1;
  if (p > BENT) return sharpFrom(plainFit, plainFit, rates);
  // Higher orders that leave the rate open say that it is less certain, not what it is.
  if (!(bentFit.at.rate < 1) || bentFit.error > VAGUE * plainFit.error)
    return {...sharpFrom({...plainFit, error: 2 * plainFit.error}, plainFit, rates), bent: true};
  return {...sharpFrom(bentFit, plainFit, rates), bent: true};
}

/** Second order has twice the angle or none, third order thrice or once: of those the ones that a direction of the mode itself can show. */
function higherOrders({rate, omega}: Place): Place[] {
  const third = {rate: rate ** 3, omega};
  return omega > 0 && omega < Math.PI ? [third] : [{rate: rate ** 2, omega: 0}, third];
}

/** Coordinates of every state along orthonormal directions that span the vectors Σ f_t h_t, one series a direction. */
export function coordinatesAlong(plain: Products, basis: TimeBasis): Float64Array[] {
  const series: Float64Array[] = [];
  const functions: Float64Array[] = [];
  for (const f of basis) {
    const [own, along] = [copied(f), productsWith(plain, f)]; // both are changed below
    const before = inner(along, own);
    series.forEach((earlier, i) => {
      const shared = inner(earlier, f);
      for (let t = 0; t < along.length; ++t) {
        along[t] -= shared * earlier[t];
        own[t] -= shared * functions[i][t];
      }
    });
    const squared = inner(along, own);
    if (!(squared > 1e-9 * before)) continue;
    const length = Math.sqrt(squared);
    series.push(along.map((x) => x / length));
    functions.push(own.map((x) => x / length));
  }
  return series;
}

interface Fit {
  readonly at: Place;
  /** What is left along all directions together, and its degrees of freedom in each. */
  readonly rest: number;
  readonly free: number;
  readonly error: number;
  readonly blur: number;
}

interface FitOptions {
  readonly series: readonly Float64Array[];
  readonly nuisance: TimeBasis;
  /** The modes that are fitted together. */
  readonly modes: (at: Place) => readonly Place[];
  readonly turns: boolean;
  readonly within: (at: Place) => Place;
  readonly least: number;
}

function fitted(start: Place, {series, nuisance, modes, turns, within, least}: FitOptions): Fit {
  const residuals = (at: Place) => leftByModes(series, modes(at), nuisance);
  let at = within(start);
  let now = residuals(at);
  let rest = energy(now.left);
  let information: readonly [number, number, number] = [0, 0, 0];
  for (let round = 0; round < ROUNDS; ++round) {
    // The projected residual changes with λ by its part outside the functions alone (Kaufman 1975): central differences of it.
    const change = (low: Place, high: Place): Float64Array[] => {
      const [a, b] = [residuals(low).left, residuals(high).left];
      return a.map((r, i) => sampled(r.length, (t) => (b[i][t] - r[t]) / (2 * NUDGE)));
    };
    const byRate = change({...at, rate: at.rate - NUDGE}, {...at, rate: at.rate + NUDGE});
    const byOmega = turns ? change({...at, omega: at.omega - NUDGE}, {...at, omega: at.omega + NUDGE}) : undefined;
    const [rr, rw, ww] = [products(byRate, byRate), byOmega ? products(byRate, byOmega) : 0, byOmega ? products(byOmega, byOmega) : 1];
    information = [rr, rw, ww];
    const determinant = rr * ww - rw * rw;
    if (!(determinant > 1e-12 * rr * ww)) break;
    const [gr, gw] = [products(byRate, now.left), byOmega ? products(byOmega, now.left) : 0];
    let [stepRate, stepOmega] = [-(ww * gr - rw * gw) / determinant, -(rr * gw - rw * gr) / determinant];
    let better = false;
    for (let halving = 0; halving < 4 && !better; ++halving, stepRate /= 2, stepOmega /= 2) {
      const next = within({rate: at.rate + stepRate, omega: at.omega + stepOmega});
      const there = residuals(next);
      const left = energy(there.left);
      if (left < rest) [at, now, rest, better] = [next, there, left, true];
    }
    if (!better || Math.abs(stepRate) + Math.abs(stepOmega) < 1e-9) break;
  }
  const free = Math.max(1, series[0] ? series[0].length - nuisance.length - now.taken - 1 : 1);
  const blur = Math.max(rest / Math.max(1, series.length) / free, least, Number.MIN_VALUE);
  const [rr, rw, ww] = information;
  const own = rr - (rw * rw) / ww;
  return {at, rest, free, blur, error: own > 0 ? Math.sqrt(blur / own) : Infinity};
}

function sharpFrom(
  {at, free, error, blur}: Fit,
  {at: alone, free: aloneFree, error: aloneError}: Fit,
  [lowest, highest]: readonly [number, number]
): Sharp {
  const reach = t95(free) * error + SHIFT_SHARE * Math.abs(at.rate - alone.rate);
  const aloneHigh = alone.rate + t95(aloneFree) * aloneError;
  const most = aloneHigh < 1 && at.rate < 1 ? (1 + Math.max(aloneHigh, at.rate)) / 2 : highest; // a bend makes a rate uncertain, not that the motion slows down
  return {
    rate: at.rate,
    omega: at.omega,
    blur,
    alone,
    bent: false,
    rateCi: [Math.max(lowest, at.rate - reach), Math.min(most, at.rate + reach)]
  };
}

const products = (a: readonly Float64Array[], b: readonly Float64Array[]): number => a.reduce((sum, x, i) => sum + inner(x, b[i]), 0);
const energy = (list: readonly Float64Array[]): number => products(list, list);
