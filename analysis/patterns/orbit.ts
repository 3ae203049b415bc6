import {windowOf, type Gram} from "./gram.ts";
import {strongestLine, type Line} from "./line.ts";
import {fitMode, secondFunctionP, SURE_TURN, type Mode} from "./mode.ts";
import {effectiveDimensions, residualOf, type Products} from "./residual.ts";
import {t95} from "./studentT.ts";
import {modeFunctions, orthonormal, sampled, type TimeBasis} from "./timeBasis.ts";
import {walkTest} from "./walkTest.ts";
import {windowStarts} from "./windows.ts";

/** What a path says for and against running on a closed curve. */
export interface OrbitEvidence {
  readonly window: readonly [number, number];
  /** Steps per turn. */
  readonly period: number;
  /** 95 % interval, with the wandering of the phase where there are turns enough to see it. */
  readonly periodCi: readonly [number, number];
  readonly turns: number;
  /** Root mean square radius of the orbit, in the units of the states. */
  readonly amplitude: number;
  /** Root mean square distance per state from the fitted orbit. */
  readonly noise: number;
  readonly lineRatio: number;
  /** Agreement of the two halves' complex amplitudes, 1 for a steady orbit, 0 for noise. */
  readonly coherence: number;
  /** Amplitude kept per step, and its interval. */
  readonly mode: Mode;
  /** Explained share of the mean squared distances at every lag, 1 for a closed curve. */
  readonly recurrence: number;
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
const CLEAR_RATIO = 25; // a line that needs no further support; an orbit of 1.5 × the noise over 32 steps has 36
export const FAINT_RATIO = 8; // a fainter line counts only in an otherwise white neighbourhood
const WHITE_SKIRT = 2.5;
export const LEAST_COHERENCE = 0.7;
const ZIGZAG = {bfloat16: 4, float16: 4, float32: 32}; // × the rounding floor: flips below this are rounding's own
const WORTH_A_FIT = 0.05; // largest p that further questions are put to
const ABOVE_FLOOR = 1.2;
export const STEADY_CHANGE = 0.12; // share of the amplitude lost or won over the window by what is still an orbit, however surely
export const LOST = 0.15; // share lost by what surely falls and is none
const REACHED = 0.8; // a falling amplitude that tends to this share of its last value approaches a cycle, not rest

interface OrbitOptions {
  /** Rounding floor of one state, in the units of the states. */
  readonly floor: number;
  readonly precision: keyof typeof ZIGZAG;
}

/**
 * Looks for a closed curve in the later part of a path: every window start of `windowStarts` with and without decaying
 * exponentials beside it (a transient). Of the windows that show a steady line the one with the clearest line speaks.
 */
export function orbitOf(gram: Gram, {floor, precision}: OrbitOptions): OrbitEvidence | undefined {
  const tried: Tried[] = [];
  let attempts = 0;
  for (const from of windowStarts(gram.size)) {
    const window = windowOf(gram, from);
    const n = window.size;
    attempts += TRIES_PER_STATE * n;
    const found = NUISANCES.map((decays): Tried | undefined => {
      const nuisance = orthonormal([sampled(n, () => 1), sampled(n, (t) => t), ...decays.map((rate) => sampled(n, (t) => rate ** t))]);
      const plain = residualOf(window, nuisance);
      const line = strongestLine(plain, nuisance, floor ** 2);
      return line && {from, plain, nuisance, line};
    }).filter((one) => one !== undefined);
    const clearest = found.sort(byClarity)[0];
    if (clearest) tried.push(clearest);
  }
  const judgedLines = tried
    .filter(({line}) => line.ratio >= FAINT_RATIO && line.p * attempts <= WORTH_A_FIT)
    .map((one) => judged(one, {p: Math.min(1, one.line.p * attempts), windows: tried.length, floor, precision}))
    .sort((a, b) => a.p - b.p || b.lineRatio - a.lineRatio);
  const decay = judgedLines.find(({decaying}) => decaying);
  const steady = judgedLines.find((found) => found.against.length === 0 && !(decay && stillDecays(decay, found)));
  const best = steady ?? decay ?? judgedLines.sort((a, b) => a.against.length - b.against.length)[0];
  if (best) return best;
  const faint = tried.sort(byClarity)[0];
  return faint && judged(faint, {p: Math.min(1, faint.line.p * attempts), windows: tried.length, floor, precision});
}

const TRIES_PER_STATE = 6; // n/2 frequencies × 2 nuisances, about 3 times as many for the best one between the grid's, and twice for the subharmonics and the best window
const NUISANCES = [[], [0.6, 0.85]]; // rates of decaying exponentials fitted beside the line, besides a constant and a trend
const byClarity = (a: Tried, b: Tried): number => a.line.p - b.line.p || b.line.ratio - a.line.ratio;

interface Tried {
  readonly from: number;
  /** The window without its nuisance. */
  readonly plain: Products;
  readonly nuisance: TimeBasis;
  readonly line: Line;
}

/** Whether two periods are of one oscillation, seen in different windows. */
export const sameTurn = (a: number, b: number): boolean => Math.abs(a / b - 1) < 0.1;

// A shorter window sees a slow decay less sharply; it overrules a longer one only where its interval excludes that decay.
const stillDecays = (longer: OrbitEvidence, shorter: OrbitEvidence): boolean =>
  longer.window[0] < shorter.window[0] && sameTurn(longer.period, shorter.period) && shorter.mode.rateCi[0] <= longer.mode.rate;

interface Judging extends OrbitOptions {
  readonly p: number;
  /** How many windows were looked at. */
  readonly windows: number;
}

function judged({from, plain, nuisance, line}: Tried, {p, windows, floor, precision}: Judging): OrbitEvidence {
  const n = plain.size;
  const omega = 2 * Math.PI * line.frequency;
  const flips = line.frequency > 0.5 - 0.5 / n;
  const mode = fitMode(plain, {
    nuisance,
    floor: floor ** 2,
    rates: [0.7, 1.1],
    omegas: line.frequency === 0.5 ? [Math.PI, Math.PI] : [Math.max(0, omega - Math.PI / n), Math.min(Math.PI, omega + Math.PI / n)],
    start: [1, omega]
  });
  const period = (2 * Math.PI * line.turnsToClose) / mode.omega;
  const amplitude = Math.sqrt(line.energy / n);
  const noise = Math.sqrt(line.noise);
  const {coherence, decline, limit} = envelope(plain, mode.omega, line.noise);
  const lost = 1 - mode.rate ** n;
  const decays = mode.rateCi[1] < 1 && lost > STEADY_CHANGE && decline > 0 && limit < REACHED;
  const beats = decays && flips && turnsSteadily(plain, mode, {nuisance, floor});
  const grows = mode.rateCi[0] > 1 && lost < -STEADY_CHANGE;
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
  const spread = Math.hypot(omegaSpread(mode, n), wanderSpread(plain, mode));
  return {
    window: [from, from + n - 1],
    period,
    periodCi: [
      (2 * Math.PI * line.turnsToClose) / Math.min(Math.PI, mode.omega + spread),
      (2 * Math.PI * line.turnsToClose) / Math.max(1e-9, mode.omega - spread)
    ],
    turns: n / period,
    amplitude,
    noise,
    lineRatio: line.ratio,
    coherence,
    mode,
    recurrence: recurrenceOf(plain, mode.omega),
    p,
    against,
    decaying,
    fallP: decaying ? Math.min(1, fallP(plain, mode, {nuisance, floor}) * windows) : 1,
    clear: amplitude >= zigzag * floor
  };
}

function fallP(plain: Products, {alone: {rate, omega}}: Mode, {nuisance, floor}: {nuisance: TimeBasis; floor: number}): number {
  const shape = orthonormal(modeFunctions(plain.size, rate, omega), nuisance);
  return walkTest(plain, shape, {constant: nuisance, floor: floor ** 2, omega}).plainP;
}

/** Whether what looks like a falling flip is an ellipse of a period near 2, seen for less than its beat: a turning mode accounts for it better, and need not fall. */
function turnsSteadily(plain: Products, flip: Mode, {nuisance, floor}: {nuisance: TimeBasis; floor: number}): boolean {
  const n = plain.size;
  const [slowest, start] = [Math.PI * (1 - 2 / n), Math.PI * (1 - 0.5 / n)];
  const turning = fitMode(plain, {
    nuisance,
    floor: floor ** 2,
    rates: [0.7, 1.1],
    omegas: [slowest, Math.PI * (1 - 0.01 / n)],
    start: [1, start]
  });
  if (turning.rateCi[1] < 1) return false;
  const left = residualOf(plain, orthonormal(modeFunctions(n, turning.alone.rate, turning.alone.omega), nuisance));
  return secondFunctionP({real: flip, turning, dimensions: effectiveDimensions(left), free: n - nuisance.length - 2}) * n < SURE_TURN;
}

/** Half the 95 % interval of ω: Cramér–Rao, var ω = 12 σ² / (A² n³), energy = n A². */
function omegaSpread({energy, blur}: Mode, n: number): number {
  return t95(n - 7) * Math.sqrt((12 * blur) / Math.max(energy / n, Number.MIN_VALUE) / n ** 3);
}

/**
 * The complex amplitude in consecutive parts of a window: coherence of the halves |⟨z₁, z₂⟩| / (‖z₁‖ ‖z₂‖), the share of amplitude lost
 * from the first third to the last, and the share of the last third's amplitude that a geometric approach would keep for ever
 * (Aitken's extrapolation: 0 for a decay to rest, 1 for a cycle that has been reached). Lengths are freed of noise.
 */
function envelope(plain: Products, omega: number, noise: number): {coherence: number; decline: number; limit: number} {
  const n = plain.size;
  const halves = amplitudes(plain, omega, noise, 2);
  const along = halves.cross(0, 1);
  const coherence = along / Math.sqrt(Math.max(halves.squared(0), 1e-300) * Math.max(halves.squared(1), 1e-300));
  if (n < 12)
    return {coherence: Math.min(1, coherence), decline: 1 - Math.sqrt(halves.squared(1) / Math.max(halves.squared(0), 1e-300)), limit: 0};
  const thirds = amplitudes(plain, omega, noise, 3);
  const [a, b, c] = [0, 1, 2].map((i) => Math.sqrt(Math.max(0, thirds.squared(i))));
  const bend = b - a - (c - b); // negative where the decay slows down
  const limit = bend < 0 ? (c + (b - c) ** 2 / bend) / Math.max(c, 1e-300) : c < b ? 0 : 1;
  return {coherence: Math.min(1, coherence), decline: 1 - c / Math.max(a, 1e-300), limit};
}

const MOST_PARTS = 8;

/**
 * Half the 95 % interval of ω where the loop itself is kicked and its phase is a random walk: second differences of the phase over parts of a turn or more, of length L, have
 * variance q L + 6 v, v that of a part's own noise; the fit's ω then has variance 6 q / 5 n. 0 where fewer than four parts are there.
 */
function wanderSpread(plain: Products, {omega, blur}: Mode): number {
  const n = plain.size;
  const count = Math.min(MOST_PARTS, Math.floor(n / Math.max(4, (2 * Math.PI) / omega)));
  if (count < 4 || omega >= Math.PI) return 0;
  const parts = amplitudes(plain, omega, blur, count);
  let [squares, noise] = [0, 0];
  for (let i = 0; i + 2 < count; ++i) {
    const bend = parts.turn(i + 1, i + 2) - parts.turn(i, i + 1);
    squares += Math.atan2(Math.sin(bend), Math.cos(bend)) ** 2 / (count - 2);
  }
  for (let i = 0; i < count; ++i) noise += parts.selfNoise(i) / Math.max(parts.squared(i), Number.MIN_VALUE) / 2 / count;
  const perStep = Math.max(0, squares - 6 * noise) / (n / count);
  return t95(count - 2) * Math.sqrt((1.2 * perStep) / n);
}

/** Complex amplitudes z = Σ (wc − i ws) h of equal parts; their inner products, by least squares on cosine and sine. */
function amplitudes({size, values}: Products, omega: number, noise: number, parts: number) {
  const weights = Array.from({length: parts}, (_, part) => {
    const [start, end] = [Math.floor((part * size) / parts), Math.floor(((part + 1) * size) / parts)];
    const inside = (f: (t: number) => number): Float64Array => sampled(size, (t) => (t >= start && t < end ? f(t) : 0));
    return leastSquares([inside((t) => Math.cos(omega * t)), inside((t) => Math.sin(omega * t))]);
  });
  const product = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < size; ++i) if (a[i] !== 0) for (let j = 0; j < size; ++j) sum += a[i] * values[i * size + j] * b[j];
    return sum;
  };
  const selfNoise = (i: number): number => noise * weights[i].reduce((sum, w) => sum + w.reduce((s, x) => s + x * x, 0), 0);
  const crossed = (i: number, j: number): [number, number] => {
    const [[ci, si], [cj, sj]] = [weights[i], weights[j]];
    return [product(ci, cj) + (si && sj ? product(si, sj) : 0), si && sj ? product(ci, sj) - product(si, cj) : 0];
  };
  return {
    selfNoise,
    /** Angle from one part's amplitude to another's. */
    turn: (i: number, j: number): number => {
      const [real, imaginary] = crossed(i, j);
      return Math.atan2(imaginary, real);
    },
    squared: (i: number): number => weights[i].reduce((sum, w) => sum + product(w, w), 0) - selfNoise(i),
    cross: (i: number, j: number): number => Math.hypot(...crossed(i, j))
  };
}

/** Weights whose products with a signal are its least-squares coefficients on the functions; a dependent one is left out. */
function leastSquares([c, s]: readonly [Float64Array, Float64Array]): Float64Array[] {
  let [cc, cs, ss] = [0, 0, 0];
  for (let t = 0; t < c.length; ++t) {
    cc += c[t] * c[t];
    cs += c[t] * s[t];
    ss += s[t] * s[t];
  }
  const determinant = cc * ss - cs * cs;
  if (!(determinant > 1e-3 * cc * cc)) return [c.map((x) => x / cc)];
  return [c.map((x, t) => (ss * x - cs * s[t]) / determinant), c.map((x, t) => (cc * s[t] - cs * x) / determinant)];
}

/**
 * How well one closed curve accounts for the distances at every lag in full dimension: R² of the mean of ‖h_{t+ℓ} − h_t‖² over t
 * against a + b (1 − cos ωℓ), ℓ from 1 to two thirds of the window. Near 1 for an orbit; a walk, whose distances only grow, has little.
 */
function recurrenceOf({size, values}: Products, omega: number): number {
  const lags = Math.max(3, Math.floor((2 * size) / 3));
  const [x, y]: [number[], number[]] = [[], []];
  for (let lag = 1; lag <= Math.min(lags, size - 1); ++lag) {
    let sum = 0;
    for (let t = 0; t + lag < size; ++t) sum += values[t * size + t] + values[(t + lag) * (size + 1)] - 2 * values[t * size + t + lag];
    y.push(sum / (size - lag));
    x.push(1 - Math.cos(omega * lag));
  }
  return correlation(x, y) ** 2;
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [x.reduce((s, v) => s + v, 0) / x.length, y.reduce((s, v) => s + v, 0) / y.length];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < x.length; ++i) {
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}
