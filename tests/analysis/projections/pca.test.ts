import {describe, expect, it} from "vitest";
import {matrixOf, rowOf, type Matrix} from "../../../analysis/matrix.ts";
import {fitPca, transform} from "../../../analysis/projections/pca.ts";
import {seededRandom} from "../../../analysis/random.ts";

/** rows × cols numbers with standard deviation falling as 1/(j + 1) along column j, before an offset of 3. */
function fadingCloud(rows: number, cols: number, seed: number): Matrix {
  const random = seededRandom(seed);
  return matrixOf(
    rows,
    cols,
    Float32Array.from({length: rows * cols}, (_, at) => 3 + (random() - 0.5) / (1 + (at % cols)))
  );
}

/** The same rows seen in another orthonormal frame: a product of plane rotations. */
function rotated({rows, cols, data}: Matrix, seed: number): Matrix {
  const random = seededRandom(seed);
  const turned = Float64Array.from(data);
  for (let turn = 0; turn < 4 * cols; ++turn) {
    const [p, q] = [turn % cols, (turn + 1 + Math.floor(random() * (cols - 1))) % cols];
    if (p === q) continue;
    const angle = 2 * Math.PI * random();
    for (let i = 0; i < rows; ++i) {
      const [x, y] = [turned[i * cols + p], turned[i * cols + q]];
      turned[i * cols + p] = Math.cos(angle) * x - Math.sin(angle) * y;
      turned[i * cols + q] = Math.sin(angle) * x + Math.cos(angle) * y;
    }
  }
  return matrixOf(rows, cols, Float32Array.from(turned));
}

describe("fitPca", () => {
  it("finds the one direction of points on a line, and all of the variance on it", () => {
    const pca = fitPca(matrixOf(3, 2, Float32Array.of(0, 0, 3, -4, 6, -8)));
    expect([...rowOf(pca.axes, 0)]).toEqual([expect.closeTo(-0.6, 6), expect.closeTo(0.8, 6)]);
    expect(pca.variances).toEqual([expect.closeTo(25, 10), 0]);
    expect(pca.explained).toEqual([expect.closeTo(1, 10), 0]);
    expect([...rowOf(pca.axes, 1)]).toEqual([0, 0]);
  });

  it.each([
    [40, 9],
    [9, 40]
  ])("of a %i × %i cloud gives orthonormal axes whose scores have the stated variances", (rows, cols) => {
    const X = fadingCloud(rows, cols, 1);
    const pca = fitPca(X, {components: 5});
    const scores = transform(pca, X);
    for (let a = 0; a < 5; ++a) {
      for (let b = 0; b < 5; ++b) {
        let inner = 0;
        let covariance = 0;
        for (let j = 0; j < cols; ++j) inner += pca.axes.data[a * cols + j] * pca.axes.data[b * cols + j];
        for (let i = 0; i < rows; ++i) covariance += (scores.data[i * 5 + a] * scores.data[i * 5 + b]) / (rows - 1);
        expect(inner).toBeCloseTo(a === b ? 1 : 0, 5);
        expect(covariance).toBeCloseTo(a === b ? pca.variances[a] : 0, 5);
      }
    }
  });

  it.each([
    [30, 7],
    [7, 30]
  ])("of a %i × %i cloud makes the largest entry of every axis positive", (rows, cols) => {
    const {axes} = fitPca(fadingCloud(rows, cols, 2), {components: 4});
    for (let k = 0; k < 4; ++k) {
      const axis = [...rowOf(axes, k)];
      expect(Math.max(...axis)).toBe(Math.max(...axis.map(Math.abs)));
    }
  });

  it("gives the same bytes twice", () => {
    const [a, b] = [fitPca(fadingCloud(20, 50, 3)), fitPca(fadingCloud(20, 50, 3))];
    expect(Buffer.from(a.axes.data.buffer).equals(Buffer.from(b.axes.data.buffer))).toBe(true);
    expect(a.variances).toEqual(b.variances);
  });

  it.each([
    [60, 12],
    [12, 60]
  ])("of a %i × %i cloud keeps its variances when the space is turned", (rows, cols) => {
    const X = fadingCloud(rows, cols, 4);
    const [straight, turned] = [fitPca(X, {components: 6}), fitPca(rotated(X, 5), {components: 6})];
    for (let k = 0; k < 6; ++k) expect(turned.variances[k] / straight.variances[k]).toBeCloseTo(1, 5);
  });

  it("of one row has no variance, no axes, and no division by zero", () => {
    const pca = fitPca(matrixOf(1, 3, Float32Array.of(1, 2, 3)));
    expect(pca).toMatchObject({variances: [0, 0], explained: [0, 0], totalVariance: 0, fittedOn: 1});
    expect([...pca.axes.data]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...pca.mean]).toEqual([1, 2, 3]);
  });

  it.each([
    [7, 3],
    [3, 7]
  ])("of %i equal rows of %i numbers explains nothing and draws every row at the origin", (rows, cols) => {
    const X = matrixOf(
      rows,
      cols,
      Float32Array.from({length: rows * cols}, (_, at) => 0.1 * ((at % cols) + 1))
    );
    const pca = fitPca(X);
    expect(pca).toMatchObject({variances: [0, 0], explained: [0, 0], totalVariance: 0});
    expect([...transform(pca, X).data].every((x) => x === 0)).toBe(true);
  });

  it.each([0, 4, 1.5, NaN])("refuses %d components of three columns", (components) => {
    expect(() => fitPca(fadingCloud(5, 3, 6), {components})).toThrow(`invalid components: ${components}; expected 1 to 3`);
  });

  it("refuses a number that is not finite, and says where it is", () => {
    expect(() => fitPca(matrixOf(2, 2, Float32Array.of(1, 2, 3, NaN)))).toThrow("invalid row 1: NaN; expected finite numbers");
  });

  it("refuses an empty matrix", () => {
    expect(() => fitPca(matrixOf(0, 2, new Float32Array(0)))).toThrow("invalid matrix: 0 × 2");
  });
});

it("transform refuses rows of another width", () => {
  expect(() => transform(fitPca(fadingCloud(5, 3, 7)), fadingCloud(5, 4, 7))).toThrow("invalid row width: 4; the basis has 3 columns");
});
