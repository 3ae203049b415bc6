import {expect, it} from "vitest";
import {kickedAlike} from "../../../../analysis/patterns/approach/kicked.ts";
import {inner} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";

const [SIZE, DIRECTIONS, KEPT] = [120, 64, 0.8];

/** A loop that keeps so much of a departure a step, kicked at every step in many directions: `alike` is the correlation of neighbouring kicks, `first` the size of those of the first eight steps over the others'. */
function kickedLoop({alike = 0, first = 1}: {alike?: number; first?: number}) {
  const gaussian = gaussianOf(seededRandom(11));
  let place = new Float64Array(DIRECTIONS);
  let kick = place.map(gaussian);
  const states = Array.from({length: SIZE}, (_, t) => {
    kick = kick.map((x) => alike * x + Math.sqrt(1 - alike ** 2) * gaussian());
    return (place = place.map((x, k) => KEPT * x + kick[k] * (t <= 8 ? first : 1)));
  });
  const values = Float64Array.from({length: SIZE ** 2}, (_, i) => inner(states[Math.floor(i / SIZE)], states[i % SIZE]));
  return {size: SIZE, values};
}

const areAlike = (loop: Parameters<typeof kickedLoop>[0]): boolean => kickedAlike(kickedLoop(loop), {kept: KEPT, early: 8, allowed: 1.4});

it.each([
  [0, true],
  [0.35, true],
  [0.45, false]
])("kicks of which neighbours correlate by %f go no one way: %s", (alike, isKicked) => {
  expect(areAlike({alike})).toBe(isKicked);
});

it("a loop that is kicked harder while it comes in is not one kicked alike at every step", () => {
  expect(areAlike({first: Math.sqrt(1.3)})).toBe(true);
  expect(areAlike({first: Math.sqrt(1.5)})).toBe(false);
});
