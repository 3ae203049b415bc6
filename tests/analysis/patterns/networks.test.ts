import {describe, expect, it, onTestFinished, vi} from "vitest";
import {rowOf} from "../../../analysis/matrix.ts";
import {stateAt} from "../../../analysis/states.ts";
import {precisionOf} from "../../../analysis/patterns/path/rounding.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {initialStates} from "../../../capture/loop/initialState.ts";
import {seedAt} from "../../../capture/train/randomAt.ts";
import {coursesOf, gainedEngine} from "../../bench/gained.ts";
import {bench} from "../../bench/networks.ts";
import {shippedModel} from "../../support/shippedModel.ts";

const options = {inits: 2, steps: 8, further: 40, kept: 16, seed: 3};
const prompts = [
  [1, 2, 3],
  [4, 5, 6]
];

async function gained(gain: number) {
  const engine = await gainedEngine(shippedModel, gain);
  onTestFinished(() => engine.dispose());
  return engine;
}

describe("gainedEngine", () => {
  it("multiplies the loop's matrices and the adapter's part of the state, and nothing else", async () => {
    const [plain, engine] = [await gained(1), await gained(3)];
    const ratios = async (name: string): Promise<readonly number[]> => {
      const [before, after] = [await plain.weight(name), await engine.weight(name)];
      return [...new Set(Array.from(after, (x, i) => Math.round((1000 * x) / before[i]) / 1000))].filter(Number.isFinite);
    };
    for (const name of ["core.0.qkv", "core.1.mlp_proj"]) expect(await ratios(name)).toEqual([3]);
    for (const name of ["core.0.norm_1", "prelude.0.qkv", "coda.0.mlp_fc", "embedding"]) expect(await ratios(name)).toEqual([1]);
    const {width} = engine.model;
    const [before, after] = [await plain.weight("adapter"), await engine.weight("adapter")];
    expect(after).toEqual(before.map((x, i) => (i % (2 * width) < width ? 3 * x : x)));
  });
});

describe("coursesOf", () => {
  it("takes all prompts through the loop as the model takes one", async () => {
    const [, {seen}] = await coursesOf(await gained(1), {...options, prompts, rounded: false});
    const engine = await loadEngine(shippedModel);
    onTestFinished(() => engine.dispose());
    const {input} = await engine.begin(prompts[1]);
    let state = initialStates(engine.model, {inits: 2, tokens: 3, seed: seedAt(3, "measured start", 1)});
    for (let step = 0; step < 8; ++step) state = await engine.step(state, input, {inits: 2, tokens: 3});
    const last = Array.from({length: 6}, (_, row) => [...stateAt(seen, 8, row % 3, Math.floor(row / 3))]).flat();
    expect(Math.max(...last.map((x, i) => Math.abs(x - state[i])))).toBeLessThan(1e-5);
  });
  it("rounds the state at every step where it is asked to, and keeps the last states of the same course", async () => {
    const engine = await gained(1);
    const rounded = {...options, prompts, rounded: true};
    const [, {seen, ends}] = await coursesOf(engine, rounded);
    expect(precisionOf(seen.data)).toBe("bfloat16");
    expect(ends.map(({rows, cols}) => [rows, cols])).toEqual(Array.from({length: 6}, () => [16, engine.model.width]));
    const [, whole] = await coursesOf(engine, {...rounded, steps: 48});
    for (const [row, end] of ends.entries())
      for (let t = 0; t < 16; ++t) expect(rowOf(end, t)).toEqual(stateAt(whole.seen, 33 + t, row % 3, Math.floor(row / 3)));
  });
});

describe("npm run bench -- networks", () => {
  const printed = async (...args: readonly string[]): Promise<string> => {
    const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await bench(["--match", "clock", "--prompts", "1", "--tokens", "4", "--further", "256", ...args]);
    const text = print.mock.calls.map(([line]) => String(line)).join("\n");
    print.mockRestore();
    told.mockRestore();
    return text;
  };
  it("says what the labels of trained networks are by what becomes of their paths, the same bytes for the same seed", async () => {
    const text = await printed("--gains", "1", "--wrong");
    expect(text).toMatch(/^ {2}rests +\d+ +[1-9]/m);
    expect(text).toMatch(/^ {2}rests, and is converging +\d+ of \d+: /m);
    expect(await printed("--gains", "1", "--wrong")).toBe(text);
  });
  it.each([
    [["--gains", "1,0"], "invalid --gains: 0; expected a number above 0"],
    [["--tokens", "0"], "invalid --tokens: 0; expected a whole number from 1"],
    [["--further", "100"], "invalid --further: 100; expected a whole number from 256"]
  ])("refuses %j", async (args, message) => {
    await expect(bench(args)).rejects.toThrow(message);
  });
});
