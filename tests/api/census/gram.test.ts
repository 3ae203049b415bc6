import {readdir, readFile, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {claimFrom, claimOf} from "../../../analysis/patterns/claim.ts";
import {MOST_STATES, pathProducts, type PathProducts} from "../../../analysis/patterns/pathProducts.ts";
import type {Matrix} from "../../../analysis/matrix.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {encodeProducts, readProducts} from "../../../api/census/gram/gramFile.ts";
import type {Patterns} from "../../../api/contract/contract.ts";
import {HARD_NULLS} from "../../support/hardNulls.ts";
import {HARD_POSITIVES} from "../../support/hardPositives.ts";
import {circle, shape, withNoise} from "../../support/planarPaths.ts";
import {contractionPath, manyModePath, orbitPath, sliderPath} from "../../support/trajectories.ts";
import {runCli} from "../../support/runCli.ts";
import {headerOf, parseHeader} from "../../../capture/trace/safetensorsHeader.ts";
import {shippedModel} from "../../support/shippedModel.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const precision = "float32" as const;

/** As it is after it was on a disk. */
async function kept(paths: readonly PathProducts[]): Promise<PathProducts[]> {
  const file = join(await temporaryFolder(), "gram.safetensors");
  await writeFile(file, encodeProducts(paths));
  return readProducts(file, paths.length);
}

async function expectSame(paths: readonly Matrix[]): Promise<void> {
  const read = await kept(paths.map((path) => pathProducts(path, {precision})));
  for (const [token, path] of paths.entries()) {
    const options = {token, init: 0, precision};
    expect(claimFrom(read[token], options), `path ${token}`).toEqual(claimOf(path, options));
  }
}

/** The path with one number changed. */
function changed({rows, cols, data}: Matrix, at: number, value: number): Matrix {
  const copy = data.slice();
  copy[at] = value;
  return {rows, cols, data: copy};
}

/** The path with one coordinate made loud. */
function loud(path: Matrix, coordinate: number, by: number): Matrix {
  const random = seededRandom(3);
  const data = path.data.slice();
  for (let t = 0; t < path.rows; ++t) data[t * path.cols + coordinate] += by * (random() - 0.5);
  return {...path, data};
}

describe("what is left of a path without its states", () => {
  it("gives the labels, p-values and evidence of the states, bit for bit: every kind of motion", async () => {
    const made = [1, 2, 3].flatMap((seed) => [
      orbitPath(shape(seed)).path,
      sliderPath(shape(seed)).path,
      contractionPath(shape(seed), {}).path,
      manyModePath(shape(seed)).path
    ]);
    await expectSame([...made, withNoise(circle(64, 5.3, 0.2), 1e-3, 1)]);
  });

  it.each(Object.keys(HARD_NULLS))("also of the null %s", async (name) => {
    const {make} = HARD_NULLS[name];
    await expectSame([make({random: seededRandom(5), steps: 40, width: 32})]);
  });

  it.each(Object.keys(HARD_POSITIVES))("also of %s", async (name) => {
    await expectSame([HARD_POSITIVES[name].make(shape(6)).path]);
  });

  it("also of what stands still, is not finite, has a loud coordinate, one state, or more states than are judged", async () => {
    const path = contractionPath(shape(9), {}).path;
    const still = {...path, data: path.data.slice()};
    for (let t = 20; t < still.rows; ++t) still.data.copyWithin(t * still.cols, 19 * still.cols, 20 * still.cols);
    const never = {...path, data: new Float32Array(path.data.length).fill(2)};
    const one = {rows: 1, cols: path.cols, data: path.data.slice(0, path.cols)};
    const weighed = loud(sliderPath(shape(4)).path, 7, 50);
    expect(claimOf(weighed, {token: 0, init: 0, precision}).weighed).toEqual([7]);
    const long = shape(8, {steps: MOST_STATES + 150});
    await expectSame([
      ...[still, never, one, weighed, changed(path, 5 * path.cols, NaN), changed(path, 0, Infinity)],
      ...[contractionPath(long, {}).path, orbitPath(long).path, sliderPath(long).path]
    ]);
  });

  it("takes a fortieth of the states at Huginn's width and 128 steps", () => {
    const {path} = contractionPath(shape(1, {steps: 129, width: 5280}), {});
    const bytes = encodeProducts([pathProducts(path, {precision})]).length;
    expect(path.data.byteLength / bytes).toBeGreaterThan(39.5);
  });

  it.each([
    ["is cut short", (bytes: Buffer) => bytes.subarray(0, -8), /truncated or padded/],
    ["holds NaN", (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -200), Buffer.alloc(200, 255)]), /invalid/],
    ["is something else", () => Buffer.from("PAR1, and no tensors"), /header/]
  ])("is refused by name where the file %s", async (_, hurt, expected) => {
    const file = join(await temporaryFolder(), "gram.safetensors");
    await writeFile(file, hurt(Buffer.from(encodeProducts([pathProducts(orbitPath(shape(1)).path, {precision})]))));
    await expect(readProducts(file, 1)).rejects.toThrow(expected);
    await expect(readProducts(file, 1)).rejects.toThrow(file);
  });

  it("opens where an older program wrote it, which knew no dimensions of rounding: one stands for them", async () => {
    const paths = [orbitPath(shape(1)).path, contractionPath(shape(2), {}).path].map((path) => pathProducts(path, {precision}));
    const bytes = Buffer.from(encodeProducts(paths));
    const {tensors, dataStart} = parseHeader(bytes);
    const parts = [...tensors].map(([name, {dtype, shape: own, begin, end}]) => {
      const data = bytes.subarray(dataStart + begin, dataStart + end);
      return name === "numbers"
        ? {name, dtype, shape: [2, 2], data: Buffer.concat([data.subarray(0, 16), data.subarray(24, 40)])}
        : {name, dtype, shape: own, data};
    });
    const file = join(await temporaryFolder(), "gram.safetensors");
    await writeFile(file, Buffer.concat([headerOf(parts), ...parts.map(({data}) => data)]));
    const read = await readProducts(file, 2);
    expect(read).toEqual(paths.map(({judged, ...rest}) => ({...rest, judged: {...judged, floorDimensions: 1}})));
  });

  it("is refused where it holds other paths than its run, or counts that promise more than there is", async () => {
    const products = pathProducts(orbitPath(shape(1)).path, {precision});
    const file = join(await temporaryFolder(), "gram.safetensors");
    await writeFile(file, encodeProducts([products]));
    await expect(readProducts(file, 2)).rejects.toThrow("invalid counts: 1 paths; expected 2");
    const more = {...products, rows: 3};
    await writeFile(file, encodeProducts([more]));
    await expect(readProducts(file, 1)).rejects.toThrow(/^.*invalid counts of path 0: 3, /);
  });
});

/** Without what only states say. */
const labelsOf = (text: string) => {
  const {tokens, summary} = JSON.parse(text) as Patterns;
  const {exits: _, measures: __, ...rest} = summary;
  return {tokens: tokens.map(({measures: ___, ...token}) => token), summary: rest};
};

describe("a Gram trace", () => {
  it("is analysed and counted as its states are, takes less room, and says that pictures need states", async () => {
    const folder = await temporaryFolder();
    const args = ["capture", "--model", shippedModel, "--prompt", "\n48+37=", "--steps", "24", "--inits", "2"];
    const [states, gram] = ["states", "gram"].map((name) => join(folder, name, "run"));
    expect(await runCli([...args, "--out", states])).toMatchObject({status: 0});
    const made = await runCli([...args, "--keep", "gram", "--out", gram, "--json"]);
    expect(made.status, made.stderr).toBe(0);
    expect((await readdir(join(folder, "gram"))).sort()).toEqual(["run"]);
    expect((await readdir(gram)).sort()).toEqual(["gram.json", "gram.safetensors"]);
    const sizes = [join(states, "states.safetensors"), join(gram, "gram.safetensors")].map(async (path) => (await stat(path)).size);
    const [large, small] = await Promise.all(sizes);
    expect(small).toBeLessThan(0.4 * large); // 25 states of 64 numbers; 40 times less at width 5,280 and 128 steps
    const [one, other] = await Promise.all([states, gram].map((dir) => runCli(["analyze", dir, "--json"])));
    expect(other.status, other.stderr).toBe(0);
    expect(labelsOf(other.stdout)).toEqual(labelsOf(one.stdout));
    for (const name of ["states", "gram"])
      expect(await runCli(["census", "--from", join(folder, name), "--out", join(folder, `census-${name}`)])).toMatchObject({status: 0});
    const rows = async (name: string) => readFile(join(folder, `census-${name}`, "rows", "00000.parquet"));
    expect((await rows("gram")).equals(await rows("states"))).toBe(true);
    const picture = await runCli(["project", gram, "--method", "umap", "--out", join(folder, "points.csv")]);
    expect(picture).toMatchObject({
      status: 2,
      stderr: `missing states: ${gram} keeps what labels are made of; expected --method pca, each path in axes of its own, into a .csv: all else needs states\n`
    });
    expect((await runCli(["analyze", gram, "--site", "core.0.attn_out"])).stderr).toBe(
      `unknown site: core.0.attn_out; ${gram} keeps state\n`
    );
  }, 120_000);
});
