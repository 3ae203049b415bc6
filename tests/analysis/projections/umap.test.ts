import {describe, expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../analysis/matrix.ts";
import {matrixSource} from "../../../analysis/projections/rowSource.ts";
import {MOST_UMAP_ROWS, umapProjection, type UmapOptions} from "../../../analysis/projections/umap.ts";
import {umapEngines} from "../../../analysis/projections/umapLayout.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {waveMatrix} from "../../support/waveMatrix.ts";

/** Three clouds of `size` rows each, far apart, in `cols` dimensions; row i is of cloud i mod 3. */
function threeClouds(size: number, cols: number): Matrix {
  const random = seededRandom(1);
  return matrixOf(
    3 * size,
    cols,
    Float32Array.from({length: 3 * size * cols}, (_, at) => random() + (at % cols === Math.floor(at / cols) % 3 ? 20 : 0))
  );
}

const project = (X: Matrix, options: Partial<UmapOptions> = {}) => umapProjection(matrixSource(X), {seed: 1, ...options});
const allFinite = (X: Matrix) => X.data.every(Number.isFinite);

describe.each(umapEngines)("umapProjection with %s", (engine) => {
  it("keeps three clouds apart, and says that the picture can be trusted", async () => {
    const {points, trust} = await project(threeClouds(60, 70), {engine});
    const nearest = (i: number): number => {
      const [x, y] = points.data.subarray(2 * i, 2 * i + 2);
      const distances = Array.from({length: points.rows}, (_, j) =>
        j === i ? Infinity : Math.hypot(points.data[2 * j] - x, points.data[2 * j + 1] - y)
      );
      return distances.indexOf(Math.min(...distances));
    };
    for (let i = 0; i < points.rows; ++i) expect(nearest(i) % 3).toBe(i % 3);
    expect(trust.trustworthiness).toBeGreaterThan(0.75);
    expect(trust.rows.length).toBe(180);
  });

  it("gives the same bytes twice, and others for another seed", async () => {
    const X = threeClouds(20, 8);
    const [a, b, c] = await Promise.all([project(X, {engine}), project(X, {engine}), project(X, {engine, seed: 2})]);
    expect(Buffer.from(a.points.data.buffer).equals(Buffer.from(b.points.data.buffer))).toBe(true);
    expect(a.points.data).not.toEqual(c.points.data);
  });

  it.each([5, 16])("of %i rows has a picture", async (rows) => {
    const {points, neighbours} = await project(waveMatrix(rows, 3), {engine});
    expect(points).toMatchObject({rows, cols: 2});
    expect(allFinite(points)).toBe(true);
    expect(neighbours).toBe(Math.min(15, rows - 1));
  });

  it("of rows whose squares are beyond float32 has a picture that can be trusted", async () => {
    const {cols, data} = threeClouds(60, 8);
    const {points, trust} = await project(
      matrixOf(
        180,
        cols,
        data.map((x) => 2 ** 122 * x)
      ),
      {engine}
    );
    expect(allFinite(points)).toBe(true);
    expect(trust.trustworthiness).toBeGreaterThan(0.75);
  });

  it("of equal rows has a picture", async () => {
    const {points, reducedShare} = await project(matrixOf(90, 4, new Float32Array(360).fill(3)), {engine});
    expect(allFinite(points)).toBe(true);
    expect(reducedShare).toBe(0);
  });

  it("of many duplicates has a picture", async () => {
    const X = threeClouds(40, 5);
    X.data.copyWithin(15, 0, 15 * 30); // thirty times the same three rows
    expect(allFinite((await project(X, {engine})).points)).toBe(true);
  });

  it("draws in three dimensions", async () => {
    expect((await project(threeClouds(10, 5), {engine, dims: 3})).points).toMatchObject({rows: 30, cols: 3});
  });
});

describe("umapProjection", () => {
  it("of many rows uses the flat arrays, and of few umap-js", async () => {
    expect((await project(threeClouds(400, 4))).engine).toBe("flat");
    expect(await project(threeClouds(10, 4))).toMatchObject({engine: "umap-js", neighbourRecall: 1});
  });

  it.each([1, 2, 4])("of %i rows shows their principal components", async (rows) => {
    expect(await project(waveMatrix(rows, 3))).toMatchObject({engine: "pca", neighbours: 0, points: {rows, cols: 2}});
  });

  it("tells progress that never falls and ends at 1", async () => {
    const told: number[] = [];
    await project(threeClouds(100, 60), {engine: "flat", progress: (share) => told.push(share)});
    expect(told.every((share, i) => i === 0 || share >= told[i - 1])).toBe(true);
    expect(told.at(-1)).toBe(1);
  });

  it.each([0, 0.15, 0.35])("ends with the signal's reason when stopped after a share of %d", async (after) => {
    const controller = new AbortController();
    const drawing = project(threeClouds(700, 60), {
      signal: controller.signal,
      progress: (share) => share >= after && controller.abort(new Error("enough"))
    });
    await expect(drawing).rejects.toThrow("enough");
  });

  it("does nothing for a signal that has fired", async () => {
    await expect(project(threeClouds(10, 4), {signal: AbortSignal.abort(new Error("too late"))})).rejects.toThrow("too late");
  });

  it("refuses more rows than fit, with both numbers, before it reads any", async () => {
    const source = {rows: MOST_UMAP_ROWS + 1, cols: 4, read: () => Promise.reject(new Error("was read"))};
    await expect(umapProjection(source, {seed: 1})).rejects.toThrow(
      /^too many states for UMAP: 1000001, which would take \d\.\d GB of memory; at most 1000000, in \d\.\d GB; PCA takes any number$/
    );
  });

  it.each([
    [{seed: 0.5}, "invalid seed: 0.5; expected a whole number"],
    [{neighbours: 1}, "invalid neighbours: 1; expected 2 to 200"],
    [{minDist: -1}, "invalid minDist: -1; expected 0 to less than 3"],
    [{dims: 4}, "invalid dims: 4; expected 2 or 3"]
  ])("refuses %o", async (options, message) => {
    await expect(project(threeClouds(10, 4), options)).rejects.toThrow(message);
  });
});
