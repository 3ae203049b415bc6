import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {matrixOf, rowOf, type Matrix} from "../../../analysis/matrix.ts";
import {fitPca, transform, type Pca} from "../../../analysis/projections/pca.ts";
import {matrixSource} from "../../../analysis/projections/rowSource.ts";
import {fitPcaSource} from "../../../analysis/projections/sourcePca.ts";
import {trustworthiness} from "../../../analysis/projections/trustworthiness.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {goldenModels, hasWholeGolden, wholeGolden} from "../../support/golden.ts";
import {pythonWith} from "../../support/python.ts";
import {waveMatrix} from "../../support/waveMatrix.ts";

interface PcaReference {
  readonly rows: number;
  readonly cols: number;
  readonly variances: readonly number[];
  readonly explained: readonly number[];
  readonly axes: readonly (readonly number[])[];
}

interface TrustReference {
  readonly rows: number;
  readonly cols: number;
  readonly shown: readonly number[];
  readonly neighbours: number;
  readonly value: number;
}

interface References {
  readonly pca: readonly PcaReference[];
  readonly trustworthiness: readonly TrustReference[];
}

const TOLERANCE = 1e-4;

/** The largest difference of an axis to the reference's, whose signs are free. */
function axisGap(axes: Matrix, expected: readonly ArrayLike<number>[]): number {
  return Math.max(
    ...expected.map((axis, k) => {
      const ours = rowOf(axes, k);
      let inner = 0;
      for (let j = 0; j < ours.length; ++j) inner += ours[j] * axis[j];
      const sign = Math.sign(inner);
      return Math.max(...ours.map((x, j) => Math.abs(sign * x - axis[j])));
    })
  );
}

async function expectSamePca({rows, cols, variances, explained, axes}: PcaReference): Promise<void> {
  const X = waveMatrix(rows, cols);
  const components = axes.length;
  const fits: Pca[] = [fitPca(X, {components}), await fitPcaSource(matrixSource(X), {components, random: seededRandom(1)})];
  for (const pca of fits) {
    expect(axisGap(pca.axes, axes)).toBeLessThan(TOLERANCE);
    pca.variances.forEach((v, k) => expect(Math.abs(v / variances[k] - 1)).toBeLessThan(TOLERANCE));
    pca.explained.forEach((share, k) => expect(share).toBeCloseTo(explained[k], 5));
  }
}

const python = pythonWith("sklearn", "numpy");
const textOf = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

function expectSameTrust({rows, cols, shown, neighbours, value}: TrustReference): void {
  const X = waveMatrix(rows, cols);
  const picture = matrixOf(
    rows,
    shown.length,
    Float32Array.from({length: rows * shown.length}, (_, at) => X.data[Math.floor(at / shown.length) * cols + shown[at % shown.length]])
  );
  expect(trustworthiness(X, picture, {random: seededRandom(1), neighbours}).trustworthiness).toBeCloseTo(value, 6);
}

describe("scikit-learn", () => {
  const stored = JSON.parse(textOf("../../../fixtures/reference/sklearn.json")) as References;

  it.each(stored.pca)("gave the stored PCA of a $rows × $cols matrix, by full SVD, and so do we", (reference) => expectSamePca(reference));

  it.each(stored.trustworthiness)("gave the stored trustworthiness of columns $shown, and so do we", (reference) =>
    expectSameTrust(reference)
  );

  it.skipIf(!python)("as it runs here agrees on the same matrices", async () => {
    const live = JSON.parse(python!(textOf("../../support/sklearnReference.py"))) as References;
    for (const reference of live.pca) await expectSamePca(reference);
    live.trustworthiness.forEach(expectSameTrust);
  });
});

if (!hasWholeGolden) console.log("skipped: the PCA of the reference model's states; ../shared/golden is missing");

describe.skipIf(!hasWholeGolden)("the PCA of the reference model's states", () => {
  it.each(goldenModels)("%s is found again, axes, variances and scores", async (model) => {
    const file = await openSafetensors(`${wholeGolden}/${model}/pca.safetensors`);
    const read = (name: string) => file.readFloats(name);
    const [latents, components, variances, proj] = await Promise.all(["latents", "components", "explained_variance", "proj"].map(read));
    const cols = components.length / 6;
    const X = matrixOf(latents.length / cols, cols, latents);
    const expected = Array.from({length: 6}, (_, k) => components.subarray(k * cols, (k + 1) * cols));
    for (const pca of [fitPca(X, {components: 6}), await fitPcaSource(matrixSource(X), {components: 6, random: seededRandom(2)})]) {
      expect(axisGap(pca.axes, expected)).toBeLessThan(TOLERANCE);
      pca.variances.forEach((v, k) => expect(Math.abs(v / variances[k] - 1)).toBeLessThan(TOLERANCE));
      const scores = transform(pca, X);
      scores.data.forEach((x, at) => expect(Math.abs(Math.abs(x) - Math.abs(proj[at]))).toBeLessThan(TOLERANCE));
    }
    await file.close();
  });
});
