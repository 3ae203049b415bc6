import {join} from "node:path";
import {EigenvalueDecomposition, Matrix} from "ml-matrix";
import {describe, expect, it} from "vitest";
import {engineKinds} from "../../../capture/engine/choices.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {jacobianSpectra} from "../../../capture/spectrum/spectrum.ts";
import {lyapunovExponents} from "../../../capture/spectrum/lyapunov.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {goldenModels, maxDifference, shippedGolden, STATE_TOLERANCE} from "../../support/golden.ts";

/** Runs with the golden Jacobian of each model: at a state after 64 steps, the last token's own block. */
const cases = engineKinds.flatMap((kind) => goldenModels.map((model) => ({kind, model})));

async function goldenJacobian(model: string, run: "s1" | "s5") {
  const file = await openSafetensors(join(shippedGolden, model, "jacobian.safetensors"));
  const read = (name: string) => file.readFloats(`${run}.${name}`);
  const golden = {
    ids: Array.from(await read("input_ids")),
    state: await read("x"),
    jacobian: await read("jac"),
    re: await read("eig_re"),
    im: await read("eig_im")
  };
  await file.close();
  return golden;
}

describe.each(cases)("the Jacobian by $kind of $model", ({kind, model}) => {
  it.each(["s1", "s5"] as const)("is the authors' (%s), column by column and against finite differences", async (run) => {
    const engine = await loadEngine(join(shippedGolden, model), {engine: kind});
    const {width} = engine.model;
    const {ids, state, jacobian} = await goldenJacobian(model, run);
    const size = ids.length * width;
    const last = size - width;
    const input = (await engine.begin(ids)).input;
    const repeated = (values: Float32Array) => Float32Array.from({length: width * size}, (_, i) => values[i % size]);
    const shifted = (by: number) => repeated(state).map((x, i) => (i % size === last + Math.floor(i / size) ? x + by : x));
    const unit = new Float32Array(width * size).map((_, i) => (i % size === last + Math.floor(i / size) ? 1 : 0));
    const batch = {inits: width, tokens: ids.length};
    const {next, tangent} = await engine.jvp(repeated(state), input, unit, batch);
    const h = 1e-2; // central differences: error of order h² and of rounding / h
    const [above, below] = [await engine.step(shifted(h), input, batch), await engine.step(shifted(-h), input, batch)];
    const columns = new Float32Array(width * width);
    const differences = new Float32Array(width * width);
    for (let j = 0; j < width; ++j) {
      for (let i = 0; i < width; ++i) {
        columns[i * width + j] = tangent[j * size + last + i];
        differences[i * width + j] = (above[j * size + last + i] - below[j * size + last + i]) / (2 * h);
      }
    }
    const error = maxDifference(columns, jacobian);
    const stepError = maxDifference(next, await engine.step(repeated(state), input, batch));
    const differenceError = maxDifference(columns, differences);
    console.log(
      `${kind} ${model} ${run}: Jacobian max abs error ${error.toExponential(1)}, to finite differences ${differenceError.toExponential(1)}`
    );
    expect(error).toBeLessThan(STATE_TOLERANCE);
    expect(stepError).toBeLessThan(1e-5);
    expect(differenceError).toBeLessThan(1e-3);
    await engine.dispose();
  });

  it.each(["s1", "s5"] as const)("has the leading eigenvalues of the authors' dense one (%s)", async (run) => {
    const engine = await loadEngine(join(shippedGolden, model), {engine: kind});
    const {ids, state, jacobian, re, im} = await goldenJacobian(model, run);
    const spectra = await jacobianSpectra(engine, state, {inits: 1, input: (await engine.begin(ids)).input, seed: 3});
    const block = spectra.tokens[ids.length - 1];
    expect(block).toMatchObject({token: ids.length - 1, init: 0});
    expect(block.eigenvalues).toHaveLength(8);
    block.eigenvalues.forEach(([real, imaginary], i) => {
      expect(Math.hypot(real, imaginary)).toBeCloseTo(Math.hypot(re[i], im[i]), 4);
      const nearest = Math.min(...Array.from(re, (x, j) => Math.hypot(x - real, im[j] - imaginary)));
      expect(nearest).toBeLessThan(1e-4);
    });
    expect(Math.max(...block.residuals)).toBeLessThan(1e-4);
    const dense = new EigenvalueDecomposition(
      new Matrix(Array.from({length: re.length}, (_, i) => Array.from(jacobian.subarray(i * re.length, (i + 1) * re.length))))
    );
    const largest = Math.max(...dense.realEigenvalues.map((x, i) => Math.hypot(x, dense.imaginaryEigenvalues[i])));
    expect(Math.hypot(...block.eigenvalues[0])).toBeCloseTo(largest, 4);

    // Attention is causal: the whole sequence's eigenvalues are those of its tokens' blocks.
    const all = spectra.tokens
      .flatMap(({eigenvalues}) => eigenvalues)
      .map(([x, y]) => Math.hypot(x, y))
      .sort((a, b) => b - a);
    spectra.sequence[0].eigenvalues.forEach(([x, y], i) => expect(Math.hypot(x, y)).toBeCloseTo(all[i], 3));
    await engine.dispose();
  });
});

describe("jacobianSpectra", () => {
  it("gives chosen tokens only, and refuses one beyond the sequence", async () => {
    const engine = await loadEngine(join(shippedGolden, goldenModels[0]));
    const {ids, state} = await goldenJacobian(goldenModels[0], "s5");
    const options = {inits: 1, input: (await engine.begin(ids)).input, seed: 3, sequence: false};
    const {tokens, sequence} = await jacobianSpectra(engine, state, {...options, tokens: [2]});
    expect(tokens.map(({token}) => token)).toEqual([2]);
    expect(sequence).toEqual([]);
    expect(await jacobianSpectra(engine, state, {...options, tokens: [2]})).toEqual({tokens, sequence});
    await expect(jacobianSpectra(engine, state, {...options, tokens: [5]})).rejects.toThrow("invalid token: 5; expected 0 to 4");
    await engine.dispose();
  });
});

describe("lyapunovExponents", () => {
  it("are the logarithms of the eigenvalues' moduli at a fixed point", async () => {
    const engine = await loadEngine(join(shippedGolden, goldenModels[0]));
    const {ids, state, re, im} = await goldenJacobian(goldenModels[0], "s1");
    const exponents = await lyapunovExponents(engine, state, {
      input: (await engine.begin(ids)).input,
      steps: 200,
      skip: 100,
      seed: 1,
      count: 2
    });
    const leading = Array.from(re, (x, i) => Math.log(Math.hypot(x, im[i])));
    exponents.forEach((exponent, i) => expect(exponent).toBeCloseTo(leading[i], 1.7));
    await engine.dispose();
  });

  it("refuses to skip all steps", async () => {
    const engine = await loadEngine(join(shippedGolden, goldenModels[0]));
    await expect(
      lyapunovExponents(engine, new Float32Array(32), {input: new Float32Array(32), steps: 3, skip: 3, seed: 1})
    ).rejects.toThrow("invalid steps: 3; expected more than the 3 skipped");
    await engine.dispose();
  });
});
