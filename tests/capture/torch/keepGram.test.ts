import {cp, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {EXIT_RULES} from "../../../analysis/exit/exitRules.ts";
import {MIN_P_KL} from "../../../analysis/exit/readoutRules.ts";
import type {Matrix} from "../../../analysis/matrix.ts";
import {claimFrom} from "../../../analysis/patterns/claim.ts";
import {MOST_STATES, pathProducts, type PathProducts} from "../../../analysis/patterns/pathProducts.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {readProducts} from "../../../api/census/gram/gramFile.ts";
import {readGram} from "../../../api/census/gram/gramFolder.ts";
import {keepGram} from "../../../api/census/gram/gramOfTrace.ts";
import {rowsOfGram} from "../../../api/census/gram/readGramTrace.ts";
import {shippedRuns} from "../../../api/models/shipped.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {headerOf} from "../../../capture/trace/safetensorsHeader.ts";
import type {Trace} from "../../../capture/trace/schema.ts";
import {HARD_NULLS} from "../../support/hardNulls.ts";
import {shape} from "../../support/planarPaths.ts";
import {pythonWith} from "../../support/python.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {contractionPath, manyModePath, orbitPath, sliderPath} from "../../support/trajectories.ts";

const numpy = pythonWith("numpy");
const script = join(import.meta.dirname, "../../../capture/torch");
const imports = `import sys, json, os
sys.path[:0] = [${JSON.stringify(script)}, ${JSON.stringify(import.meta.dirname)}]
import numpy as np, capture_trace`;

/** The path with its coordinates changed in place. */
function changed(path: Matrix, change: (data: Float32Array) => void): Matrix {
  const data = path.data.slice();
  change(data);
  return {...path, data};
}

const PRECISION = 1e-11; // of the largest product: sums of so many numbers in another order

function expectClose(own: PathProducts, theirs: PathProducts): void {
  const {judged, ...rest} = theirs;
  expect({...rest, weighed: judged?.weighed}).toEqual({
    rows: own.rows,
    ...(own.stillFrom !== undefined && {stillFrom: own.stillFrom}),
    ...(own.badFrom !== undefined && {badFrom: own.badFrom}),
    weighed: own.judged?.weighed
  });
  if (!own.judged || !judged) return;
  expect([judged.skipped, judged.first, judged.approach === judged.late]).toEqual([
    ...[own.judged.skipped, own.judged.first, own.judged.approach === own.judged.late]
  ]);
  expect(judged.floor / own.judged.floor).toBeCloseTo(1, 12);
  expect(judged.scale / own.judged.scale).toBeCloseTo(1, 12);
  expect(judged.floorDimensions / own.judged.floorDimensions).toBeCloseTo(1, 12);
  for (const part of ["late", "approach"] as const) {
    const [a, b] = [own.judged[part], judged[part]];
    const most = Math.max(...a.values.map(Math.abs), a.lastSquared);
    expect(Math.max(...a.values.map((x, i) => Math.abs(x - b.values[i])))).toBeLessThanOrEqual(PRECISION * most);
    expect(Math.max(...a.towardLast.map((x, i) => Math.abs(x - b.towardLast[i])))).toBeLessThanOrEqual(PRECISION * most);
  }
}

/** A copy of a run with a gate, which opens at the 7th step of every other trajectory. */
async function withGate(run: string, dir: string): Promise<string> {
  await cp(run, dir, {recursive: true});
  const path = join(dir, "trace.json");
  const reader = await openTrace(run);
  const kept = (await reader.readReadout())!;
  await reader.close();
  const {shape} = kept.entropy;
  const lambda = Float32Array.from(kept.entropy.data, (_, i) => (Math.floor(i / (shape[1] * shape[2])) === 7 && i % 2 === 0 ? 1 : 0.1));
  const tensors = Object.entries({...kept, gate: {shape, data: lambda}}).map(([name, {shape: of, data}]) => ({
    ...{name, shape: [...of]},
    ...(name === "top_ids" ? {dtype: "I32" as const, data: Int32Array.from(data)} : {dtype: "F32" as const, data: Float32Array.from(data)})
  }));
  const bytes = tensors.map(({data}) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  await writeFile(join(dir, "readout.safetensors"), Buffer.concat([headerOf(tensors), ...bytes]));
  await writeFile(path, JSON.stringify({...(JSON.parse(await readFile(path, "utf8")) as Trace), scalars: ["gate"]}));
  return dir;
}

describe.skipIf(!numpy)("capture_trace.py without the states", () => {
  it("keeps the products that Orrery keeps, which give the same labels: motions, nulls, loud, still, broken and long paths", async () => {
    const slider = sliderPath(shape(4)).path;
    const contraction = contractionPath(shape(9), {}).path;
    const random = seededRandom(3);
    const paths = [
      ...[1, 2].flatMap((seed) => [orbitPath(shape(seed)).path, contractionPath(shape(seed), {}).path, manyModePath(shape(seed)).path]),
      ...Object.values(HARD_NULLS).map(({make}) => make({random: seededRandom(5), steps: 40, width: 32})),
      changed(slider, (data) => {
        for (let t = 0; t < slider.rows; ++t) data[t * slider.cols + 7] += 50 * (random() - 0.5);
      }),
      changed(slider, (data) => {
        for (let t = 0; t < slider.rows; ++t) data[t * slider.cols + 7] += 500 * Math.sign(random() - 0.5);
      }),
      changed(contraction, (data) => {
        for (let t = 20; t < contraction.rows; ++t) data.copyWithin(t * contraction.cols, 19 * contraction.cols, 20 * contraction.cols);
      }),
      changed(contraction, (data) => {
        for (let t = 6; t < contraction.rows; ++t) data.copyWithin(t * contraction.cols, 5 * contraction.cols, 6 * contraction.cols);
        data[5 * contraction.cols] *= 1 + 2 ** -23; // to come to stand by no more than rounding
      }),
      ...[1, 2, 6].map((rows) => changed(contraction, (data) => data.fill(0, 0, rows * contraction.cols))),
      changed(contraction, (data) => data.fill(0, 20 * contraction.cols)),
      changed(slider, (data) =>
        data.copyWithin((slider.rows - 1) * slider.cols, (slider.rows - 2) * slider.cols, (slider.rows - 1) * slider.cols)
      ),
      changed(slider, (data) => {
        for (let t = 1; t < 6; ++t) data.copyWithin(t * slider.cols, 0, slider.cols);
      }),
      changed(slider, (data) => {
        for (let t = 0; t < slider.rows; ++t) data[t * slider.cols + 3] = 5000 + Math.round(4 * random()) / 512; // flips between values of a coarse grid
      }),
      changed(contraction, (data) => data.fill(2)),
      changed(contraction, (data) => data.set([Number.NaN], 5 * contraction.cols)),
      ...[0, 1, 20, contraction.rows - 2].map((from) => changed(contraction, (data) => data.fill(Number.NaN, from * contraction.cols))),
      changed(contraction, (data) => data.fill(Number.NaN, 20 * contraction.cols).set([Infinity], 20 * contraction.cols)),
      contractionPath(shape(8, {steps: MOST_STATES + 150}), {}).path,
      orbitPath(shape(8, {steps: MOST_STATES + 150})).path
    ];
    const folder = await temporaryFolder();
    for (const [i, {data}] of paths.entries()) await writeFile(join(folder, `${i}.f32`), data);
    const code = `${imports}
folder, widths = sys.argv[1], json.loads(sys.argv[2])
paths = [np.fromfile(os.path.join(folder, f"{i}.f32"), np.float32).reshape(-1, width) for i, width in enumerate(widths)]
capture_trace.write_products(os.path.join(folder, "gram.safetensors"), [capture_trace.path_products(path, "float32") for path in paths])`;
    numpy!(code, folder, JSON.stringify(paths.map(({cols}) => cols)));
    const theirs = await readProducts(join(folder, "gram.safetensors"), paths.length);
    for (const [token, path] of paths.entries()) {
      const own = pathProducts(path, {precision: "float32"});
      expectClose(own, theirs[token]);
      const options = {token, init: 0, precision: "float32" as const};
      expect(claimFrom(theirs[token], options).pattern).toBe(claimFrom(own, options).pattern);
    }
    expect(theirs.some(({judged}) => judged?.weighed[0] === 7)).toBe(true);
  }, 300_000);

  it("knows the exit rules that a trace tells of, with their thresholds", () => {
    const told = JSON.parse(numpy!(`${imports}\nprint(json.dumps(capture_trace.EXIT_RULES))`)) as Record<string, unknown>;
    const own = EXIT_RULES.filter((rule) => rule !== MIN_P_KL); // needs whole distributions
    expect(told).toEqual(
      Object.fromEntries(own.map(({name, exitWhen, threshold, consecutive}) => [name, [exitWhen, threshold, consecutive]]))
    );
  });

  it.each([
    ["sum-and-parity", {gated: false}],
    ["clock-of-five", {gated: true}]
  ])(
    "says of %s (%j) what Orrery says",
    async (run, {gated}) => {
      const folder = await temporaryFolder();
      const source = gated ? await withGate(join(shippedRuns, run), join(folder, "source")) : join(shippedRuns, run);
      const [own, theirs] = [join(folder, `${run}-own`), join(folder, run)];
      await keepGram(source, own);
      numpy!(`${imports}\ncapture_trace.keep_gram(sys.argv[1], sys.argv[2])`, source, theirs);
      const [ours, read] = [await readGram(own), await readGram(theirs)];
      const {beside: mine, paths: _, trace, collapse, ...rest} = ours;
      const {beside: other, paths: __, trace: itsTrace, collapse: itsCollapse, ...itsRest} = read;
      expect(itsRest).toEqual(rest);
      expect(itsTrace).toEqual(trace);
      expect(itsCollapse.collapsed).toBe(collapse.collapsed);
      expect(itsCollapse.correlation).toBeCloseTo(collapse.correlation!, 5);
      for (const [i, {inits_cosine: cosine, last_step_norm: norm, ...cells}] of mine.entries()) {
        const {inits_cosine, last_step_norm, ...its} = other[i];
        expect(its).toEqual(cells);
        expect(Object.keys(its.exits).includes("gate")).toBe(gated);
        expect(inits_cosine ?? 2).toBeCloseTo(cosine ?? 2, 10);
        expect(last_step_norm).toBeCloseTo(norm!, 6);
      }
      const labels = (gram: typeof ours) => rowsOfGram(gram, 0).map(({claim, settled_step}) => [claim, settled_step]);
      expect(labels(read)).toEqual(labels(ours));
    },
    300_000
  );
});
