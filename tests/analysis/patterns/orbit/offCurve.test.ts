import {describe, expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../../analysis/matrix.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {offCurveOf, offInWords, staysClosed} from "../../../../analysis/patterns/orbit/offCurve.ts";
import {gramOf} from "../../../../analysis/patterns/path/gram.ts";
import {residualOf} from "../../../../analysis/patterns/path/residual.ts";
import {constantOf} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {CHAOS_NULLS} from "../../../support/chaosNulls.ts";
import {orbitPath} from "../../../support/trajectories.ts";
import {between, frameOf, gaussianOf} from "../../../support/gaussian.ts";
import {JUMP_NULLS} from "../../../support/jumpNulls.ts";

describe("chaos, which keeps time and comes back to no state, is no orbit over 33 states", () => {
  it.each(["chaos of two bands", "chaos of a Rössler band", "chaos of coupled maps", "chaos of a Hénon map"])("%s", (name) => {
    for (const seed of [2, 3, 5]) {
      const verdict = classifyPath(CHAOS_NULLS[name].make({random: seededRandom(seed), steps: 33, width: 64}));
      expect(verdict.pattern, `seed ${seed}`).toBe("unsettled");
    }
  });
});

/** Van der Pol's oscillator of μ = 1, seen every so often, with noise of a hundredth of its way. */
function vanDerPol(seed: number): Matrix {
  const [steps, width, strides] = [65, 64, 100];
  const random = seededRandom(seed);
  const gaussian = gaussianOf(random);
  const [centre, u, v] = frameOf(gaussian, width, 3);
  const stride = between(random, 0.5, 1.1) / strides;
  const data = new Float32Array(steps * width);
  let [x, speed] = [2, 0];
  const advance = (): void => {
    for (let i = 0; i < strides; ++i) {
      speed += stride * ((1 - x * x) * speed - x);
      x += stride * speed;
    }
  };
  for (let t = 0; t < 60; ++t) advance();
  for (let t = 0; t < steps; ++t, advance())
    for (let k = 0; k < width; ++k) data[t * width + k] = 3 * centre[k] + x * u[k] + speed * v[k] + (0.02 * gaussian()) / 8;
  return matrixOf(steps, width, data);
}

it("a cycle with many overtones is one: they are of the curve, and what is near on it stays near", () => {
  for (const seed of [1, 2, 3, 4]) expect(classifyPath(vanDerPol(seed)).pattern, `seed ${seed}`).toBe("orbit");
});

/** A flip whose amplitude is told for every state, with noise of a thousandth of its last one. */
function flipOf(amplitudeAt: (t: number) => number): Matrix {
  const [steps, width] = [64, 64];
  const gaussian = gaussianOf(seededRandom(7));
  const [centre, along] = frameOf(gaussian, width, 2);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t)
    for (let k = 0; k < width; ++k)
      data[t * width + k] = 3 * centre[k] + (-1) ** t * amplitudeAt(t) * along[k] + (0.001 * amplitudeAt(steps) * gaussian()) / 8;
  return matrixOf(steps, width, data);
}

it("a flip that grows and levels off is the way to a cycle, one that goes on growing is none", () => {
  const ofNormalForm = (t: number): number => 1 / Math.sqrt(1 + 30 * Math.exp(-0.12 * t)); // just past its bifurcation
  expect(classifyPath(flipOf(ofNormalForm)).pattern).toBe("orbit");
  expect(classifyPath(flipOf((t) => Math.exp(0.03 * t))).pattern).toBe("unsettled");
});

const off = {
  size: 0.0712,
  whole: false,
  differing: [0.31, 0.44],
  agreeing: [0.6, 0.7],
  fallP: 0.5,
  turns: 25,
  error: 0.05,
  after: [1.7, 2.9],
  own: 0.1,
  beside: {few: false, confined: false, inPlane: 0.2, late: 1, again: 1}
} as const;
const movesOn = {few: true, confined: false, inPlane: 0.8, late: 1, again: 1};

it("what dies away while neighbours come nearer is the way to a cycle, and no chaos", () => {
  expect(staysClosed(off)).toBe(false);
  expect(staysClosed({...off, fallP: 1e-5, after: [0.6, 0.4]})).toBe(true);
  expect(staysClosed({...off, fallP: 1e-5, after: [0.6, 1.1]})).toBe(false);
  expect(staysClosed({...off, fallP: 1e-3, after: [0.6, 0.4]})).toBe(false);
});

it("what is foreseen for a step is no noise, however far it is from what is near: a net’s chaos in many directions is nearly that", () => {
  const noise = {...off, after: [1.2, 1.2]} as const;
  expect(staysClosed({...noise, differing: [0.91, 0.9]})).toBe(true);
  expect(staysClosed({...noise, differing: [0.89, 0.9]})).toBe(false);
});

it("what comes back as it was is of the curve, unless it is so far off that it does by chance", () => {
  const back = {...off, after: [1.02, 0.97]} as const;
  expect(staysClosed({...back, size: 0.15})).toBe(true);
  expect(staysClosed({...back, size: 0.25})).toBe(false);
});

it("what goes off the points of a whole period another way every time is noise of any sizes, where it is seen often and little", () => {
  const struck = {...off, whole: true, agreeing: [0.2, 0.1]} as const;
  expect(staysClosed(struck)).toBe(true);
  for (const otherwise of [{whole: false}, {agreeing: [0.2, 0.4]}, {turns: 19}, {size: 0.21}] as const)
    expect(staysClosed({...struck, ...otherwise})).toBe(false);
});

it("what moves in few directions of the orbit's own plane is no orbit, however little it is, unless it dies away", () => {
  const little = {...off, size: 0.02, after: [1, 1]} as const;
  expect(staysClosed(little)).toBe(true);
  expect(staysClosed({...little, beside: movesOn})).toBe(false);
  expect(staysClosed({...little, beside: movesOn, fallP: 1e-5, after: [0.6, 0.4]})).toBe(true);
});

it("what has few directions to be off in is noise where it is foreseen neither from what lies near nor from what was, is no more along the curve than across it, and little", () => {
  const confined = {...off, size: 0.19, own: 0.3, differing: [0.72, 0.9], error: 0.19, share: 0.04} as const;
  expect(staysClosed(confined)).toBe(true);
  for (const otherwise of [
    {share: undefined},
    {share: 0.06},
    {size: 0.21},
    {own: 0.31},
    {error: 0.21},
    {differing: [0.9, 0.68]},
    {beside: movesOn}
  ] as const)
    expect(staysClosed({...confined, ...otherwise})).toBe(false);
});

it("noise of 5 times less than an orbit of four coordinates, where it lies in the orbit's plane for the most part, hides none of nine in ten", () => {
  const random = seededRandom(6);
  const found = Array.from({length: 30}, () => {
    const {path} = orbitPath({random, steps: 64, width: 4, onSphere: false, amplitude: 5});
    return classifyPath(path).pattern;
  });
  expect(found.filter((pattern) => pattern === "orbit").length).toBeGreaterThanOrEqual(27);
});

it("says in words only what could be measured", () => {
  expect(offInWords(off)).toBe(
    "0.071 times its amplitude is off the closed curve, which noise does not account for; beside what was near it differs a step or two later by 0.31 ± 0.05 of what noise would; its squared distance from what was near is 1.70 times as large after a turn"
  );
  expect(offInWords({...off, differing: [NaN, NaN], after: [NaN, NaN]})).toBe(
    "0.071 times its amplitude is off the closed curve, which noise does not account for"
  );
  expect(offInWords({...off, beside: movesOn, differing: [NaN, NaN], after: [NaN, NaN]})).toBe(
    "0.071 times its amplitude is off the closed curve, which noise does not account for; it goes in few directions, those of the orbit"
  );
});

/** How far states are off an ellipse of half axes 1 and `flat` of which each comes early or late at random, with some noise in its plane. */
function offEllipse(flat: number): number {
  const [steps, width, omega] = [64, 8, 0.85];
  const random = seededRandom(4);
  const gaussian = gaussianOf(random);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) {
    const at = omega * t + 0.15 * gaussian();
    data.set([Math.cos(at) + 0.02 * gaussian(), flat * Math.sin(at) + 0.02 * gaussian()], t * width);
  }
  const nuisance = constantOf(steps);
  const plain = residualOf(gramOf(matrixOf(steps, width, data)), nuisance);
  return offCurveOf(plain, {omega, turnsToClose: 1, nuisance, period: (2 * Math.PI) / omega, own: 0})!.size;
}

it("a state that comes early or late is on its curve, where that is no line: along one nothing else could be seen", () => {
  expect(offEllipse(0.45)).toBeLessThan(0.05);
  expect(offEllipse(0.25)).toBeGreaterThan(0.07);
});

it("a resonance along a line that kept time in the last half of a path is no orbit", () => {
  const seed = 8968; // of 1 to 9,000 the one that was called an orbit: neighbours half its size apart are as near a turn and two on
  const verdict = classifyPath(JUMP_NULLS["ringing along a line"].make({random: seededRandom(seed), steps: 32, width: 64}));
  expect(verdict.pattern).toBe("unsettled");
});
