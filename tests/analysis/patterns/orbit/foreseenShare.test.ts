import {expect, it} from "vitest";
import {foreseenShare} from "../../../../analysis/patterns/orbit/foreseenShare.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";

const SIZE = 40;

/** Products of states of two coordinates. */
const productsOf = (states: readonly (readonly [number, number])[]) => ({
  size: SIZE,
  values: Float64Array.from({length: SIZE ** 2}, (_, i) => {
    const [a, b] = [states[Math.floor(i / SIZE)], states[i % SIZE]];
    return a[0] * b[0] + a[1] * b[1];
  })
});

it("what turns by the same angle a step is foreseen, the more the less noise there is", () => {
  const gaussian = gaussianOf(seededRandom(2));
  const share = (noise: number): number =>
    foreseenShare(
      productsOf(Array.from({length: SIZE}, (_, t) => [Math.cos(0.9 * t) + noise * gaussian(), Math.sin(0.9 * t) + noise * gaussian()]))
    );
  expect(share(0.01)).toBeGreaterThan(0.97);
  expect(share(0.5)).toBeGreaterThan(0.2);
  expect(share(0.5)).toBeLessThan(0.8);
});

it("independent noise is not, in 19 of 20 draws", () => {
  const gaussian = gaussianOf(seededRandom(3));
  const shares = Array.from({length: 100}, () => foreseenShare(productsOf(Array.from({length: SIZE}, () => [gaussian(), gaussian()]))));
  expect(shares.filter((share) => share > 0.05).length).toBeLessThanOrEqual(5);
});

it("each state is left out of what foresees it: a state like no other is foreseen by none", () => {
  const once = Array.from({length: SIZE}, (_, t): [number, number] => (t === 20 ? [1, 0] : [0, 1e-6]));
  expect(foreseenShare(productsOf(once))).toBeLessThanOrEqual(1e-3);
});
