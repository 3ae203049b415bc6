import {matrixOf} from "../../analysis/matrix.ts";
import {toBfloat16} from "../../analysis/patterns/path/rounding.ts";
import type {Random} from "../../analysis/random.ts";
import {BESIDE_MASSIVE} from "./besideMassive.ts";
import {BIFURCATIONS} from "./bifurcations.ts";
import {between, betweenLog, frameOf, gaussianOf} from "./gaussian.ts";
import {framed} from "./framed.ts";
import {frozen} from "./hardNulls.ts";
import type {HardPositive, HardShape, Truth} from "./hardPositive.ts";
import {HIDDEN_MODES} from "./hiddenModes.ts";
import {LATE_EVENTS} from "./lateEvents.ts";
import {netPath} from "./nets.ts";
import {ROUGH_CYCLES} from "./roughCycles.ts";
import {turningLoop} from "./roundingLoops.ts";
import {someContraction, someOrbit, turning} from "./someMotions.ts";
import type {Made} from "./trajectories.ts";

/** Motions of the kinds that real networks show and a test of clean curves misses. */

/** An orbit whose amplitude grows or shrinks by up to a tenth over the path. */
function driftingAmplitude(shape: HardShape): Made<Truth> {
  const {random, steps} = shape;
  const {period, omega, phase} = turning(random, steps);
  const [size, change] = [betweenLog(random, 0.02, 0.3), between(random, -0.1, 0.1)];
  return {
    truth: {period, kept: (1 + change) ** (1 / (steps - 1))},
    path: framed(shape, 2, size / betweenLog(random, 5, 100), (t) => {
      const now = size * (1 + (change * t) / (steps - 1));
      return [now * Math.cos(omega * t + phase), now * Math.sin(omega * t + phase)];
    })
  };
}

/** Eight points in turn: a flip of a flip of a flip, each smaller than the one before. */
function periodEight(shape: HardShape): Made<Truth> {
  const {random} = shape;
  const size = betweenLog(random, 0.05, 0.4);
  const [second, third] = [between(random, 0.2, 0.6), between(random, 0.08, 0.3)];
  return {
    truth: {period: 8},
    path: framed(shape, 3, (size * second * third) / betweenLog(random, 5, 50), (t) => [
      size * (t % 2 === 0 ? 1 : -1),
      size * second * (t % 4 < 2 ? 1 : -1),
      size * second * third * (t % 8 < 4 ? 1 : -1)
    ])
  };
}

/** Twenty modes at once, plain and turning, the slowest clearly slower than the others. */
function manyRates(shape: HardShape): Made<Truth> {
  const {random} = shape;
  const rate = between(random, 0.6, 0.92);
  const modes = Array.from({length: 20}, (_, j) => ({
    rate: j === 0 ? rate : between(random, 0.2, 0.95) * rate,
    omega: j === 0 || random() < 0.5 ? 0 : between(random, 0, Math.PI),
    size: between(random, 0.3, 1)
  }));
  const size = betweenLog(random, 0.02, 0.2);
  return {
    truth: {rate},
    path: framed(shape, 20, size / betweenLog(random, 100, 1000), (t) =>
      modes.map((m) => size * m.size * m.rate ** t * Math.cos(m.omega * t))
    )
  };
}

/** A Jordan block: (1 + a t) rateᵗ. */
function jordanBlock(shape: HardShape): Made<Truth> {
  const {random} = shape;
  const [rate, size, a] = [between(random, 0.6, 0.85), betweenLog(random, 0.02, 0.3), between(random, 0.2, 1)];
  return {
    truth: {rate},
    path: framed(shape, 2, size / betweenLog(random, 50, 1000), (t) => [size * rate ** t * (1 + a * t), size * rate ** t])
  };
}

/** A loop that rounds its state to bfloat16 at each step. */
function roundingLoop({random, steps, width}: HardShape): Made<Truth> {
  const [centre, u] = frameOf(gaussianOf(random), width, 2);
  const [rate, size] = [between(random, 0.5, 0.9), between(random, 0.2, 0.8)];
  const radius = Math.sqrt(width);
  const data = new Float32Array(steps * width);
  let state = toBfloat16(Float32Array.from(centre, (c, k) => radius * (c + size * u[k])));
  for (let t = 0; t < steps; ++t) {
    data.set(state, t * width);
    state = toBfloat16(state.map((x, k) => radius * centre[k] + rate * (x - radius * centre[k])));
  }
  return {truth: {rate}, path: matrixOf(steps, width, data)};
}

const NEAR_CYCLES = [2, 3, 4]; // steps of a turn in which rounding easily repeats itself

/** A loop that turns, rounds its state to bfloat16 at each step, and has come down to rounding half-way through: what goes on then is rounding's. */
function turningRoundingLoop(shape: HardShape): Made<Truth> {
  const {random, steps} = shape;
  const period = random() < 0.75 ? NEAR_CYCLES[Math.floor(random() * NEAR_CYCLES.length)] : between(random, 2.2, 6);
  const rate = ROUNDING_SHARE ** (1 / (between(random, 0.3, 0.6) * steps));
  const planes = 1 + Math.floor(random() * 8);
  return {truth: {rate}, path: turningLoop(gaussianOf(random), shape, {rate, period, planes, round: toBfloat16})};
}
const ROUNDING_SHARE = 1 / 400; // of the way, at which bfloat16 rounds

/** A contraction that is kicked at every step. */
function kickedContraction({random, steps, width}: HardShape): Made<Truth> {
  const gaussian = gaussianOf(random);
  const [rate, size] = [between(random, 0.5, 0.9), betweenLog(random, 0.1, 0.8)];
  const kick = size / betweenLog(random, 30, 1000);
  const [centre, u] = frameOf(gaussian, width, 2);
  let away = Float64Array.from(u, (x) => size * x);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) {
    for (let k = 0; k < width; ++k) data[t * width + k] = Math.sqrt(width) * (centre[k] + away[k]);
    away = away.map((x) => rate * x + (kick * gaussian()) / Math.sqrt(width));
  }
  return {truth: {rate}, path: matrixOf(steps, width, data)};
}

/** An orbit whose phase is kicked at every step. */
function phaseNoise(shape: HardShape): Made<Truth> {
  const {random, steps} = shape;
  const gaussian = gaussianOf(random);
  const {period, omega} = turning(random, steps);
  const [size, kick] = [betweenLog(random, 0.02, 0.3), betweenLog(random, 0.01, 0.1)];
  let angle = between(random, 0, 2 * Math.PI);
  return {
    truth: {period},
    path: framed(shape, 2, size / betweenLog(random, 20, 200), () => {
      angle += omega + kick * gaussian();
      return [size * Math.cos(angle), size * Math.sin(angle)];
    })
  };
}

/** More than once round a great circle. */
function roundTheSphere({random, steps, width}: HardShape): Made<Truth> {
  const turns = between(random, 1.3, 2.9);
  const gaussian = gaussianOf(random);
  const [u, v] = frameOf(gaussian, width, 2);
  const omega = (2 * Math.PI * turns) / (steps - 1);
  const noise = betweenLog(random, 1e-4, 0.03);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t)
    for (let k = 0; k < width; ++k)
      data[t * width + k] = Math.sqrt(width) * (Math.cos(omega * t) * u[k] + Math.sin(omega * t) * v[k]) + noise * gaussian();
  return {truth: {period: (2 * Math.PI) / omega}, path: matrixOf(steps, width, data)};
}

/** A way along a line or a great circle whose speed varies by up to 30 %. */
function unevenSlider(shape: HardShape): Made<Truth> {
  const {random, steps, width} = shape;
  const gaussian = gaussianOf(random);
  const [depth, waves, phase] = [between(random, 0.05, 0.3), between(random, 1, 3), between(random, 0, 2 * Math.PI)];
  const speed = betweenLog(random, 0.003, 1 / steps);
  const [u, v] = frameOf(gaussian, width, 2);
  const noise = (speed * steps) / betweenLog(random, 100, 2000);
  const data = new Float32Array(steps * width);
  let angle = 0;
  for (let t = 0; t < steps; ++t) {
    for (let k = 0; k < width; ++k)
      data[t * width + k] = Math.sqrt(width) * (Math.cos(angle) * u[k] + Math.sin(angle) * v[k]) + noise * gaussian();
    angle += speed * (1 + depth * Math.sin((2 * Math.PI * waves * t) / steps + phase));
  }
  return {truth: {kept: NaN}, path: matrixOf(steps, width, data)};
}

/** A path with rows left out at its end that repeat its last bit for bit. */
const thenFrozen = ({path, truth}: Made<Truth>, random: Random): Made<Truth> => ({
  truth,
  path: frozen(path, Math.floor(between(random, 0.7, 0.95) * path.rows))
});

/** A net that settles, captured as it is. */
function settlingNet(shape: HardShape, onSphere: boolean): Made<Truth> {
  const net = netPath(shape, {gain: between(shape.random, 0.3, 0.7), onSphere: false, input: 1});
  if (!onSphere) return {truth: {}, path: net};
  const radius = Math.sqrt(shape.width);
  const data = net.data.slice(); // normalised in place
  for (let t = 0; t < shape.steps; ++t) {
    const row = data.subarray(t * shape.width, (t + 1) * shape.width);
    const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    for (let k = 0; k < row.length; ++k) row[k] *= radius / norm;
  }
  return {truth: {}, path: matrixOf(shape.steps, shape.width, data)};
}

export const HARD_POSITIVES: Readonly<Record<string, HardPositive>> = {
  "orbit of drifting amplitude": {pattern: "orbit", must: true, figure: "period", make: driftingAmplitude},
  "orbit of period 8": {pattern: "orbit", must: true, figure: "period", make: periodEight},
  "orbit of noisy phase": {pattern: "orbit", must: false, figure: "period", make: phaseNoise},
  "orbit, then frozen": {pattern: "orbit", must: true, figure: "period", make: (shape) => thenFrozen(someOrbit(shape), shape.random)},
  "more than once round the sphere": {pattern: "orbit", must: false, figure: "period", make: roundTheSphere},
  "slider of uneven speed": {pattern: "slider", must: true, make: unevenSlider},
  ...LATE_EVENTS,
  ...BESIDE_MASSIVE,
  "contraction, then frozen": {
    pattern: "converging",
    must: true,
    figure: "rate",
    make: (shape) => thenFrozen(someContraction(shape), shape.random)
  },
  "twenty modes": {pattern: "converging", must: true, figure: "rate", make: manyRates},
  "Jordan block": {pattern: "converging", must: true, figure: "rate", make: jordanBlock},
  "loop that rounds to bfloat16": {pattern: "converging", must: true, figure: "rate", make: roundingLoop},
  "loop that turns, and rounds to bfloat16": {pattern: "converging", must: true, make: turningRoundingLoop},
  "kicked contraction": {pattern: "converging", must: true, figure: "rate", make: kickedContraction},
  "settling net": {pattern: "converging", must: true, make: (shape) => settlingNet(shape, false)},
  "settling net on the sphere": {pattern: "converging", must: true, make: (shape) => settlingNet(shape, true)},
  ...HIDDEN_MODES,
  ...BIFURCATIONS,
  ...ROUGH_CYCLES
};
