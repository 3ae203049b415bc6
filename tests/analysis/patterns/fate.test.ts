import {describe, expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../analysis/matrix.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {toBfloat16} from "../../../analysis/patterns/path/rounding.ts";
import {fateOf} from "../../bench/fate.ts";
import {gaussianOf} from "../../support/gaussian.ts";

const WIDTH = 16;
const SEEN = 65;
const END = 256;

const gaussian = gaussianOf(seededRandom(5));
const drawn = (): number[] => Array.from({length: WIDTH}, gaussian);
const place = drawn();
const [across, up] = [drawn(), drawn()];
/** States by step, the place that all is about, and so much along two directions. */
const states = (rows: number, from: number, at: (t: number) => readonly [number, number]): Matrix =>
  matrixOf(
    rows,
    WIDTH,
    Float32Array.from({length: rows * WIDTH}, (_, i) => {
      const [a, b] = at(from + Math.floor(i / WIDTH));
      return place[i % WIDTH] + a * across[i % WIDTH] + b * up[i % WIDTH];
    })
  );
const noise = (rows: number): Matrix => matrixOf(rows, WIDTH, Float32Array.from({length: rows * WIDTH}, gaussian));
const course = (at: (t: number) => readonly [number, number]) => ({seen: states(SEEN, 0, at), end: states(END, 1000, at)});
const turning = (turns: number) => course((t) => [Math.cos(2 * Math.PI * turns * t), Math.sin(2 * Math.PI * turns * t)]);

describe("fateOf", () => {
  it("a path that comes to one place and stays there rests", () => {
    expect(
      fateOf(
        course((t) => [0.7 ** t, -(0.8 ** t)]),
        "float32"
      )
    ).toMatchObject({name: "rests", gap: 0});
  });
  it("one that is still far from it when the window ends rests later", () => {
    expect(
      fateOf(
        course((t) => [0.98 ** t, 0]),
        "float32"
      ).name
    ).toBe("rests later");
    expect(fateOf({seen: noise(SEEN), end: states(END, 0, () => [0, 0])}, "float32").name).toBe("rests later");
  });
  it.each([2, 3, 5, 21])("one that comes round every %i steps is on a cycle of that period", (period) => {
    expect(fateOf(turning(1 / period), "float32")).toMatchObject({name: "cycle", period});
  });
  it("a cycle of which less than three rounds are seen, or none, is one that comes later", () => {
    expect(fateOf(turning(1 / 22), "float32")).toMatchObject({name: "cycle later", period: 22});
    expect(fateOf({...turning(1 / 5), seen: noise(SEEN)}, "float32")).toMatchObject({name: "cycle later", period: 5});
  });
  it("a turn by an angle that is no fraction of a turn comes near itself, and closes never", () => {
    const {name, gap} = fateOf(turning((Math.sqrt(5) - 1) / 2), "float32");
    expect(name).toBe("near a cycle");
    expect(gap).toBeLessThan(0.05);
  });
  it("what creeps on is slow, and what comes back to nothing wanders", () => {
    expect(
      fateOf(
        course((t) => [t / 100, 0]),
        "float32"
      ).name
    ).toBe("slow");
    expect(fateOf({seen: noise(SEEN), end: noise(END)}, "float32")).toMatchObject({name: "wanders"});
  });
  it("flips of a few floors are rounding's in bfloat16, and a cycle in float32", () => {
    const flips = (ulps: number) => {
      const flipped = (rows: number): Matrix =>
        matrixOf(
          rows,
          WIDTH,
          Float32Array.from({length: rows * WIDTH}, (_, i) => 1 + ((Math.floor(i / WIDTH) % 2) * ulps) / 128)
        );
      return {seen: flipped(SEEN), end: flipped(END)};
    };
    expect(flips(2).end.data).toEqual(toBfloat16(flips(2).end.data));
    expect(fateOf(flips(1), "bfloat16").name).toBe("rests");
    expect(fateOf(flips(2), "bfloat16").name).toBe("within rounding");
    expect(fateOf(flips(3), "bfloat16")).toMatchObject({name: "cycle", period: 2});
    expect(fateOf(flips(1), "float32")).toMatchObject({name: "cycle", period: 2});
  });
  it("its size is that of its end, over the way there", () => {
    const {size} = fateOf(
      course((t) => [0.5 ** t, 0.01 * (-1) ** t]),
      "float32"
    );
    const norm = (v: readonly number[]): number => Math.hypot(...v);
    expect(size / ((0.01 * norm(up)) / norm(across.map((x, k) => x + 0.01 * up[k])))).toBeCloseTo(1, 3);
  });
});
