import type {Slope} from "./displacementSlope.ts";
import {distancesToTail, mean, productsFrom, squaredNorm, type Gram} from "../path/gram.ts";
import {fitMode, secondFunctionP, SURE_TURN, surelyFalls, type Mode} from "../modes/mode.ts";
import {goesOnP} from "./fromItsStart.ts";
import {fromAfar, kickedAlike, kickedRate} from "./kicked.ts";
import {showsBeside} from "../modes/hiddenMode.ts";
import {jumpsP} from "../nulls/jumps.ts";
import {CLAIMS} from "../labels.ts";
import {modeEnergy} from "../modes/modeEnergy.ts";
import {energyOf, residualOf, type Products} from "../path/residual.ts";
import {ON_SPHERE} from "../path/tangentPlane.ts";
import {constantOf, inner, modeFunctions, orthonormal, sampled, type TimeBasis} from "../statistics/timeBasis.ts";
import {dimensionsLeft, MOST_ROUNDED, plainWalkP, type Rounding} from "../nulls/walkTest.ts";
import {whiteNoise} from "../path/whiteNoise.ts";

const MODE_STARTS = [0, 1, 2, 4, 8, 12, 16, 24, 32, 48];
const EARLY = 8; // a later start is for what quicker modes have left, when most of the way is done
const HALFWAY = 0.5;
const GOOD_FIT = 1.25; // residual per state over the noise, both squared
const GOOD_START = 1.4; // the same over the steps in which the mode is above the noise, where a bend would show
const ROUNDED_START = 2.25; // or that many rounding floors squared: what moves rounds less evenly than what rests
const LEAST_EARLY = 6; // of these steps, at least
const LEAST_ABOVE = 4; // steps above the noise that a start beyond the first must leave
export const LEAST_FROM_FAR = 3; // the same of a start that was chosen since it is far: it proves nothing, and two more go on from it
export const LEAST_TURNING = 5; // the same of what turns: two states and the next two always lie on some spiral, of their angle and rate
const BESIDE = 4 * CLAIMS.length; // × what bounds a p-value and is none of those among which the least is taken, by the kinds of evidence and of labels; states whose sizes a decay suits are half of all at most
const NEARLY_ALL = 1e-5; // or this share of the energy about the fixed point, where there is hardly any noise
const LEAST_MODE_STATES = 8;
const LEADING = 0.3; // share of the way still ahead; a mode of the last stretch does not speak for the contraction, and rounding bends it
const CLEAR = 12; // × the noise still ahead, where a later start is far from both: quicker modes have died away by then
export const LEAST_RATE = 0.2; // a faster decay is one step, and no rate is known of it
const RATES_TRIED = [0.5, 0.7, 0.85, 0.95, 0.99]; // the coarse search
const PER_DOUBLING = 2; // decays that differ, for each doubling of the window: those whose times differ by less are one shape
const TURNS_TRIED = 16;
const CURVATURE = 0.5; // × (1 − rate) × (way / radius)²: what third order does to the rate of a way along a sphere
const OFF_END = 2; // × the same and the share of the way still ahead: what is left of second order on a plane that touches the sphere before the way's end
const LEAST_ENERGY = 4; // of a mode, over that of the noise in one function of time; and what the coarse search must have found of it
const FAINT_ENERGY = 2.5;
const COARSE = 3; // × what a good fit leaves, and this share of all: the coarse search may leave as much
const COARSE_SHARE = 0.3;
const UNSURE_TURN = 0.2; // largest p at which a plain decay's interval still takes in a turning one's
const CLEAR_TURN = 0.15; // turns while the amplitude falls to 1/e that need no second look
const LEAST_SPIRAL = 1.3; // × the noise: any stationary process that favours a frequency has a fainter one at its beginning
const LEAST_ANGLE = Math.PI; // over the window; less of a turn is the bend of a drift or of a plain decay
const ROUNDED_ANGLE = 3 * Math.PI; // the same where a decay without a turn leaves no more than rounding, whose errors are alike from step to step where little moves
const SURE_SPIRAL = 1e-5; // largest p of a spiral for which no later start is asked
const LEAST_TURN = 0.05; // turns while the amplitude falls to 1/e; less is a plain decay

/** A decay along one eigenmode, and the window that it accounts for. */
export interface SingleMode extends Mode, Slope {
  /** It turns, or flips its sign each step. */
  readonly spiral: boolean;
  /** Beyond doubt, of what turns beyond more of it (`surelyFalls`); a bend of the sphere makes the rate uncertain, not that. */
  readonly falls: boolean;
  /** By `plainWalkP`, after the number of starts, rates and angles tried; it costs as much as the fit. */
  readonly p: () => number;
  /** How far another mode that the noise hides could move the rate. */
  readonly hidden: () => number;
  /** Whether another mode of nearly the same rate shows beside its directions. */
  readonly showsBeside: () => boolean;
}

interface SingleModeOptions {
  /** Rounding floor of one state. */
  readonly floor: number;
  /** Dimensions in which such errors lie. */
  readonly floorDimensions: number;
  /** States at the end that stand for where the path ends. */
  readonly tail: number;
  /** A path on a sphere as it looks on the plane where it ends, one chart each (`tangentPlanes`). */
  readonly planes: readonly Products[];
  /** Whether the path begins where it does because it is far from its end there: then its first state proves nothing. */
  readonly startChosen: boolean;
}

/**
 * One eigenmode from the earliest step on from which it leaves nothing but noise; undefined if there is none. A path on a sphere is looked at on the plane where it ends, in the chart
 * in which it is a single mode earlier on, or leaves less.
 */
export function singleMode(gram: Gram, options: SingleModeOptions): SingleMode | undefined {
  let best: SingleMode | undefined;
  for (const plane of options.planes.length > 0 ? options.planes : [gram]) {
    const fit = modeOn(plane, gram, {...options, latest: best?.window[0]});
    if (fit && (!best || comesBefore(fit, best))) best = fit;
  }
  return best;
}

const comesBefore = (a: SingleMode, b: SingleMode): boolean =>
  a.window[0] < b.window[0] || (a.window[0] === b.window[0] && a.residual / a.energy < b.residual / b.energy);

interface PlaneOptions extends SingleModeOptions {
  /** Start past which a mode does not matter; defaults to none. */
  readonly latest?: number;
}

function modeOn(
  path: Products,
  gram: Gram,
  {floor, floorDimensions, tail, startChosen, latest = Infinity}: PlaneOptions
): SingleMode | undefined {
  const toEnd = distancesToTail(path, tail);
  const rounding = {floor: floor ** 2, floorDimensions};
  // What turns, but may be the bend of the sphere under a long way, which looks like a slow spiral; or, clear of that, a walk that turns along. A later start tells: an angle that changes with the amplitude has settled there.
  let doubtful: {readonly fit: SingleMode; readonly clear: boolean} | undefined;
  for (const from of MODE_STARTS) {
    if (from > latest && !doubtful) break;
    if (path.size - from < LEAST_MODE_STATES || from > path.size / 2) break;
    if (from > EARLY && toEnd[from] > HALFWAY * Math.max(...toEnd)) continue;
    const window = productsFrom(path, from);
    const noise = Math.max(whiteNoise(productsFrom(path, from + (window.size >> 1))), floor ** 2);
    if (toEnd[from] < LEADING * Math.max(...toEnd.slice(1)) && toEnd[from] < CLEAR * Math.sqrt(noise)) break;
    const found = bestMode(window, rounding, GOOD_FIT * noise);
    if (found === "too faint") break;
    if (found === "more than one") continue;
    const {mode, hidden, spiral, p, plain, shape, left} = found;
    const free = window.size - 3;
    const small = NEARLY_ALL * (mode.residual + mode.energy);
    const white = mode.residual / free <= GOOD_FIT * noise || mode.residual <= small;
    const turns = mode.omega > 0 && mode.omega < Math.PI;
    if (!white && turns) continue;
    if (mode.energy < (LEAST_ENERGY * mode.residual) / free || !(mode.rate < 1)) break;
    const amplitude = amplitudeOf(mode, window.size);
    if (spiral && amplitude < LEAST_SPIRAL * Math.sqrt(noise)) break;
    const stepsAbove = (rate: number): number =>
      amplitude > Math.sqrt(noise) ? Math.floor(Math.log(Math.sqrt(noise) / amplitude) / Math.log(rate)) : 1;
    const above = stepsAbove(mode.rate);
    const leastFromFar = turns ? LEAST_TURNING : LEAST_FROM_FAR;
    if ((from > 0 || startChosen) && above < (startChosen ? leastFromFar : LEAST_ABOVE)) break;
    const early = Math.min(window.size, Math.max(LEAST_EARLY, above));
    const [unexplained, freeEarly] = atBeginning(left, shape, early);
    const whiteStart =
      white && (unexplained <= Math.max(GOOD_START * noise, ROUNDED_START * floor ** 2) * freeEarly || unexplained <= small);
    const tries = from > 0 && !startChosen ? MODE_STARTS.length : 1; // of a start, among which one may go on by chance; who chose the first counts those
    const kept = mode.omega > 0 ? -mode.rate : mode.rate;
    if (!whiteStart && (turns || !kickedAlike(left, {kept, early, allowed: GOOD_START}))) continue;
    const {rate, rateCi} = whiteStart ? mode : kickedRate(plain, shape);
    const isShort = startChosen || from > 0 || Math.min(above, stepsAbove(mode.alone.rate)) < LEAST_ABOVE;
    const starts = from === 0 ? 2 : 2 * (MODE_STARTS.length - 1);
    // Each costs as much as the fit; the largest is the mode's.
    const ps = [
      () => p() * starts,
      () => (whiteStart ? 0 : fromAfar(window) * starts),
      () => (pWithoutFirst(window, mode, rounding) / (startChosen ? 1 : window.size)) * starts,
      () => jumpsP(plain, left, {shape, rounding}) * starts,
      () => (isShort ? (goesOnP(plain, mode.alone, {dimensions: dimensionsLeft(left, rounding), above}) * tries) / BESIDE : 0)
    ].map(lazily);
    const fit: SingleMode = {
      ...mode,
      hidden,
      showsBeside: () => showsBeside(left, mode.alone, {...rounding, taken: [...constantOf(window.size), ...shape]}),
      rate,
      rateCi: widened(
        rateCi,
        (CURVATURE + OFF_END * mode.rate ** window.size) * (1 - mode.rate) * chordOverRadius(gram, from, amplitude) ** 2
      ),
      spiral,
      falls: spiral ? surelyFalls({rate, rateCi}) : rateCi[1] < 1,
      p: () => Math.min(1, Math.max(...ps.map((one) => one()))),
      noise: Math.sqrt(mode.residual / free),
      window: [from, Math.min(path.size - 1, from + Math.max(1, above))]
    };
    const clear = !spiral || turnsBeforeGone(mode) > CLEAR_TURN;
    if (clear && (!doubtful?.clear || spiral) && (!spiral || ps.every((one) => one() <= SURE_SPIRAL))) return fit;
    if (!doubtful || (clear && !doubtful.clear)) doubtful = {fit, clear};
  }
  return doubtful?.fit;
}

/** The same, worked out when it is first asked for. */
function lazily(make: () => number): () => number {
  let known: number | undefined;
  return () => (known ??= make());
}

/** The p-value of a mode in what follows the first state: one state far away is no decay, however far, and any of n may be the first. */
function pWithoutFirst(window: Products, {alone: {rate, omega}}: Mode, rounding: Rounding): number {
  const later = productsFrom(window, 1);
  const nuisance = constantOf(later.size);
  const shape = orthonormal(modeFunctions(later.size, rate, omega), nuisance);
  return shape.length === 0 ? 1 : plainWalkP(residualOf(later, nuisance), shape, {...rounding, constant: nuisance, omega});
}

/** Energy that a fit leaves in the first states, and how many of them the fit, which bends towards them, has left free. */
function atBeginning(left: Products, shape: TimeBasis, count: number): [number, number] {
  let [energy, free] = [0, count];
  for (let t = 0; t < count; ++t) {
    energy += left.values[t * (left.size + 1)];
    for (const f of shape) free -= f[t] ** 2;
  }
  return [energy, free];
}

// A bend does not undo that a motion slows down: an interval that lies below 1 stays there.
const widened = ([low, high]: readonly [number, number], by: number): readonly [number, number] => [
  low - by,
  high < 1 ? Math.min(high + by, (1 + high) / 2) : high
];

/** Size of a mode at the beginning of a window of n states: ‖z‖ of z λᵗ, seen from where it tends to. */
function amplitudeOf({alone: {rate, omega}, energy}: Mode, n: number): number {
  const squares = modeFunctions(n, rate, omega).map(
    (f) =>
      inner(f, f) -
      inner(
        f,
        sampled(n, () => 1)
      ) **
        2 /
        n
  );
  return Math.sqrt(energy / Math.max(mean(squares), Number.MIN_VALUE));
}

/** A motion's size over the radius of the sphere that its states lie on from step `from` on; 0 where they lie on none, their squared norms spreading as a straight way spreads them. */
function chordOverRadius(gram: Gram, from: number, amplitude: number): number {
  const squares: number[] = [];
  for (let t = from; t < gram.size; ++t) squares.push(squaredNorm(gram, t));
  const radius = Math.sqrt(mean(squares));
  return Math.max(...squares) - Math.min(...squares) < ON_SPHERE * amplitude ** 2 ? Math.min(1, amplitude / radius) : 0;
}

/** Turns while the amplitude falls to 1/e. */
const turnsBeforeGone = ({rate, omega}: Mode): number => omega / (2 * Math.PI) / Math.max(1e-9, -Math.log(Math.min(rate, 0.999999)));

interface Found {
  readonly mode: Mode;
  readonly hidden: () => number;
  readonly spiral: boolean;
  /** By `plainWalkP`, after the rates and angles tried. */
  readonly p: () => number;
  /** The window without its mean; the mode's functions; and the window without these too. */
  readonly plain: Products;
  readonly shape: TimeBasis;
  readonly left: Products;
}

/**
 * A decay along one direction, plain or flipping its sign each step, or a turning one where its second function of time holds more than noise. A coarse search says
 * beforehand where no mode will stand out of the rest, or where none comes near leaving `allowed` per state.
 */
function bestMode(window: Products, rounding: Rounding, allowed: number): Found | "too faint" | "more than one" {
  const n = window.size;
  const {floor} = rounding;
  const nuisance = constantOf(n);
  const plain = residualOf(window, nuisance);
  const energies = modeEnergy(plain, nuisance);
  let start: [number, number] = [0.9, 0.5];
  let most = -1;
  for (const rate of RATES_TRIED) {
    energies.atAngles(rate, TURNS_TRIED).forEach((taken, i) => {
      if (taken > most) [most, start] = [taken, [rate, (Math.PI * i) / TURNS_TRIED]];
    });
  }
  const total = energyOf(plain);
  if (most < (FAINT_ENERGY * (total - most)) / (n - 3)) return "too faint";
  if (total - most > COARSE * (n - 3) * allowed + COARSE_SHARE * total) return "more than one";
  const shared = {nuisance, floor, taken: energies, rates: [LEAST_RATE, 1.1], overtones: true} as const;
  const decay = fitMode(plain, {...shared, omegas: [0, 0], start: [0.8, 0]});
  const flip = fitMode(plain, {...shared, omegas: [Math.PI, Math.PI], start: [0.8, Math.PI]});
  const real = flip.residual < decay.residual ? flip : decay;
  const turning = fitMode(plain, {...shared, omegas: [0.05, Math.PI], start, turn: Math.PI / TURNS_TRIED});
  const secondP = secondFunctionP(plain, {real, turning, nuisance, free: n - 4});
  const leastAngle = real.residual <= MOST_ROUNDED * floor * (n - 3) ? ROUNDED_ANGLE : LEAST_ANGLE;
  const turnP =
    secondP < UNSURE_TURN && turnsBeforeGone(turning.mode()) > LEAST_TURN && turning.mode().omega * n > leastAngle ? secondP : 1;
  const turns = turnP * n < SURE_TURN;
  const decaying = turns ? turning.mode() : real.mode();
  const mode = !turns && turnP < UNSURE_TURN ? {...decaying, rateCi: hull(decaying.rateCi, turning.mode().rateCi)} : decaying;
  const spiral = turns || real === flip;
  const shape = orthonormal(modeFunctions(n, mode.alone.rate, mode.alone.omega), nuisance);
  const p = () =>
    Math.min(
      1,
      plainWalkP(plain, shape, {...rounding, constant: nuisance, omega: mode.alone.omega}) * (spiral ? n * 4 : PER_DOUBLING * Math.log2(n))
    );
  return {mode, hidden: (turns ? turning : real).hidden, spiral, p, plain, shape, left: residualOf(plain, shape)};
}

const hull = (a: readonly [number, number], b: readonly [number, number]): [number, number] => [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
