import {expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../../analysis/matrix.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {gramOf} from "../../../../analysis/patterns/path/gram.ts";
import {leaving} from "../../../../analysis/patterns/approach/leaving.ts";
import {toBfloat16} from "../../../../analysis/patterns/path/rounding.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";

const line = (states: readonly number[]): Matrix => matrixOf(states.length, 1, Float32Array.from(states));

/** States of these steps, to and fro. */
const walked = (steps: readonly number[]): Matrix => {
  let at = 0;
  return line([0, ...steps.map((step, t) => (at += t % 2 ? -step : step))]);
};

it("the last six steps or more, all longer than those before them, twenty-four in all, and by twice in the median, lead on again", () => {
  const rest = Array.from({length: 18}, (_, t) => 1 + (t % 3) / 10);
  expect(leaving(gramOf(walked([...rest, 3, 4, 5, 6, 7, 8])))).toEqual([
    "moves on again: its last 6 steps are 5.0 times as long as the 18 before"
  ]);
  expect(leaving(gramOf(walked([...rest, 2.3, 2.4, 2.5, 2.5, 2.6, 2.7])))).toEqual([
    "moves on again: its last 6 steps are 2.3 times as long as the 18 before"
  ]);
  expect(leaving(gramOf(walked([...rest.slice(1), 3, 4, 5, 6, 7, 8])))).toEqual([]); // 17 before them
  expect(leaving(gramOf(walked([...rest, 3, 4, 5, 6, 7, 1.15])))).toEqual([]); // one as short as before
  expect(leaving(gramOf(walked([...rest, 1.9, 2, 2.1, 2.1, 2.2, 2.3])))).toEqual([]); // longer, by less than twice
});

it("more last steps need fewer before them, six at least, all since the path set out for its end", () => {
  const rest = Array.from({length: 6}, () => 1);
  const unrest = (count: number): number[] => Array.from({length: count}, (_, t) => 2.5 + (t % 4) / 10);
  const early = [20, 9, 4];
  expect(leaving(gramOf(walked([...early, ...rest, ...unrest(18)])), {from: 3})).toHaveLength(1);
  expect(leaving(gramOf(walked([...early, ...rest, ...unrest(17)])), {from: 3})).toEqual([]); // 23 in all
  expect(leaving(gramOf(walked([...early, ...rest.slice(1), ...unrest(30)])), {from: 3})).toEqual([]); // five before them
  expect(leaving(gramOf(walked([...early, ...rest, ...unrest(18)])), {from: 3, floor: 0.47})).toEqual([]); // within twice what rounding does: 2 × √2 × 2 × 0.47
  expect(leaving(gramOf(walked([...early, ...rest, ...unrest(18)])), {from: 3, floor: 0.45})).toHaveLength(1);
  expect(leaving(gramOf(walked([...early, ...rest, ...unrest(30)])), {from: 4})).toEqual([]); // one of six before it set out
});

/** A contraction that comes to rest, and is restless again from a step on. */
function restlessFrom(seed: number, from: number): Matrix {
  const [states, width] = [64, 64];
  const gaussian = gaussianOf(seededRandom(seed));
  const directions = Array.from({length: 4}, () => Array.from({length: width}, () => gaussian()));
  const data = new Float32Array(states * width);
  for (let t = 0; t < states; ++t) {
    const places = [0.6 ** t, ...[1, 2, 3].map(() => (t < from ? 0 : 0.3 * gaussian()))];
    for (let k = 0; k < width; ++k)
      data[t * width + k] =
        10 * directions[0][k] + directions.reduce((sum, direction, i) => sum + places[i] * direction[k], 0) + 0.05 * gaussian();
  }
  return matrixOf(states, width, data);
}

it("a path that comes to rest and is restless for the rest of it does not converge, however long that is", () => {
  const seeds = Array.from({length: 8}, (_, seed) => seed);
  for (const from of [32, 40, 52])
    expect(
      seeds.map((seed) => classifyPath(restlessFrom(seed, from)).pattern),
      `from ${from}`
    ).not.toContain("converging");
  expect(seeds.map((seed) => classifyPath(restlessFrom(seed, 64)).pattern)).toEqual(seeds.map(() => "converging"));
});

/** A contraction in six directions that, rounded to bfloat16, comes near a saddle and leaves it along a flip that grows by `grows` a step, to `leftBy` of its norm six steps before the end. */
function pastSaddle(seed: number, leftBy: number): Matrix {
  const [states, width] = [129, 64];
  const random = seededRandom(seed);
  const gaussian = gaussianOf(random);
  const direction = (): number[] => Array.from({length: width}, () => gaussian());
  const [centre, away] = [direction(), direction()];
  const modes = Array.from({length: 6}, () => ({along: direction(), rate: 0.3 + 0.6 * random()}));
  const grows = 1.1 + 0.3 * random();
  const data = Float32Array.from({length: states * width}, (_, i) => {
    const [t, k] = [Math.floor(i / width), i % width];
    const near = modes.reduce((sum, {along, rate}) => sum + along[k] * rate ** t, centre[k]);
    return near + leftBy * (-1) ** t * Math.min(1, grows ** (t - states + 7)) * away[k];
  });
  return matrixOf(states, width, toBfloat16(data));
}

it("a path that comes near a saddle and leaves it again does not converge; one that would leave it far beneath its rounding does", () => {
  const seeds = Array.from({length: 12}, (_, seed) => 40 + seed);
  const labels = (leftBy: number): string[] => seeds.map((seed) => classifyPath(pastSaddle(seed, leftBy), {precision: "bfloat16"}).pattern);
  expect(labels(0.1)).not.toContain("converging");
  expect(labels(1e-6)).toEqual(seeds.map(() => "converging"));
});
