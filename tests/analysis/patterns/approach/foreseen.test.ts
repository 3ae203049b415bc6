import {expect, it} from "vitest";
import {ALL_SIDES, foreseenP, ROUGHER, END_UNFORESEEN} from "../../../../analysis/patterns/approach/foreseen.ts";
import {ALPHA, classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {gramOf, seenFromTail} from "../../../../analysis/patterns/path/gram.ts";
import {matrixOf, type Matrix} from "../../../../analysis/matrix.ts";
import {seededRandom, type Random} from "../../../../analysis/random.ts";
import {between, frameOf, gaussianOf} from "../../../support/gaussian.ts";
import {HARD_NULLS} from "../../../support/hardNulls.ts";

const [STEPS, WIDTH, TAIL] = [32, 64, 8];

/** A path seen from its end, in units of the noise there. */
function pOf(path: Matrix): number {
  const seen = seenFromTail(gramOf(path), TAIL);
  const noise = Math.sqrt(seen.sizes.slice(-TAIL).reduce((sum, size) => sum + size ** 2, 0) / (TAIL - 1));
  return foreseenP({seen, noise});
}

interface Planes {
  readonly rates: readonly number[];
  /** Radians a step in each plane. */
  readonly omegas: readonly number[];
  /** First distance over the noise. */
  readonly amplitude: number;
  /** By how much the noise is larger in the first half. */
  readonly rougher?: number;
  /** Size of a turn in a plane of its own, over the noise, that goes on for ever. */
  readonly goesOn?: number;
}

/** Spirals in several planes at once, about a centre, to noise of size 1. */
function planesPath(random: Random, {rates, omegas, amplitude, rougher = 1, goesOn = 0}: Planes): Matrix {
  const gaussian = gaussianOf(random);
  const frame = frameOf(gaussian, WIDTH, 2 * rates.length + 2);
  const modes = [
    ...rates.map((rate, i) => ({rate, omega: omegas[i], size: amplitude / Math.sqrt(rates.length)})),
    {rate: 1, omega: 2, size: goesOn}
  ];
  const data = new Float32Array(STEPS * WIDTH);
  for (let t = 0; t < STEPS; ++t) {
    const noise = (t < STEPS / 2 ? rougher : 1) / Math.sqrt(WIDTH);
    for (let k = 0; k < WIDTH; ++k) {
      const turned = modes.reduce(
        (sum, {rate, omega, size}, i) =>
          sum + size * rate ** t * (Math.cos(omega * t) * frame[2 * i][k] + Math.sin(omega * t) * frame[2 * i + 1][k]),
        0
      );
      data[t * WIDTH + k] = 3 + turned + noise * gaussian();
    }
  }
  return matrixOf(STEPS, WIDTH, data);
}

const someAngles = (random: Random, count: number): number[] => Array.from({length: count}, () => (2 * Math.PI) / between(random, 2.5, 10));

it.each([
  [2, 5],
  [3, 5],
  [6, 20]
])("spirals in %i planes at once, %i times the noise, come to rest", (count, amplitude) => {
  const random = seededRandom(5);
  const paths = Array.from({length: 40}, () =>
    planesPath(random, {
      rates: Array.from({length: count}, () => between(random, 0.7, 0.85)),
      omegas: someAngles(random, count),
      amplitude
    })
  );
  expect(paths.filter((path) => classifyPath(path).pattern === "converging").length).toBeGreaterThanOrEqual(36);
});

it.each([
  "independent noise of a size that falls",
  "volatile noise",
  "noise that calms down by far",
  "noise of short memory that calms down",
  "noise of longer memory that calms down",
  "noise of long memory that calms down"
])("of %s no p is as small as a label needs", (name) => {
  const random = seededRandom(6);
  const gaussian = gaussianOf(random);
  const falling = (): Matrix =>
    matrixOf(
      STEPS,
      WIDTH,
      Float32Array.from({length: STEPS * WIDTH}, (_, i) => 3 + (1 + 20 * 0.75 ** Math.floor(i / WIDTH)) * gaussian())
    );
  const make = HARD_NULLS[name]?.make ?? falling;
  const ps = Array.from({length: 150}, () => pOf(make({random, steps: STEPS, width: WIDTH})));
  expect(ps.filter((p) => p <= ALPHA)).toHaveLength(0);
});

it("a way that has too few states for a part says nothing", () => {
  const path = planesPath(seededRandom(7), {rates: [0.8], omegas: [1], amplitude: 20});
  const short = matrixOf(15, WIDTH, path.data.subarray(0, 15 * WIDTH));
  expect(pOf(short)).toBe(1);
});

const TWO = {rates: [0.8, 0.75], amplitude: 20};

it("a way to one side of its end is no way that turns: ALL_SIDES", () => {
  expect(ALL_SIDES).toBe(0.5);
  const found = [0.05, 0.1, 0.15, 0.8, 1.2, 2].map(
    (omega) => pOf(planesPath(seededRandom(8), {...TWO, omegas: [omega, 1.3 * omega]})) <= ALPHA
  );
  expect(found).toEqual([false, false, false, true, true, true]);
});

it("what is foreseen at its end is motion: END_UNFORESEEN", () => {
  expect(END_UNFORESEEN).toBe(0.75);
  const found = [0, 0.2, 0.9, 2].map((goesOn) => pOf(planesPath(seededRandom(9), {...TWO, omegas: [0.8, 1.5], goesOn})) <= ALPHA);
  expect(found).toEqual([true, true, false, false]);
});

it("a way rougher than the noise of its end is no such way: ROUGHER, energies", () => {
  expect(ROUGHER).toBe(2);
  const found = [1, 1.4, 2.8, 4].map(
    (energy) => pOf(planesPath(seededRandom(10), {...TWO, omegas: [0.8, 1.5], rougher: Math.sqrt(energy)})) <= ALPHA
  );
  expect(found).toEqual([true, true, false, false]);
});
