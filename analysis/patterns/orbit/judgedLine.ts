import {fallP, otherLines, RATES_KEPT, turnsSteadily} from "./besideLine.ts";
import {centreWay} from "./centreWay.ts";
import {COMES_ROUND, comesRound, parting, WHOLE} from "./determinism.ts";
import {envelope} from "./envelope.ts";
import {keptAmplitude} from "./keptAmplitude.ts";
import {isKeptGoing, keptGoingInWords, skirtOf} from "./keptGoing.ts";
import type {Tried} from "./linesTried.ts";
import {fitMode, type Mode} from "../modes/mode.ts";
import {closestCurve, offCurveOf, offInWords, parts, staysClosed} from "./offCurve.ts";
import {ownPlaneNoise} from "./ownPlane.ts";
import {omegaDoubt} from "./phaseWalk.ts";
import {recurrenceOf} from "./recurrence.ts";
import {residualOf} from "../path/residual.ts";

/** What a path says for and against running on a closed curve. */
export interface OrbitEvidence {
  readonly window: readonly [number, number];
  /** Steps per turn. */
  readonly period: number;
  /** 95 % interval; undefined of a flip, for few states, and where something speaks against the orbit. */
  readonly periodCi?: readonly [number, number];
  /** The same of a loop that is known not to be kicked: of the states' noise alone. */
  readonly steadyCi?: readonly [number, number];
  /** Why the period stands without an interval. */
  readonly noInterval?: string;
  readonly turns: number;
  /** Root mean square radius of the orbit, in the units of the states. */
  readonly amplitude: number;
  /** Root mean square distance across the closed curve that lies nearest, in the plane of its line, over the amplitude there; of a whole period the distance from its points. Undefined where too few states tell. */
  readonly offCurve?: number;
  /** Root mean square distance per state from the fitted orbit. */
  readonly noise: number;
  readonly lineRatio: number;
  /** Agreement of the two halves' complex amplitudes, 1 for a steady orbit, 0 for noise. */
  readonly coherence: number;
  /** Amplitude kept per step, and its interval for white noise. */
  readonly mode: Mode;
  /** 95 % interval of the amplitude kept per step, of any noise; undefined for few turns, and where something speaks against the orbit. */
  readonly keptCi?: readonly [number, number];
  /** Why that stands without an interval. */
  readonly noKeptInterval?: string;
  /** Explained share of the mean squared distances at every lag, 1 for a closed curve. */
  readonly recurrence: number;
  /** How far what was near at two steps parts as it goes on: 0 on a closed curve, about 1 where chance says what comes next. */
  readonly parting: number;
  /** After the number of frequencies, windows and nuisances that were tried. */
  readonly p: number;
  /** Reasons against, in words; empty if it is an orbit. */
  readonly against: readonly string[];
  /** The line is real, but its amplitude decays. */
  readonly decaying: boolean;
  /** P(its amplitude falls as much | it wanders, as that of a resonance does which noise keeps going), after the windows tried; 1 where it does not decay. */
  readonly fallP: number;
  /** Larger than what rounding does. */
  readonly clear: boolean;
}

export const LEAST_TURNS = 3;
export const IN_PLACE = 1.5; // radii that the centre may move over the window: farther on, no state comes back to where it was
export const MOST_PARTING = 0.2; // of a chance pair’s distance; orbits of 1.5 × the noise have 0.15, nearly along a line 0.2
export const SURE_PARTING = 0.1; // of the same: beyond it an orbit must stand out of the noise in its own plane,
export const MOST_OWN_NOISE = 0.2; // of its amplitude; an orbit of 1.5 × the noise of 64 directions has 0.15
const CLEAR_RATIO = 25; // a line that needs no further support; an orbit of 1.5 × the noise over 32 steps has 36
export const FAINT_RATIO = 8; // a fainter line counts only in an otherwise white neighbourhood
const WHITE_SKIRT = 2.5;
export const LEAST_COHERENCE = 0.7;
export const NO_PHASE_SEEN = "too few states to see whether its phase wanders";
export const ALTERNATES = "it alternates: its period is whole, and no phase is fitted";
const ZIGZAG = {bfloat16: 4, float16: 4, float32: 32}; // × the rounding floor: flips below this are rounding's own
export const MAY_FLIP = {bfloat16: 1.5, float16: 1.5, float32: 32}; // the same of flips that speak against rest: beyond a unit in three quarters of the coordinates, or what a loop in float32 makes of it
const ABOVE_FLOOR = 1.2;
export const STEADY_CHANGE = 0.12; // share of the amplitude lost or won over the window by what is still an orbit, however surely
export const LOST = 0.15; // share lost by what surely falls and is none
export const REACHED = 0.8; // a falling amplitude that tends to this share of its last value, or a growing one whose last value is this share of what it tends to, approaches a cycle

export interface OrbitOptions {
  /** Rounding floor of one state, in the units of the states. */
  readonly floor: number;
  readonly precision: keyof typeof ZIGZAG;
}

interface Judging extends OrbitOptions {
  readonly p: number;
  /** How many windows were looked at. */
  readonly windows: number;
}

type Told = Pick<OrbitEvidence, "offCurve" | "periodCi" | "steadyCi" | "noInterval" | "keptCi" | "noKeptInterval">;

/** Evidence of which what costs as much again and decides nothing is worked out of the window that speaks only. */
export type Untold = Omit<OrbitEvidence, keyof Told> & {readonly told: () => Told};

export const withAllTold = ({told, ...evidence}: Untold): OrbitEvidence => ({...evidence, ...told()});

/** Whether a line that was found is an orbit’s, and what speaks against it. */
export function judged({from, window, plain, nuisance, line, roundAfter}: Tried, {p, windows, floor, precision}: Judging): Untold {
  const n = plain.size;
  const omega = 2 * Math.PI * line.frequency;
  const flips = line.frequency > 0.5 - 0.5 / n;
  const isComb = roundAfter !== undefined; // its other lines are as loud
  const turnsToClose = line.turnsToClose();
  const others = otherLines(plain, {...line, turnsToClose}, nuisance); // of the same curve: no noise of this one
  const alone = others.length > 0 ? residualOf(plain, others) : plain;
  const beside = [...nuisance, ...others];
  const mode = fitMode(alone, {
    nuisance: beside,
    floor: floor ** 2,
    rates: RATES_KEPT,
    omegas: line.frequency === 0.5 ? [Math.PI, Math.PI] : [Math.max(0, omega - Math.PI / n), Math.min(Math.PI, omega + Math.PI / n)],
    start: [1, omega]
  }).mode();
  const period = (2 * Math.PI * turnsToClose) / mode.omega;
  const amplitude = Math.sqrt(line.energy / n);
  const noise = Math.sqrt(line.noise);
  const {coherence, decline, limit} = envelope(isComb ? alone : plain, mode.omega, line.noise);
  const lost = 1 - mode.rate ** n;
  const decays = mode.rateCi[1] < 1 && lost > STEADY_CHANGE && decline > 0 && limit < REACHED;
  const beats = decays && flips && turnsSteadily(plain, mode, {nuisance, floor});
  const grows = mode.rateCi[0] > 1 && lost < -STEADY_CHANGE && limit > 1 / REACHED;
  const decaying = decays && !beats && line.ratio >= FAINT_RATIO;
  const zigzag = flips ? ZIGZAG[precision] : ABOVE_FLOOR;
  const against: string[] = [];
  if (n < LEAST_TURNS * period * 0.98) against.push(`${(n / period).toFixed(1)} turns seen; ${LEAST_TURNS} needed`);
  if (line.ratio < FAINT_RATIO) against.push(`line only ${line.ratio.toFixed(1)}× its neighbourhood; ${FAINT_RATIO} needed`);
  else if (line.ratio < CLEAR_RATIO && line.skirt > WHITE_SKIRT)
    against.push(`line ${line.ratio.toFixed(1)}× its neighbourhood in a spectrum that has a hump there`);
  if (coherence < LEAST_COHERENCE) against.push(`phase of the two halves agrees to ${coherence.toFixed(2)}; ${LEAST_COHERENCE} needed`);
  if (amplitude < zigzag * floor) against.push(`amplitude ${(amplitude / floor).toFixed(1)}× the rounding floor; ${zigzag} needed`);
  if (decays || (mode.rateCi[1] < 1 && lost > LOST)) against.push(`amplitude decays by ${mode.rate.toFixed(4)} a step`);
  if (grows) against.push(`amplitude grows by ${mode.rate.toFixed(4)} a step`);
  const moved = centreWay(isComb ? residualOf(window, others) : window, mode.omega, line.noise) / amplitude;
  if (moved > IN_PLACE)
    against.push(
      Number.isFinite(moved)
        ? `its centre moves on by ${moved.toFixed(1)} times its radius while it is watched; ${IN_PLACE} at most`
        : "its centre moves on, and nothing turns about it"
    );
  if (isComb && Math.abs(period - roundAfter) > WHOLE)
    against.push(`it comes round after ${roundAfter} steps, and its lines keep the time of ${period.toFixed(2)}`);
  const turning = {omega: mode.omega, turnsToClose, nuisance, period};
  const apart = parting(plain, (2 * Math.PI) / mode.omega);
  const round = apart > MOST_PARTING ? comesRound(plain, period) : undefined;
  if (apart > MOST_PARTING && !(round !== undefined && round <= COMES_ROUND))
    against.push(`what was near parts by ${apart.toFixed(2)} of a chance pair’s distance as it goes on; ${MOST_PARTING} at most`);
  else if (against.length === 0) {
    const own = ownPlaneNoise(plain, turning);
    if (apart > SURE_PARTING && own > MOST_OWN_NOISE)
      against.push(`noise of ${own.toFixed(2)} times its amplitude in its own plane, where what was near parts; ${MOST_OWN_NOISE} at most`);
    else {
      const off = offCurveOf(plain, {...turning, own});
      if (off && (!staysClosed(off) || (isComb && parts(off)))) against.push(offInWords(off));
      const skirt = skirtOf(plain, turning, line.energy);
      if (skirt && isKeptGoing(skirt)) against.push(keptGoingInWords(skirt));
    }
  }
  const periodInterval = (omega: number): Pick<OrbitEvidence, "periodCi" | "steadyCi" | "noInterval"> => {
    if (omega >= Math.PI) return {noInterval: ALTERNATES};
    const doubt = omegaDoubt(alone, omega, beside);
    const at = (change: number): number => (2 * Math.PI * turnsToClose) / Math.min(Math.PI, Math.max(1e-9, omega + change));
    const between = ([low, high]: readonly [number, number]): readonly [number, number] => [at(high), at(low)];
    return doubt ? {periodCi: between(doubt.kicked), steadyCi: between(doubt.steady)} : {noInterval: NO_PHASE_SEEN};
  };
  return {
    window: [from, from + n - 1],
    period,
    turns: n / period,
    amplitude,
    noise,
    lineRatio: line.ratio,
    coherence,
    mode,
    told: () =>
      against.length === 0
        ? {offCurve: closestCurve(plain, turning)?.size, ...periodInterval(mode.omega), ...keptAmplitude(alone, mode, beside)}
        : {},
    recurrence: recurrenceOf(plain, mode.omega),
    parting: apart,
    p,
    against,
    decaying,
    fallP: decaying ? Math.min(1, fallP(plain, mode, {nuisance, floor}) * windows) : 1,
    clear: amplitude >= (flips ? MAY_FLIP[precision] : ABOVE_FLOOR) * floor
  };
}
