import {describe, expect, it} from "vitest";
import {courseOf} from "../../../api/analyses/course.ts";

const distances = (shape: readonly number[], data: readonly number[]) => ({shape, data: Float32Array.from(data)});

describe("courseOf", () => {
  it("gives the median over inits and tokens at each step, to three digits", () => {
    expect(courseOf(distances([2, 1, 3], [1, 9, 2, 0.123456, 0.5, 0.1]))).toEqual([2, 0.123]);
  });
  it("of many steps takes 32, the first and the last among them", () => {
    const course = courseOf(
      distances(
        [100, 1, 1],
        Array.from({length: 100}, (_, step) => 100 + step)
      )
    );
    expect(course).toHaveLength(32);
    expect([course[0], course[1], course[31]]).toEqual([100, 103, 199]);
  });
  it("leaves out what is not finite, and says null where nothing is", () => {
    expect(courseOf(distances([2, 1, 2], [NaN, 4, NaN, NaN]))).toEqual([4, null]);
    expect(courseOf(distances([1, 1, 1], [Infinity]))).toEqual([null]);
  });
});
