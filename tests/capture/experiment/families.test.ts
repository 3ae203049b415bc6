import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import {prepareExperiment} from "../../../api/experiments/experiment.ts";
import {experimentOptions} from "../../../api/contract/experimentSchemas.ts";
import {runPrompt} from "../../../api/experiments/runPrompt.ts";
import {z} from "zod";
import {startsOf, startStates} from "../../../capture/experiment/starts.ts";
import {sensitivityOf} from "../../../capture/experiment/sensitivity.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {partOf} from "../../../capture/model/parts.ts";
import {goldenRoot} from "../../support/goldenModels.ts";

const ids = [3, 1, 4, 1, 5];
const plan = {inits: 3, noise: 4, swaps: 1, scales: [0, 3], scaleInits: 2, constants: [1]};
const engineOf = async (name: string) => {
  const engine = await loadEngine(join(goldenRoot, name), {threads: 1});
  onTestFinished(() => engine.dispose());
  return engine;
};
const deviation = (values: Float32Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

describe("starts of an experiment", () => {
  it("begin retrofits at noise of 0.6 and of the size of their ends in turn: their own starts are all near zero", async () => {
    const {model, begin} = await engineOf("retrofit-llama_a");
    const {input, start} = await begin(ids);
    const starts = startsOf(plan, 1);
    const end = new Float32Array(ids.length * model.width).fill(-2);
    const donors = [new Float32Array(2 * model.width).fill(5)];
    const states = startStates(model, starts, {seed: 1, tokens: ids.length, input, start, end, donors});
    const size = ids.length * model.width;
    const sizes = starts.map(({kind}, i) => [kind, deviation(states.subarray(i * size, (i + 1) * size))] as const);
    const noise = sizes.filter(([kind]) => kind === "noise").map(([, one]) => one);
    [0.6, 2, 0.6, 2].forEach((expected, i) => expect(noise[i] / expected).toBeCloseTo(1, 0.5));
    for (const [kind, own] of sizes.slice(0, 3)) expect([kind, own < 0.01]).toEqual(["normal", true]);
    expect(sizes.find(([kind]) => kind === "swap")![1]).toBe(5);
  });

  it("change the low state of HRM-Text alone, whatever their kind", async () => {
    const {model, begin} = await engineOf("hrm-text_b");
    const {input, start} = await begin(ids);
    const starts = startsOf(plan, 1);
    const donors = [new Float32Array(3 * model.carriedWidth).fill(5)];
    const states = startStates(model, starts, {seed: 1, tokens: ids.length, input, start, donors});
    const size = ids.length * model.carriedWidth;
    const seen = new Set<number>();
    for (const [i] of starts.entries()) {
      const state = states.subarray(i * size, (i + 1) * size);
      expect(partOf(model, state)).toEqual(partOf(model, start));
      seen.add(partOf(model, state, "low")[7]);
    }
    expect(seen.size).toBe(starts.length);
    expect(states.slice(0, size)).toEqual(start); // its own is the first
  });

  it("run for a retrofit: agreement of what begins far away is tested, too", async () => {
    const engine = await engineOf("retrofit-llama_a");
    const starts = startsOf({...plan, scales: [], constants: []}, 1);
    const donors = [new Float32Array(ids.length * engine.model.width).fill(0.5)];
    const {gaps} = await runPrompt(engine, {ids}, {starts, seed: 2, donors, steps: 6, answers: "last"});
    expect(gaps).toBeDefined();
  });

  it("are refused where the input is the start, with what is measured instead", async () => {
    const options = z.object(experimentOptions).parse({});
    await expect(prepareExperiment({model: join(goldenRoot, "ouro_b"), prompts: [{prompt: "a"}], options, title: "x"})).rejects.toThrow(
      /^path independence is not defined: ouro is given its input as the start and never again, .* orrery paths --sensitivity measures/
    );
  });
});

describe("sensitivityOf", () => {
  const options = {ids, steps: 12, draws: 3, epsilon: 1e-3, seed: 4};

  it.each(["ouro_b", "hrm-text_b", "retrofit-llama_a"])("of %s begins at ε and is the same for the same seed", async (name) => {
    const engine = await engineOf(name);
    const found = await sensitivityOf(engine, options);
    expect(found).toHaveLength(ids.length);
    const mean = found.reduce((sum, {distance}) => sum + Math.log(distance[0]), 0) / ids.length;
    expect(Math.exp(mean) / 1e-3).toBeGreaterThan(0.5);
    expect(Math.exp(mean) / 1e-3).toBeLessThan(2);
    expect(await sensitivityOf(engine, {...options, batch: 1})).toEqual(found);
    expect((await sensitivityOf(engine, {...options, seed: 5}))[0].distance).not.toEqual(found[0].distance);
  });

  it("tells a map that contracts: the distance shrinks as the leading eigenvalue says", async () => {
    const engine = await engineOf("retrofit-llama_a");
    const [first] = await sensitivityOf(engine, {...options, steps: 40, epsilon: 0.05});
    expect(first.growth).toBeLessThan(0);
    expect(Math.exp(first.growth)).toBeGreaterThan(0.5);
    expect(Math.exp(first.growth)).toBeLessThan(1);
    expect(first.kept).toBe(1);
  });

  it("refuses a disturbance of nothing", async () => {
    const engine = await engineOf("ouro_b");
    await expect(sensitivityOf(engine, {...options, epsilon: 0})).rejects.toThrow("invalid sensitivity: 0; expected a number above 0");
  });
});
