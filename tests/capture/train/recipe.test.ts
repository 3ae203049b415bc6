import {describe, expect, it} from "vitest";
import {adamW, clip, gradientNorm} from "../../../capture/train/adamW.ts";
import {drawDepth} from "../../../capture/train/depth.ts";
import {randomAt} from "../../../capture/train/randomAt.ts";
import {recipeSchema} from "../../../capture/train/recipe.ts";
import {rateAt} from "../../../capture/train/train.ts";
import {firstState} from "../../../capture/train/trainingState.ts";
import {modelOf} from "../../../capture/train/trainedModel.ts";
import {tasks} from "../../../capture/train/tasks/tasks.ts";

const plain = {task: "clock", updates: 10};

describe("recipeSchema", () => {
  it.each([
    [{...plain, epochs: 3}, "epochs"],
    [{...plain, model: {width: 64, layers: 2}}, "layers"],
    [{...plain, task: "poetry"}, "task"],
    [{...plain, families: ["sum"]}, "families"],
    [{...plain, task: "arithmetic", families: ["sum", "division"]}, "families"],
    [{...plain, task: "arithmetic", tokens: 9}, "tokens"],
    [{...plain, task: "arithmetic", families: ["parity", "reversal"], tokens: 6}, "tokens"],
    [{updates: 3, task: undefined}, "task"],
    [{...plain, model: {width: 50, heads: 4}}, "width"],
    [{...plain, model: {width: 12, heads: 4}}, "width"],
    [{...plain, tokens: 600, model: {max_tokens: 500}}, "tokens"],
    [{...plain, rows: 1024, tokens: 1024}, "rows"],
    [{...plain, updates: 0}, "updates"],
    [{...plain, optimiser: {rate: Number.NaN}}, "rate"],
    [{...plain, depth: {kind: "poisson", mean: 8, through: 0}}, "through"],
    [{...plain, depths: []}, "depths"]
  ])("refuses %j", (recipe, where) => {
    const {error} = recipeSchema.safeParse(recipe);
    expect(JSON.stringify(error?.issues)).toContain(where);
  });

  it("takes its own result again, so that a folder's copy is a recipe", () => {
    const recipe = recipeSchema.parse(plain);
    expect(recipeSchema.parse(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
  });
});

describe("drawDepth", () => {
  const draws = (recipe: object, update = 1e6) =>
    Array.from({length: 4000}, (_, i) => drawDepth(recipeSchema.parse({...plain, ...recipe}), update, randomAt(1, "depth", i)));

  it("draws the log-normal Poisson: the mean of all steps is one more than the recipe's, the last k have a gradient", () => {
    const depths = draws({depth: {kind: "poisson", mean: 32, sigma: 0.5, through: 8}});
    const total = depths.map(({before, through}) => before + through);
    const mean = total.reduce((sum, x) => sum + x, 0) / total.length;
    const variance = total.reduce((sum, x) => sum + (x - mean) ** 2, 0) / total.length;
    expect(Math.abs(mean - 33)).toBeLessThan(0.9); // three of its own deviations: √(32 + 32² (e^σ² − 1)) / √4000
    expect(Math.sqrt(variance)).toBeCloseTo(Math.sqrt(32 + 32 ** 2 * Math.expm1(0.25)), -0.5);
    expect(depths.every(({before, through}) => through === Math.min(8, before + through))).toBe(true);
  });

  it("goes through all steps where it is asked to", () => {
    expect(draws({depth: {kind: "poisson", mean: 4, through: "all"}}).every(({before}) => before === 0)).toBe(true);
  });

  it("draws evenly from a range that grows over the first updates", () => {
    const depth = {kind: "uniform", most: 40, through: 8, grow: 100};
    const largest = (update: number) => Math.max(...draws({depth}, update).map(({before}) => before));
    expect([largest(1), largest(50), largest(100), largest(5000)]).toEqual([0, 20, 40, 40]);
  });
});

describe("adamW", () => {
  it("moves a weight by the rate against its gradient's sign at first, and takes the decay off", () => {
    const weight = {value: Float32Array.of(2, 2, 2), mean: new Float32Array(3), square: new Float32Array(3)};
    adamW(weight, Float32Array.of(0.5, -3, 0), 1, {rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-12, decay: 0.25});
    [1.95 - 0.1, 1.95 + 0.1, 1.95].forEach((x, i) => expect(weight.value[i]).toBeCloseTo(x, 5));
  });

  it("finds the bottom of a bowl", () => {
    const weight = {value: Float32Array.of(3, -4), mean: new Float32Array(2), square: new Float32Array(2)};
    for (let step = 1; step <= 400; ++step)
      adamW(weight, weight.value.slice(), step, {rate: 0.05, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, decay: 0});
    expect(Math.hypot(...weight.value)).toBeLessThan(0.05);
  });

  it("shortens all gradients together, and none that are short enough", () => {
    const gradients = [Float32Array.of(3), Float32Array.of(4)];
    clip(gradients, gradientNorm(gradients), 10);
    expect(gradients.map(([g]) => g)).toEqual([3, 4]);
    clip(gradients, gradientNorm(gradients), 1);
    expect(gradientNorm(gradients)).toBeCloseTo(1, 6);
  });
});

it("rateAt grows over the warm-up, stays, and falls over the cool-down", () => {
  const recipe = recipeSchema.parse({task: "clock", updates: 100, optimiser: {rate: 0.5, warmup: 10, cooldown: 20}});
  expect([1, 5, 10, 50, 81, 100].map((update) => rateAt(recipe, update))).toEqual([0.05, 0.25, 0.5, 0.5, 0.5, 0.025]);
});

it("firstState draws weights as Takase does: σ = √(2/5D), and less by √(2 · depth) for what leads back into the stream", () => {
  const recipe = recipeSchema.parse({...plain, model: {width: 96, heads: 4, hidden: 256}, depth: {kind: "poisson", mean: 8}});
  const {trained} = firstState(modelOf(recipe, tasks.clock), {seed: 0});
  const deviation = (name: string) => {
    const {value} = trained.get(name)!;
    return Math.sqrt(value.reduce((sum, x) => sum + x * x, 0) / value.length);
  };
  const cut = 0.98658; // of a normal that is cut at three deviations
  const base = cut * Math.sqrt(2 / (5 * 96));
  const depth = 1 + 1 + 2 * 8;
  expect(deviation("core.0.qkv") / base).toBeCloseTo(1, 1);
  expect(deviation("core.1.mlp_proj") / (base / Math.sqrt(2 * depth))).toBeCloseTo(1, 1);
  expect(Math.max(...trained.get("adapter")!.value)).toBeLessThanOrEqual(3 * Math.sqrt(2 / (5 * 96)));
  expect(trained.get("core.0.norm_2")!.value.every((x) => x === 1)).toBe(true);
  expect(trained.get("core.0.qkv.bias")!.value.length).toBe(2 * 96); // the checkpoint keeps q's and k's
});
