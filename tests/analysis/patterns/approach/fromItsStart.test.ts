import {expect, it} from "vitest";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";
import {planar, withNoise} from "../../../support/planarPaths.ts";

/** Angle and speed of x″ = −sin x − x′ / 5 every 0.8, let go at rest from that angle: small swings keep e^(−0.08) = 0.923 of their amplitude a step, larger ones take longer. */
function dampedPendulum(from: number, steps: number): [number, number][] {
  const path: [number, number][] = [[from, 0]];
  let [x, v] = path[0];
  const substeps = 800;
  for (let t = 1; t < steps; ++t) {
    for (let i = 0; i < substeps; ++i) {
      v += (0.8 / substeps) * (-Math.sin(x) - 0.2 * v);
      x += (0.8 / substeps) * v;
    }
    path.push([x, v]);
  }
  return path;
}

it.each([2, 2.3, 2.5])("classifyPath sees a pendulum come to rest that is let go from %f, whose period changes on the way", (from) => {
  const path = dampedPendulum(from, 49);
  const {pattern, rate, spiral} = classifyPath(planar(49, 48, (t) => path[t]));
  expect({pattern, spiral}).toEqual({pattern: "converging", spiral: true});
  expect(rate).toBeCloseTo(Math.exp(-0.08), 2);
});

it("classifyPath sees most of such pendulums through noise of a sixth of their way, whose quick changes at first are not all that they are judged by", () => {
  const path = dampedPendulum(2, 49);
  const labels = [1, 2, 3, 4, 5, 6].map((seed) =>
    classifyPath(
      withNoise(
        planar(49, 48, (t) => path[t]),
        0.4,
        seed
      )
    )
  );
  const found = labels.filter(({pattern}) => pattern === "converging");
  expect(found.length).toBeGreaterThanOrEqual(4);
  for (const {rate} of found) expect(rate).toBeCloseTo(Math.exp(-0.08), 1);
});

it("classifyPath does not see rest in noise in a plane whose size falls at the same rate, however long", () => {
  const labels = [1, 2, 3, 4, 5, 6].map((seed) => {
    const gaussian = gaussianOf(seededRandom(seed));
    return classifyPath(planar(49, 48, (t) => [gaussian() * 0.923 ** t, gaussian() * 0.923 ** t])).pattern;
  });
  expect(labels).toEqual(Array.from({length: 6}, () => "unsettled"));
});

it.each([
  [0.3, 0.4],
  [0.3, 0.5],
  [0.5, 0.4]
])(
  "what a mode of %f beside one quick one of %f a step leaves lies in one dimension, and leaves no doubt of a fall to rounding in 80 steps",
  (size, quick) => {
    const {pattern, p, rate} = classifyPath(planar(87, 48, (t) => [size * 0.83 ** t, 3 * quick ** t]));
    expect(pattern).toBe("converging");
    expect(p).toBeLessThan(1e-12); // of sides alone: 2⁻⁶³
    expect(rate).toBeCloseTo(0.83, 5);
  }
);
