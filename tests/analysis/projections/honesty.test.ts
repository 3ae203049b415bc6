import {describe, expect, it} from "vitest";
import {matrixOf, type Matrix} from "../../../analysis/matrix.ts";
import {keptShares, trustPerPath} from "../../../analysis/projections/distortion.ts";
import {fitPca, transform} from "../../../analysis/projections/pca.ts";
import {matrixSource} from "../../../analysis/projections/rowSource.ts";
import {trustworthiness} from "../../../analysis/projections/trustworthiness.ts";
import {seededRandom} from "../../../analysis/random.ts";

const random = () => seededRandom(4);

describe("trustworthiness", () => {
  const line = matrixOf(7, 1, Float32Array.of(0, 1, 2.1, 3.3, 4.6, 6, 7.5));

  it("of the space itself is 1", () => {
    expect(trustworthiness(line, line, {random: random(), neighbours: 3})).toMatchObject({trustworthiness: 1, neighbours: 3});
  });

  it("of a picture with both ends of a line put together counts the ranks that came in", () => {
    // One neighbour each. Row 6 is drawn beside row 0: for row 0 it has rank 6, for row 6 row 0 has rank 6; all others stay.
    const picture = matrixOf(7, 1, Float32Array.of(0, 1, 2.1, 3.3, 4.6, 6, 0.1));
    const {trustworthiness: value, values} = trustworthiness(line, picture, {random: random(), neighbours: 1});
    // Row 1 now has row 6 nearest, of rank 6 for it as well: 1.1 to the right is row 2, 1 to the left row 0, then 3, 4, 5, 6.
    expect([...values]).toEqual([5, 5, 0, 0, 0, 0, 5].map((over) => expect.closeTo(1 - (2 * over) / (1 * (14 - 3 - 1)), 6)));
    expect(value).toBeCloseTo(1 - (2 * 15) / (7 * 10), 6);
  });

  it("of a picture drawn at random is about a half", () => {
    const next = seededRandom(9);
    const noise = (cols: number) =>
      matrixOf(
        400,
        cols,
        Float32Array.from({length: 400 * cols}, () => next())
      );
    expect(Math.abs(trustworthiness(noise(20), noise(2), {random: random()}).trustworthiness - 0.5)).toBeLessThan(0.05);
  });

  it("of a sample looks at that many rows, and is close to the whole", () => {
    const next = seededRandom(9);
    const X = matrixOf(
      600,
      3,
      Float32Array.from({length: 1800}, () => next())
    );
    const flat = matrixOf(
      600,
      2,
      X.data.filter((_, at) => at % 3 < 2)
    );
    const [whole, sample] = [600, 200].map((sampleRows) => trustworthiness(X, flat, {random: random(), sampleRows}));
    expect(sample.rows.length).toBe(200);
    expect(Math.abs(sample.trustworthiness - whole.trustworthiness)).toBeLessThan(0.02);
  });

  it.each([1, 2])("of %i rows is 1, since there is nothing to confuse", (rows) => {
    const X = matrixOf(rows, 1, new Float32Array(rows));
    expect(trustworthiness(X, X, {random: random()}).trustworthiness).toBe(1);
  });

  it("says how far a sample's figure may be from that of all rows, and nothing where all were looked at", () => {
    const next = seededRandom(9);
    const space = matrixOf(
      400,
      4,
      Float32Array.from({length: 1600}, () => next())
    );
    const picture = matrixOf(
      400,
      2,
      space.data.filter((_, at) => at % 4 < 2)
    );
    const whole = trustworthiness(space, picture, {random: random(), sampleRows: 400});
    const part = trustworthiness(space, picture, {random: random(), sampleRows: 100});
    expect(whole.standardError).toBe(0);
    expect(part.standardError).toBeGreaterThan(0);
    expect(Math.abs(part.trustworthiness - whole.trustworthiness)).toBeLessThan(4 * part.standardError);
  });

  it("refuses a picture of other rows, and more neighbours than half the rows", () => {
    expect(() => trustworthiness(line, matrixOf(1, 1, new Float32Array(1)), {random: random()})).toThrow(
      "invalid picture: 1 rows; expected 7"
    );
    expect(() => trustworthiness(line, line, {random: random(), neighbours: 4})).toThrow("invalid neighbours: 4; expected 1 to 3");
  });
});

describe("keptShares", () => {
  // Token 0 moves along x, token 1 along z, which the picture of x cannot show.
  const run = matrixOf(6, 3, Float32Array.of(-9, 1, 0, 0, 1, -1, 0, 1, 0, 0, 1, 0, 9, 1, 0, 0, 1, 1));
  const sharesOf = (X: Matrix, paths: number, components = 1) => {
    const pca = fitPca(X, {components});
    return keptShares(matrixSource(X), transform(pca, X), {mean: pca.mean, paths});
  };

  it("is 1 for a trajectory in the picture and 0 for one at right angles to it", async () => {
    const {kept, keptMotion} = await sharesOf(run, 2);
    expect([...kept, ...keptMotion]).toEqual([expect.closeTo(1, 6), expect.closeTo(0, 6), expect.closeTo(1, 6), expect.closeTo(0, 6)]);
  });

  it("tells a place that is kept from a motion that is not", async () => {
    // Both tokens move along z only, far apart along x.
    const {kept, keptMotion} = await sharesOf(matrixOf(4, 3, Float32Array.of(-9, 0, -1, 9, 0, -1, -9, 0, 1, 9, 0, 1)), 2);
    expect([...kept]).toEqual([expect.closeTo(81 / 82, 6), expect.closeTo(81 / 82, 6)]);
    expect([...keptMotion]).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)]);
  });

  it("is 1 where nothing differs", async () => {
    const {kept, keptMotion} = await sharesOf(matrixOf(2, 2, Float32Array.of(1, 2, 1, 2)), 1, 2);
    expect([...kept, ...keptMotion]).toEqual([1, 1]);
  });
});

it("trustPerPath averages over the sampled rows of each trajectory, and has no figure where there are none", () => {
  const trust = {
    trustworthiness: 0.5,
    standardError: 0,
    neighbours: 1,
    rows: Int32Array.of(0, 3, 4),
    values: Float32Array.of(1, 0.5, 0.25)
  };
  expect(trustPerPath(trust, 3)).toEqual([0.75, 0.25, undefined]);
});
