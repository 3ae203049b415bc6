import {besideCurve, movesBeside, type Beside} from "./besideCurve.ts";
import {WHOLE} from "./determinism.ts";
import {foreseenShare} from "./foreseenShare.ts";
import {inOrderP} from "../nulls/dyingSteps.ts";
import {squaredDistance} from "../path/gram.ts";
import {HARMONICS} from "./line.ts";
import {distancesOf, nearPairs, type Distances, type Pair} from "../path/nearPairs.ts";
import {curveOf, placesAlong, type Turning} from "./ownPlane.ts";
import {effectiveDimensions, energyOf, residualOf, type Products} from "../path/residual.ts";
import {inner, modeFunctions, takeAway, type TimeBasis} from "../statistics/timeBasis.ts";

export const OFF_CURVE = 0.05; // of an orbit’s amplitude, across its curve: as much must be noise, or come back as it was
export const OFF_POINTS = 0.03; // the same of the points of a whole period, which have no neighbours on a curve
export const FORESEEN = 0.5; // of independent noise’s differences between neighbours: 3 standard errors above it what is off the curve is noise; chaos has 0.2 to 0.9
export const SURE_ERROR = 0.15; // the largest standard error that says so: beyond it chaos has 1 by chance
export const COMES_BACK = 0.1; // change of neighbours’ squared distance in a turn or two on a curve that noise does not account for
export const FAR_OFF = 0.2; // of the amplitude: what is farther off has neighbours that come back so well by chance
export const PARTS = 1.3; // × the squared distance that neighbours had a turn and two before: off a curve by little, but foreseen
export const DIES_AWAY = 1e-4; // largest p of the order in which what is off the curve becomes less, where neighbours come nearer: the way to a cycle
export const SEEN_OFTEN = 20; // turns, from which on the points of a whole period tell noise of any sizes from what is foreseen,
export const KICKED_OFF = 0.2; // of the amplitude at most; where
export const ANEW = 0.3; // is the most that directions off the points agree by, a step and two after neighbours: chaos has mostly 0.5 to 1
export const FLAT_ELLIPSE = 0.3; // product of the half axes over the sum of their squares: flatter than three to one nearly all of the plane is along it
export const UNFORESEEN = 0.05; // of what is off the curve where there are few directions for it: no more of it may be foreseen from the two states before where it is noise,
export const FAIR_ERROR = 0.2; // the largest standard error there,
export const DIFFERS = 0.7; // the least of independent noise’s differences,
export const AS_MUCH_ALONG = 1.6; // × what is across the curve that lies in its plane at most: independent noise has √2, a phase that wanders more
const CLOSED = 0.01; // of the amplitude: as good as closed
const MANY_HARMONICS = [2, 3, 4, 5, 6, 7]; // those of a curve with corners
const LEAST_FREE = 4; // states more than the functions that are fitted

/** What a path leaves of the closed curve that accounts for it best. */
export interface OffCurve {
  /** Root mean square distance across the curve in the plane of its own line, per degree of freedom, over the amplitude there; of a whole period the distance from its points. */
  readonly size: number;
  /** Whether the period is a whole number of steps. */
  readonly whole: boolean;
  /** How far what is off the curve differs one and two steps after states that lie near one another, over what independent noise does: 1 of noise, less of what is foreseen. */
  readonly differing: readonly [number, number];
  /** Mean cosine of what is off the curve one and two steps after such states: 0 of noise whatever its sizes are. */
  readonly agreeing: readonly [number, number];
  /** P(its sizes, of a whole period those of what it changes by until the curve comes round, fall in as good an order | they come in any). */
  readonly fallP: number;
  /** How often the curve has come round. */
  readonly turns: number;
  /** Standard error of `differing` of independent noise of as many dimensions. */
  readonly error: number;
  /** What the curve leaves in all directions. */
  readonly beside: Beside;
  /** Noise in the plane of its line, along the curve and across it, over the amplitude there. */
  readonly own: number;
  /** Share of it that is foreseen from the two states before; undefined where it has many directions. */
  readonly share?: number;
  /** Mean squared distance of such states one and two turns on, over what it was: 1 on a closed curve, more where neighbours part; NaN where no state has as much ahead. */
  readonly after: readonly number[];
}

/** The closed curve that a window is off by least, and by how much; undefined where too few states are left to say so. */
export function closestCurve(plain: Products, turning: Turning & {readonly period: number}): Closest | undefined {
  const n = plain.size;
  const {omega, period, nuisance} = turning;
  const whole = isWhole(period);
  const plainCurve = curveOf(n, turning, HARMONICS);
  const curves = [plainCurve, curveOf(n, turning, MANY_HARMONICS)].filter(({curve}) => n - nuisance.length - curve.length >= LEAST_FREE);
  const fits = curves.map((one) => ({
    plainCurve: plainCurve.curve,
    curve: one.curve,
    ...distanceAcross(plain, {...one, omega, nuisance, whole})
  }));
  const closest = fits.sort((a, b) => a.size - b.size)[0];
  return closest?.size < Infinity ? closest : undefined;
}

/** How far a window is off its closed curve; undefined where it is as good as closed. */
export function offCurveOf(plain: Products, turning: Turning & {readonly period: number; readonly own: number}): OffCurve | undefined {
  const n = plain.size;
  const {omega, period, nuisance, own} = turning;
  const closest = closestCurve(plain, turning);
  if (!(closest && closest.size > CLOSED)) return undefined;
  const whole = isWhole(period);
  const basis = [...nuisance, ...closest.plainCurve];
  const left = residualOf(plain, closest.plainCurve);
  const turn = (2 * Math.PI) / omega;
  const apart = Math.max(1, Math.round(turn / 2));
  const distances = distancesOf(plain);
  const [one, two] = [1, 2].map((ahead) => nearPairs(distances, {apart, ahead}));
  const after = [1, 2].map((turns) => {
    const ahead = Math.round(turns * turn);
    return growth(distances, nearPairs(distances, {apart, ahead}), ahead);
  });
  const beside = besideCurve(plain, closest.curve, {across: closest.squared, nuisance});
  return {
    size: closest.size,
    whole,
    beside,
    own,
    share: beside.confined ? foreseenShare(left) : undefined,
    differing: [differenceAhead(left, basis, {pairs: one, ahead: 1}), differenceAhead(left, basis, {pairs: two, ahead: 2})],
    agreeing: [cosineAhead(left, one, 1), cosineAhead(left, two, 2)],
    fallP: inOrderP(whole ? changesAfter(distances, Math.round(period)) : Array.from({length: n}, (_, t) => left.values[t * (n + 1)])),
    turns: n / period,
    error: Math.sqrt(2 / (Math.max(1, two.length) * effectiveDimensions(left))),
    after
  };
}

/**
 * Whether what is off a closed curve is little, or independent noise, or as it was when the curve comes round, and is not foreseen while neighbours part: chaos parts from its neighbours
 * exponentially, and where it is says for a step or two where it goes (Lyapunov’s exponents; Wolf et al. 1985). What dies away is the way to the curve; what rounding strikes a cycle with now and then is noise of very
 * different sizes, of which the directions tell.
 */
export function staysClosed(off: OffCurve): boolean {
  const {size, differing, error, after} = off;
  if (diesAway(off) || comesAnew(off)) return true;
  if (movesBeside(off.beside) || (foreseen(off) && parts(off))) return false;
  const noise = error <= SURE_ERROR && Math.min(...differing) - 3 * error >= FORESEEN && !foreseen(off);
  const comesBack = size <= FAR_OFF && after.every((one) => Math.abs(one - 1) <= COMES_BACK);
  return size <= mostOff(off) || noise || comesBack || isConfinedNoise(off);
}

const mostOff = ({whole}: OffCurve): number => (whole ? OFF_POINTS : OFF_CURVE);

/** Whether what is off the curve in few directions, where its differences tell less, is independent noise: as much along the curve as across it, and foreseen neither from what lies near nor from what was. */
const isConfinedNoise = ({size, own, differing, error, share}: OffCurve): boolean =>
  share !== undefined &&
  share <= UNFORESEEN &&
  size <= KICKED_OFF &&
  own <= AS_MUCH_ALONG * size &&
  error <= FAIR_ERROR &&
  Math.min(...differing) >= DIFFERS;

/** Whether a path is on its way to the curve: what is off it, or what a turn changes, becomes less, and neighbours come nearer over a turn and two. */
const diesAway = ({fallP, after}: OffCurve): boolean => fallP <= DIES_AWAY && after.every((one) => one < 1);

/** Whether what is off the points of a whole period goes another way every time, seen often enough to say so. */
const comesAnew = ({size, whole, turns, agreeing}: OffCurve): boolean =>
  whole && turns >= SEEN_OFTEN && size <= KICKED_OFF && Math.max(...agreeing) <= ANEW;

/** Whether where a state is off the curve says where it is a step later. */
const foreseen = ({differing, error}: OffCurve): boolean => differing[0] + 2 * error < 1;

/** Whether neighbours part over a turn and over two. */
export const parts = ({after}: OffCurve): boolean => after.every((one) => one > PARTS);

export function offInWords({size, beside, differing, error, share, after: [afterTurn]}: OffCurve): string {
  const off = `${size.toFixed(3)} times its amplitude is off the closed curve, which noise does not account for`;
  const least = Math.min(...differing);
  const [directions, noise, before, turn] = [
    movesBeside(beside) && "it goes in few directions, those of the orbit",
    Number.isFinite(least) &&
      `beside what was near it differs a step or two later by ${least.toFixed(2)} ± ${error.toFixed(2)} of what noise would`,
    share !== undefined && share > UNFORESEEN && `${share.toFixed(2)} of it is foreseen from the two states before`,
    Number.isFinite(afterTurn) && `its squared distance from what was near is ${afterTurn.toFixed(2)} times as large after a turn`
  ];
  return [off, directions, noise, before, turn].filter(Boolean).join("; ");
}

const isWhole = (period: number): boolean => Math.abs(period - Math.round(period)) < WHOLE;

interface Closest {
  readonly curve: TimeBasis;
  /** The curve of `HARMONICS` alone, whichever is closest. */
  readonly plainCurve: TimeBasis;
  /** Mean square across it in the plane of its line, per degree of freedom. */
  readonly squared: number;
  /** Its root over the amplitude there. */
  readonly size: number;
}

interface Curve {
  readonly line: TimeBasis;
  readonly curve: TimeBasis;
  readonly omega: number;
  readonly nuisance: TimeBasis;
  readonly whole: boolean;
}

/** Squared distance across the curve in the plane of its line per degree of freedom, and its root over the amplitude there. */
function distanceAcross(plain: Products, {line, curve, omega, nuisance, whole}: Curve): {readonly squared: number; readonly size: number} {
  const n = plain.size;
  const places = placesAlong(plain, line);
  const off = places.map((place) => {
    const rest = place.slice(); // the place serves the tangent, too
    for (const f of [...nuisance, ...curve]) takeAway(rest, f);
    return rest;
  });
  const onCurve = places.reduce((sum, place) => sum + curve.reduce((along, f) => along + inner(f, place) ** 2, 0), 0);
  const tangential = places.length === 2 && !whole ? acrossTangent(places, off, omega) : undefined;
  const across = tangential ?? off.reduce((sum, x) => sum + inner(x, x), 0);
  const squared = across / (n - nuisance.length - curve.length);
  return {squared, size: Math.sqrt(squared * (n / onCurve))};
}

/**
 * Squares of the parts at right angles to the ellipse of the line, along which a state only comes earlier or later; undefined of an ellipse so flat that nearly all of a state's place is along it.
 */
function acrossTangent(places: readonly Float64Array[], off: readonly Float64Array[], omega: number): number | undefined {
  const n = off[0].length;
  const [cos, sin] = modeFunctions(n, 1, omega);
  const [cc, ss, cs] = [inner(cos, cos), inner(sin, sin), inner(cos, sin)];
  const [x, y] = places.map((place) => {
    const [c, s] = [inner(place, cos), inner(place, sin)];
    return {cos: (c * ss - s * cs) / (cc * ss - cs * cs), sin: (s * cc - c * cs) / (cc * ss - cs * cs)};
  });
  const [area, squares] = [Math.abs(x.cos * y.sin - x.sin * y.cos), x.cos ** 2 + x.sin ** 2 + y.cos ** 2 + y.sin ** 2];
  if (area < FLAT_ELLIPSE * squares) return undefined;
  let sum = 0;
  for (let t = 0; t < n; ++t) {
    const [alongX, alongY] = [x.sin * cos[t] - x.cos * sin[t], y.sin * cos[t] - y.cos * sin[t]];
    const squared = alongX ** 2 + alongY ** 2;
    if (squared > 0) sum += (off[1][t] * alongX - off[0][t] * alongY) ** 2 / squared;
  }
  return sum;
}

/** The mean squared difference of what is left of pairs so many steps ahead, over that of independent noise of its energy, of which a fit of the functions takes its part. */
function differenceAhead(
  left: Products,
  basis: TimeBasis,
  {pairs, ahead}: {readonly pairs: readonly Pair[]; readonly ahead: number}
): number {
  const noise = energyOf(left) / (left.size - basis.length);
  let [found, expected] = [0, 0];
  for (const [t, s] of pairs) {
    const [i, j] = [t + ahead, s + ahead];
    found += squaredDistance(left, i, j);
    expected += noise * (2 - basis.reduce((sum, f) => sum + (f[i] - f[j]) ** 2, 0));
  }
  return found / expected;
}

/** The mean cosine of what is left of pairs so many steps ahead. */
function cosineAhead({size: n, values}: Products, pairs: readonly Pair[], ahead: number): number {
  const at = (i: number, j: number): number => values[(i + ahead) * n + j + ahead];
  const sum = pairs.reduce((total, [t, s]) => total + at(t, s) / Math.sqrt(Math.max(at(t, t) * at(s, s), Number.MIN_VALUE)), 0);
  return sum / pairs.length;
}

/** Squared distances of all states from those so many steps later: on the way to a cycle they become less from inside, too, where a state is nearest to the mean cycle midway. */
const changesAfter = ({size: n, squared}: Distances, steps: number): number[] =>
  Array.from({length: n - steps}, (_, t) => squared[(t + steps) * n + t]);

const growth = ({size: n, squared}: Distances, pairs: readonly Pair[], ahead: number): number => {
  const sum = (later: number): number => pairs.reduce((total, [t, s]) => total + squared[(t + later) * n + s + later], 0);
  return sum(ahead) / sum(0);
};
