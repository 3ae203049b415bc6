import {describe, expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../../analysis/matrix.ts";
import {gramOf, squaredDistance} from "../../../../analysis/patterns/path/gram.ts";
import {tangentPlanes} from "../../../../analysis/patterns/path/tangentPlane.ts";

const WIDTH = 8;
const TAIL = 3;

/** States of norm 10 at angles from the first axis, towards the second; the last three rest on the first axis. */
function onSphere(angles: readonly number[]): Matrix {
  const all = [...angles, ...Array<number>(TAIL).fill(0)];
  return matrixOf(
    all.length,
    WIDTH,
    Float32Array.from(all.flatMap((angle) => [10 * Math.cos(angle), 10 * Math.sin(angle), ...Array<number>(WIDTH - 2).fill(0)]))
  );
}

const apart = (plane: ReturnType<typeof tangentPlanes>[number], i: number, j: number): number => Math.sqrt(squaredDistance(plane, i, j));

describe("tangentPlanes", () => {
  const angles = [-0.9, -0.5, 0.1, 0.4, 0.8];
  it("lays a great circle out by the tangent of the angle, and by the angle", () => {
    const [central, arc] = tangentPlanes(gramOf(onSphere(angles)), TAIL);
    for (let i = 0; i < angles.length; ++i) {
      for (let j = 0; j < angles.length; ++j) {
        expect(apart(central, i, j)).toBeCloseTo(10 * Math.abs(Math.tan(angles[i]) - Math.tan(angles[j])), 4);
        expect(apart(arc, i, j)).toBeCloseTo(10 * Math.abs(angles[i] - angles[j]), 4);
      }
    }
  });
  it("takes one chart where the way is short", () => {
    const small = [3e-3, 2e-3, -1e-3];
    const planes = tangentPlanes(gramOf(onSphere(small)), TAIL);
    expect(planes).toHaveLength(1);
    expect(apart(planes[0], 0, 2) / 4e-2).toBeCloseTo(1, 3);
  });
  it("has nothing to say of states far round the sphere, or on none", () => {
    expect(tangentPlanes(gramOf(onSphere([1.2, 0.5])), TAIL)).toEqual([]);
    const line = matrixOf(
      6,
      WIDTH,
      Float32Array.from({length: 6 * WIDTH}, (_, at) => (at % WIDTH === 0 ? 10 + 5 * Math.floor(at / WIDTH) : 0))
    );
    expect(tangentPlanes(gramOf(line), TAIL)).toEqual([]);
  });
});
