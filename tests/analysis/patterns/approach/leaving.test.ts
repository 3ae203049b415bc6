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

it("the last six steps or more, all longer than three times as many before them and by twice in the median, lead on again", () => {
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
