import {randomNormal} from "d3-random";
import {describe, expect, it} from "vitest";
import {matrixOf, rowOf, type Matrix} from "../../../analysis/matrix.ts";
import {fitPca, transform} from "../../../analysis/projections/pca.ts";
import {blocksOf, centredSource, matrixSource, type RowSource} from "../../../analysis/projections/rowSource.ts";
import {fitPcaSource, mostPasses} from "../../../analysis/projections/sourcePca.ts";
import {transformSource} from "../../../analysis/projections/transformSource.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {waveMatrix} from "../../support/waveMatrix.ts";

const random = () => seededRandom(7);

/** Column j has standard deviation about 1/(1 + j) around `mean`. */
function fadingRows(rows: number, cols: number, mean = 5): Matrix {
  const next = seededRandom(3);
  return matrixOf(
    rows,
    cols,
    Float32Array.from({length: rows * cols}, (_, at) => mean + (next() - 0.5) / (1 + (at % cols)))
  );
}

/** Column j has standard deviation (1 + j)^-power, mixed so that no axis is a column. */
function powerRows(rows: number, cols: number, power: number): Matrix {
  const normal = randomNormal.source(seededRandom(3))();
  const data = Float32Array.from({length: rows * cols}, (_, at) => normal() / (1 + (at % cols)) ** power);
  for (let row = 0; row < rows; ++row)
    for (let j = 0; 2 * j + 1 < cols; ++j) {
      const [a, b] = [data[row * cols + j], data[row * cols + cols - 1 - j]];
      data[row * cols + j] = 0.8 * a - 0.6 * b;
      data[row * cols + cols - 1 - j] = 0.6 * a + 0.8 * b;
    }
  return matrixOf(rows, cols, data);
}

/** A source that hands out copies in the buffer it is given, as a file does. */
const copyingSource = (X: Matrix): RowSource => ({
  rows: X.rows,
  cols: X.cols,
  async read(start, count, into) {
    into.set(X.data.subarray(start * X.cols, (start + count) * X.cols));
    return into.subarray(0, count * X.cols);
  }
});

describe("fitPcaSource", () => {
  it.each([
    [300, 40, 5],
    [30, 80, 5],
    [9000, 24, 5],
    [9000, 24, 0]
  ])("of %i × %i rows about %i finds what the exact form finds", async (rows, cols, mean) => {
    const X = fadingRows(rows, cols, mean);
    const [exact, streamed] = [
      fitPca(X, {components: 4}),
      await fitPcaSource(copyingSource(X), {components: 4, random: random(), tolerance: 1e-5, maxPasses: 30})
    ];
    for (let k = 0; k < 4; ++k) {
      expect(streamed.variances[k] / exact.variances[k]).toBeCloseTo(1, 5);
      rowOf(streamed.axes, k).forEach((x, j) => expect(Math.abs(x - rowOf(exact.axes, k)[j])).toBeLessThan(1e-4));
    }
    expect(streamed.totalVariance / exact.totalVariance).toBeCloseTo(1, 5);
    streamed.mean.forEach((x, j) => expect(x).toBeCloseTo(exact.mean[j], 5));
  });

  it.each([
    [0.5, 1],
    [0.5, 2],
    [0.5, 3],
    [1, 1],
    [1, 2],
    [2, 1]
  ])("of deviations that fall like j^-%s stays within the error that it states after %i passes", async (power, maxPasses) => {
    const X = powerRows(2500, 400, power);
    const exact = fitPca(X, {components: 4});
    const early = await fitPcaSource(matrixSource(X), {components: 4, random: random(), maxPasses});
    expect(early.passes).toBeLessThanOrEqual(maxPasses);
    for (let k = 0; k < 4; ++k) {
      const inner = rowOf(early.axes, k).reduce((sum, x, j) => sum + x * rowOf(exact.axes, k)[j], 0);
      expect(Math.sqrt(Math.max(0, 2 - 2 * Math.abs(inner)))).toBeLessThan(early.axisErrors[k] + 5e-4); // what float32 leaves of 1 − cos
      expect(Math.abs(early.variances[k] / exact.variances[k] - 1)).toBeLessThan(early.varianceErrors[k] + 1e-6);
    }
  });

  it("goes on until the angle is small enough", async () => {
    const X = powerRows(2500, 400, 0.5);
    const [one, more] = [
      await fitPcaSource(matrixSource(X), {components: 4, random: random(), maxPasses: 1}),
      await fitPcaSource(matrixSource(X), {components: 4, random: random(), maxPasses: 30})
    ];
    expect(Math.max(...one.axisErrors)).toBeGreaterThan(1e-4);
    expect(Math.max(...more.axisErrors)).toBeLessThanOrEqual(1e-4);
    expect(more.passes).toBeLessThan(30);
  });

  it("takes the rows of its first pass in any order, and reads none of them again where one pass is enough", async () => {
    const X = fadingRows(90, 12);
    const blocks = [60, 0, 30].map((start) => ({start, count: 30, data: X.data.subarray(start * 12, (start + 30) * 12)}));
    const firstRead = (async function* () {
      yield* blocks;
    })();
    let read = 0;
    const source: RowSource = {
      ...copyingSource(X),
      read: (start, count, into) => ((read += count), copyingSource(X).read(start, count, into))
    };
    const options = {components: 3, random: random(), scores: true};
    const pca = await fitPcaSource(source, {...options, firstRead});
    const expected = transform(fitPca(X, {components: 3}), X);
    pca.scores!.data.forEach((x, at) => expect(Math.abs(x - expected.data[at])).toBeLessThan(1e-4));
    expect(read).toBe(1); // a point near the mean
  });

  it("reads rows of more than two gibibytes once, and others six times at most", () => {
    expect(mostPasses({rows: 2 ** 20, cols: 512})).toBe(6);
    expect(mostPasses({rows: 2 ** 20, cols: 513})).toBe(1);
  });

  it("gives scores without another pass that equal the transform", async () => {
    const X = fadingRows(500, 60);
    const pca = await fitPcaSource(matrixSource(X), {components: 3, random: random(), scores: true, maxPasses: 12});
    const expected = transform(pca, X);
    pca.scores!.data.forEach((x, at) => expect(Math.abs(x - expected.data[at])).toBeLessThan(1e-4));
  });

  it("gives the same bytes twice", async () => {
    const [a, b] = await Promise.all([0, 1].map(() => fitPcaSource(matrixSource(fadingRows(400, 90)), {components: 3, random: random()})));
    expect(Buffer.from(a.axes.data.buffer).equals(Buffer.from(b.axes.data.buffer))).toBe(true);
    expect(a.variances).toEqual(b.variances);
  });

  it("keeps a small motion about a large common mean", async () => {
    const X = fadingRows(300, 50);
    const far = matrixOf(
      300,
      50,
      X.data.map((x) => x + 1000)
    );
    const near = await fitPcaSource(
      matrixSource(
        matrixOf(
          300,
          50,
          far.data.map((x) => x - 1000)
        )
      ),
      {random: random()}
    );
    const pca = await fitPcaSource(matrixSource(far), {random: random()});
    for (const k of [0, 1]) expect(pca.variances[k] / near.variances[k]).toBeCloseTo(1, 4);
  });

  it.each([
    [1, 5],
    [8, 5],
    [5, 8],
    [9000, 5]
  ])("of %i equal rows of %i numbers explains nothing", async (rows, cols) => {
    const X = matrixOf(
      rows,
      cols,
      Float32Array.from({length: rows * cols}, (_, at) => 0.1 * ((at % cols) + 1))
    );
    const pca = await fitPcaSource(matrixSource(X), {random: random(), scores: true});
    expect(pca).toMatchObject({variances: [0, 0], explained: [0, 0], totalVariance: 0, axisErrors: [0, 0]});
    expect([...pca.axes.data, ...pca.scores!.data].every((x) => x === 0)).toBe(true);
  });

  it("of points on a line leaves the second axis empty", async () => {
    const pca = await fitPcaSource(matrixSource(matrixOf(3, 2, Float32Array.of(0, 0, 3, -4, 6, -8))), {random: random()});
    expect([...pca.axes.data]).toEqual([expect.closeTo(-0.6, 6), expect.closeTo(0.8, 6), 0, 0]);
  });

  it("says so when two variances are equal and the axes in their plane are arbitrary", async () => {
    const circle = matrixOf(
      64,
      2,
      Float32Array.from({length: 128}, (_, at) => (at % 2 ? Math.sin : Math.cos)((2 * Math.PI * Math.floor(at / 2)) / 64))
    );
    const pca = await fitPcaSource(matrixSource(circle), {random: random()});
    expect(pca.explained).toEqual([expect.closeTo(0.5, 5), expect.closeTo(0.5, 5)]);
  });

  it("refuses a number that is not finite, and says where", async () => {
    const X = waveMatrix(10, 4);
    X.data[17] = NaN;
    await expect(fitPcaSource(matrixSource(X), {random: random()})).rejects.toThrow("invalid rows 0 to 9: not all finite");
  });

  it.each([10, 9000])(
    "of %d rows whose squares are beyond float32 gives what it gives of them in a larger unit, having read all in its first pass",
    async (rows) => {
      const X = fadingRows(rows, 40, 0);
      const UNIT = 2 ** 126;
      const large = matrixSource(
        matrixOf(
          rows,
          40,
          X.data.map((x) => UNIT * x)
        )
      );
      const read: number[] = [];
      async function* watched() {
        for await (const block of blocksOf(large, {blockRows: 4500})) {
          read.push(block.start);
          yield block;
        }
      }
      const own = await fitPcaSource(matrixSource(X), {random: random(), scores: true});
      const pca = await fitPcaSource(large, {random: random(), scores: true, firstRead: watched()});
      expect(read).toEqual(rows > 4500 ? [0, 4500] : [0]);
      expect(rowOf(pca.axes, 0).reduce((sum, x, j) => sum + x * rowOf(own.axes, 0)[j], 0)).toBeCloseTo(1, 5);
      expect(pca.variances[0] / UNIT ** 2 / own.variances[0]).toBeCloseTo(1, 5);
      expect(pca.totalVariance / UNIT ** 2 / own.totalVariance).toBeCloseTo(1, 5);
      expect(pca.scores!.data[0] / UNIT).toBeCloseTo(own.scores!.data[0], 3);
    }
  );

  it("stops with the signal's reason", async () => {
    const controller = new AbortController();
    const X = fadingRows(6000, 900); // several blocks
    const fit = fitPcaSource(matrixSource(X), {
      random: random(),
      signal: controller.signal,
      progress: () => controller.abort(new Error("enough"))
    });
    await expect(fit).rejects.toThrow("enough");
  });

  it("passes on the error of a source that fails", async () => {
    const source = {rows: 10, cols: 3, read: async () => Promise.reject(new Error("disk gone"))};
    await expect(fitPcaSource(source, {random: random()})).rejects.toThrow("disk gone");
  });
});

describe("transformSource", () => {
  it("gives the scores that transform gives", async () => {
    const X = fadingRows(500, 60);
    const pca = fitPca(X, {components: 3});
    const expected = transform(pca, X);
    (await transformSource(pca, copyingSource(X))).data.forEach((x, at) => expect(Math.abs(x - expected.data[at])).toBeLessThan(1e-5));
  });

  it("refuses rows of another width", async () => {
    await expect(transformSource(fitPca(waveMatrix(9, 4)), matrixSource(waveMatrix(3, 5)))).rejects.toThrow(
      "invalid row width: 5; the basis has 4 columns"
    );
  });
});

describe("blocksOf", () => {
  it("covers all rows once, in order, with a short last block", async () => {
    const X = waveMatrix(10, 3);
    const seen: number[] = [];
    for await (const {start, count, data} of blocksOf(copyingSource(X), {blockRows: 4})) {
      expect(data.length).toBe(count * 3);
      expect(start).toBe(seen.length / 3);
      seen.push(...data);
    }
    expect(seen).toEqual([...X.data]);
  });
});

describe("centredSource", () => {
  it("moves every trajectory to its own mean", async () => {
    const X = matrixOf(6, 1, Float32Array.of(0, 10, 1, 12, 2, 14)); // two trajectories take turns
    const source = await centredSource(copyingSource(X), {paths: 2});
    expect([...(await source.read(0, 6, new Float32Array(6)))]).toEqual([-1, -2, 0, 0, 1, 2]);
    expect([...(await source.read(3, 2, new Float32Array(2)))]).toEqual([0, 1]);
  });

  it("moves one with states that are not finite to the mean of the others", async () => {
    const X = matrixOf(8, 1, Float32Array.of(0, 10, 1, 12, 2, Infinity, NaN, 14));
    const source = await centredSource(copyingSource(X), {paths: 2});
    expect([...(await source.read(0, 8, new Float32Array(8)))]).toEqual([-1, -2, 0, 0, 1, Infinity, NaN, 2]);
  });

  it("refuses rows that are not whole steps", async () => {
    await expect(centredSource(matrixSource(waveMatrix(5, 2)), {paths: 2})).rejects.toThrow(
      "invalid paths: 2; expected a divisor of 5 rows"
    );
  });
});
