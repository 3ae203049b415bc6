import {describe, expect, it} from "vitest";
import {distance, matrixOf, rowOf, type Matrix} from "../../../analysis/matrix.ts";
import {fuzzyGraph} from "../../../analysis/projections/fuzzyGraph.ts";
import {fittedCurve, layoutCurve, tabulated} from "../../../analysis/projections/layoutCurve.ts";
import {nearNeighbours} from "../../../analysis/projections/nearNeighbours.ts";
import {nearestNeighbours} from "../../../analysis/projections/neighbours.ts";
import {partition} from "../../../analysis/projections/partitionTree.ts";
import {seededRandom} from "../../../analysis/random.ts";

function cloud(rows: number, cols: number, offset = 0): Matrix {
  const random = seededRandom(rows);
  return matrixOf(
    rows,
    cols,
    Float32Array.from({length: rows * cols}, () => offset + random())
  );
}

describe("nearestNeighbours", () => {
  it("of points on a line are the points beside them", async () => {
    const line = matrixOf(5, 1, Float32Array.of(0, 1, 3, 6, 10));
    const {indices, distances} = await nearestNeighbours(line, {count: 3});
    expect([...indices]).toEqual([0, 1, 2, 1, 0, 2, 2, 1, 0, 3, 2, 4, 4, 3, 2]);
    expect([...distances]).toEqual([0, 1, 3, 0, 1, 2, 0, 2, 3, 0, 3, 4, 0, 4, 7]);
  });

  it.each([0, 50])("of a cloud %i away from the origin are the exact ones", async (offset) => {
    const X = cloud(300, 6, offset);
    const {indices} = await nearestNeighbours(X, {count: 7});
    for (let i = 0; i < X.rows; ++i) {
      const order = [...Array(X.rows).keys()].sort(
        (a, b) => distance(rowOf(X, i), rowOf(X, a)) - distance(rowOf(X, i), rowOf(X, b)) || a - b
      );
      expect([...indices.subarray(7 * i, 7 * i + 7)]).toEqual(order.slice(0, 7));
    }
  });

  it("of equal rows begin with the row itself", async () => {
    const {indices, distances} = await nearestNeighbours(matrixOf(40, 2, new Float32Array(80).fill(1)), {count: 5});
    for (let i = 0; i < 40; ++i) expect(indices[5 * i]).toBe(i);
    expect(distances.every((d) => d === 0)).toBe(true);
  });

  it("refuses more neighbours than rows", async () => {
    await expect(nearestNeighbours(cloud(4, 2), {count: 5})).rejects.toThrow("invalid count: 5; expected 1 to 4");
  });

  it("of some rows are those of them among all", async () => {
    const X = cloud(60, 4);
    const [all, some] = [await nearestNeighbours(X, {count: 3}), await nearestNeighbours(X, {count: 3, of: Int32Array.of(41, 7)})];
    expect([...some.indices]).toEqual([...all.indices.subarray(123, 126), ...all.indices.subarray(21, 24)]);
  });
});

describe("partition", () => {
  it.each([
    ["a cloud", cloud(1000, 5)],
    ["equal rows", matrixOf(1000, 2, new Float32Array(2000).fill(3))]
  ])("of %s has every row once, and leaves of even size", (_, X) => {
    const leaves = partition(X, {leafRows: 100, random: seededRandom(1)});
    expect(leaves.flatMap((leaf) => [...leaf]).sort((a, b) => a - b)).toEqual([...Array(1000).keys()]);
    expect(leaves.map((leaf) => leaf.length)).toEqual(
      Array.from({length: 16}, () => expect.toSatisfy((n: number) => n === 62 || n === 63))
    );
  });

  it("puts clouds that lie apart into leaves of their own", () => {
    const X = matrixOf(
      400,
      1,
      Float32Array.from({length: 400}, (_, i) => (i % 4) * 10 + i / 1000)
    );
    for (const leaf of partition(X, {leafRows: 100, random: seededRandom(1)})) expect(new Set(Array.from(leaf, (i) => i % 4)).size).toBe(1);
  });
});

describe("nearNeighbours", () => {
  const near = (X: Matrix, seed = 1) => nearNeighbours(X, {count: 8, random: seededRandom(seed)});

  it.each([0, 1000])("of a cloud %i away from the origin are nearly all the exact ones, at their distances", async (offset) => {
    const X = cloud(1500, 8, offset);
    const {indices, distances} = await near(X);
    let hits = 0;
    for (let i = 0; i < X.rows; i += 50) {
      const all = Array.from({length: X.rows}, (_, j) => distance(rowOf(X, i), rowOf(X, j)));
      const furthest = [...all].sort((a, b) => a - b)[7];
      expect(indices[8 * i]).toBe(i);
      for (let at = 8 * i; at < 8 * (i + 1); ++at) {
        expect(distances[at]).toBe(Math.fround(all[indices[at]]));
        hits += Number(all[indices[at]] <= furthest);
      }
    }
    expect(hits / (30 * 8)).toBeGreaterThan(0.98);
  });

  it("of equal rows are any others, at no distance", async () => {
    const {indices, distances} = await near(matrixOf(1300, 3, new Float32Array(3900).fill(2)));
    expect(distances.every((d) => d === 0)).toBe(true);
    for (let i = 0; i < 1300; ++i) expect(new Set(indices.subarray(8 * i, 8 * i + 8)).size).toBe(8);
  });

  it("are the same bytes twice", async () => {
    const X = cloud(1100, 6);
    expect(await near(X, 5)).toEqual(await near(X, 5));
  });

  it("ends with the signal's reason", async () => {
    const controller = new AbortController();
    const progress = () => controller.abort(new Error("enough"));
    await expect(nearNeighbours(cloud(2000, 4), {count: 5, random: seededRandom(1), progress, signal: controller.signal})).rejects.toThrow(
      "enough"
    );
  });
});

describe("fuzzyGraph", () => {
  it("names every pair once, with weights of at most 1, and a nearest neighbour of both with 1", async () => {
    const graph = fuzzyGraph(await nearestNeighbours(cloud(200, 3), {count: 10}));
    const pairs = Array.from(graph.heads, (head, e) => [Math.min(head, graph.tails[e]), Math.max(head, graph.tails[e])].join());
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(graph.weights.every((w) => w > 0 && w <= 1)).toBe(true);
    expect(Math.max(...graph.weights)).toBe(1);
  });

  it("weighs equal rows with 1", async () => {
    const graph = fuzzyGraph(await nearestNeighbours(matrixOf(6, 1, new Float32Array(6)), {count: 3}));
    expect(graph.weights.every((w) => w === 1)).toBe(true);
  });
});

describe("the layout's curve", () => {
  it.each([
    [0.1, 1.5769, 0.8951],
    [0.5, 0.583, 1.3342]
  ])("for a least distance of %d has umap-learn's a and b", (minDist, a, b) => {
    const fitted = fittedCurve(minDist);
    expect(fitted.a).toBeCloseTo(a, 3);
    expect(fitted.b).toBeCloseTo(b, 3);
  });

  it("as a table is within 0.3 % of itself", () => {
    const {attraction, repulsion} = layoutCurve({minDist: 0.1});
    for (const f of [attraction, repulsion]) {
      const table = tabulated(f);
      for (let x = 1e-6; x < 1e4; x *= 1.0137) expect(Math.abs(table(x) / f(x) - 1)).toBeLessThan(0.003);
    }
  });

  it("as a table answers below and above its range", () => {
    const table = tabulated((x) => x);
    expect(table(0)).toBeCloseTo(0, 8);
    expect(table(1e30)).toBeCloseTo(2 ** 20, -4);
  });
});
