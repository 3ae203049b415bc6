import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {families, recognise} from "../../../capture/families/families.ts";
import {loadCheckpoint} from "../../../capture/families/loadCheckpoint.ts";
import {changedGolden, tensorsOfFile, type ChangedCheckpoint} from "../../support/checkpoints.ts";
import {shippedGolden} from "../../support/golden.ts";
import {goldenFolders, goldenRoot} from "../../support/goldenModels.ts";

const LLAMA = "retrofit-llama_a";
const OLMO = "retrofit-olmo2_a";
const OURO = "ouro_b";
const HRM = "hrm-text_b";

const refusal = (golden: string, change: ChangedCheckpoint) =>
  changedGolden(golden, change)
    .then(loadCheckpoint)
    .then(
      async ({close}) => (await close(), "loaded"),
      (error: Error) => error.message
    );
const without = (pattern: RegExp): ChangedCheckpoint => ({tensors: (all) => all.filter(({name}) => !pattern.test(name))});
const further = (name: string, shape: readonly number[] = [2]): ChangedCheckpoint => ({
  tensors: (all) => [...all, {name, shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1))}]
});
const renamed = (from: RegExp, to: string): ChangedCheckpoint => ({
  tensors: (all) => all.map((tensor) => ({...tensor, name: tensor.name.replace(from, to)}))
});

describe("a checkpoint's family", () => {
  it.each(goldenFolders)("is told by the tensors of %s", async (folder) => {
    const {model, close} = await loadCheckpoint(join(goldenRoot, folder));
    await close();
    expect(folder.startsWith(model.family)).toBe(true);
    expect(model.stacks.reduce((sum, {blocks}) => sum + blocks, 0)).toBeGreaterThan(0);
    expect(model.parts[0]).toMatchObject({name: "state", width: model.width});
    expect(new Set(model.sites.map(({name}) => name)).size).toBe(model.sites.length);
  });

  it("is Huginn's only where its sandwiches are, whatever the config says", async () => {
    const {model, close} = await loadCheckpoint(join(shippedGolden, "b_d48_h3_p1c2k1"));
    await close();
    expect(model.family).toBe("huginn");
    const folder = await changedGolden(LLAMA, {config: (json) => ({...json, qk_bias: true})});
    await expect(loadCheckpoint(folder)).rejects.toThrow("unsupported config key qk_bias: true; expected false");
  });

  it.each([
    [
      "an unknown tensor",
      LLAMA,
      further("transformer.core_block.0.post_ffw.weight"),
      "unknown tensor: transformer.core_block.0.post_ffw.weight; a retrofit model of this config has none of that name"
    ],
    [
      "a norm that its kind does not have",
      LLAMA,
      further("transformer.coda.9.norm_1.weight"),
      "unknown tensor: transformer.coda.9.norm_1.weight"
    ],
    [
      "norms of queries in one block only",
      LLAMA,
      further("transformer.core_block.1.attn.q_norm.weight", [32]),
      "missing tensor: transformer.prelude.0.attn.q_norm.weight; expected [32]"
    ],
    [
      "a missing tensor",
      OLMO,
      without(/core_block\.1\.attn\.k_norm/),
      "missing tensor: transformer.core_block.1.attn.k_norm.weight; expected [32]"
    ],
    ["a head that is missing where it is not tied", LLAMA, without(/^lm_head/), "missing tensor: lm_head.weight; expected [96, 32]"],
    [
      "a further layer",
      OURO,
      further("model.layers.2.mlp.up_proj.weight"),
      "unknown tensor: model.layers.2.mlp.up_proj.weight; a ouro model of this config has none of that name"
    ],
    [
      "a gate of another width",
      OURO,
      {tensors: (all) => all.map((one) => (one.name.endsWith("gate.weight") && one.shape[0] === 1 ? {...one, shape: [48, 1]} : one))},
      "unexpected shape of model.early_exit_gate.weight: [48, 1]; the config needs [1, 48]"
    ],
    [
      "fused and split matrices beside each other",
      HRM,
      further("model.L_module.layers.0.attn.gqkv_proj.weight", [288, 48]),
      "missing tensor: model.L_module.layers.0.mlp.gate_up_proj.weight"
    ],
    ["no start of the low state", HRM, without(/z_L_init/), "missing tensor: model.z_L_init; expected [48]"]
  ] satisfies [string, string, ChangedCheckpoint, string][])("refuses %s by name", async (_, golden, change, message) => {
    expect(await refusal(golden, change)).toContain(message);
  });

  it("refuses two families' tensors in one folder, naming both", async () => {
    const others = await tensorsOfFile(join(goldenRoot, OURO, "model.safetensors"));
    const both: ChangedCheckpoint = {tensors: (all) => [...all, ...others.filter(({name}) => !all.some((own) => own.name === name))]};
    const line = await refusal(LLAMA, both);
    expect(line).toMatch(/^mixed tensors: \S+ is of retrofit, \S+ is of ouro; expected one model$/);
    const sandwiches = await refusal(LLAMA, further("transformer.core_block.0.norm_3.weight", [32]));
    expect(sandwiches).toBe("unsupported num_key_value_heads: 2; expected 4, as many as heads"); // a sandwich makes it Huginn's
  });

  it.each([
    ["a plain Llama", {...without(/_2\.weight$|early_exit_gate/), config: (json) => ({...json, model_type: "llama"})}, OURO],
    ["a looped stack without a gate", without(/_2\.weight$|early_exit_gate/), OURO],
    ["names of nobody", renamed(/^(transformer|lm_head)/, "gpt"), LLAMA]
  ])("names the family that comes closest to %s, and the first tensor that does not fit", async (_, change, golden) => {
    const line = await refusal(golden, change);
    expect(line).toMatch(
      /^unknown model \(model_type \w+\): \S+ comes closest, and has (no tensor \S+|a tensor \S+, which is missing here)$/
    );
    expect(line.split("\n")).toHaveLength(1);
    console.log(line);
  });

  it("says which key contradicts the tensors", async () => {
    expect(await refusal(OURO, {config: (json) => ({...json, model_type: "nanbeige"})})).toBe(
      "contradictory config.json: model_type nanbeige; the tensors are those of ouro, whose model_type is ouro"
    );
    expect(await refusal(OURO, {config: ({model_type: _, ...json}) => json})).toBe("loaded");
  });

  it.each([
    [OURO, {use_sliding_window: true}, "unsupported config key use_sliding_window: true; expected false"],
    [OURO, {rope_scaling: {type: "linear", factor: 2}}, "unsupported config key rope_scaling"],
    [OURO, {layer_types: ["sliding_attention"]}, 'unsupported config key layer_types.0: "sliding_attention"; expected full_attention'],
    [OURO, {total_ut_steps: undefined}, "missing config key: total_ut_steps"],
    [OURO, {num_key_value_heads: 4}, "unsupported num_key_value_heads: 4; expected a divisor of the 6 heads"],
    [LLAMA, {rope_scaling: {rope_type: "yarn", factor: 4}}, 'unsupported config key rope_scaling.rope_type: "yarn"; expected llama3'],
    [
      LLAMA,
      {rope_scaling: {rope_type: "llama3", factor: 4, low_freq_factor: 2, high_freq_factor: 2, original_max_position_embeddings: 64}},
      "unsupported rope_scaling: high_freq_factor 2; expected more than low_freq_factor 2"
    ],
    [LLAMA, {rope_theta: undefined}, "missing config key: rope_theta"],
    [HRM, {attention_bias: true}, "unsupported config key attention_bias: true; expected false"],
    [HRM, {rope_parameters: undefined}, "missing config key: rope_parameters.rope_theta or rope_theta"],
    [HRM, {H_cycles: 0}, "unsupported config key H_cycles: 0"]
  ])("refuses a config of %s with %j", async (golden, keys, message) => {
    expect(await refusal(golden, {config: (json) => ({...json, ...keys})})).toContain(message);
  });

  it("of a header with no tensors at all is nobody's", () => {
    expect(() => recognise({config: {}, tensors: new Map()})).toThrow(/^unknown model: \S+ comes closest, and has a tensor/);
    expect(families.map(({name}) => name)).toEqual(["huginn", "retrofit", "ouro", "hrm-text"]);
  });
});
