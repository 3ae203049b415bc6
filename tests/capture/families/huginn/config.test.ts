import {describe, expect, it} from "vitest";
import {parseConfig} from "../../../../capture/families/huginn/config.ts";
import {SMALL_HUGINN} from "../../../support/smallHuginn.ts";

const file = {...SMALL_HUGINN, n_layers_in_recurrent_block: 2, n_layers_in_coda: 3};

describe("parseConfig", () => {
  it("takes the class's defaults for what may be left out", () => {
    expect(parseConfig(file)).toEqual({
      width: 64,
      heads: 2,
      headWidth: 32,
      hidden: 8,
      vocab: 8,
      maxTokens: 8,
      preludeBlocks: 1,
      coreBlocks: 2,
      codaBlocks: 3,
      meanRecurrence: 32,
      normEps: 1e-6,
      rope: {pairs: "neighbours", base: 50000},
      adapterBias: false,
      qkBias: true,
      tieEmbeddings: true,
      stateStd: Math.sqrt(2 / 320)
    });
  });

  it("accepts the aliases, the padded vocabulary and a stored deviation", () => {
    const {n_embd: hidden_size, n_heads: num_attention_heads, vocab_size: padded_vocab_size, ...rest} = file;
    expect(parseConfig({...rest, hidden_size, num_attention_heads, padded_vocab_size, init_values: {std: 0.25}})).toEqual({
      ...parseConfig(file),
      stateStd: 0.25
    });
  });

  it.each([
    ["a missing width", {n_embd: undefined}, "missing config key: n_embd or hidden_size"],
    ["a missing hidden width", {intermediate_size: undefined}, "missing config key: intermediate_size"],
    ["another injection", {injection_type: "add"}, 'unsupported config key injection_type: "add"; expected linear'],
    ["another initial state", {state_init: "normal"}, 'unsupported config key state_init: "normal"; expected like-init'],
    ["another norm", {norm_class_name: "LayerNorm"}, 'unsupported config key norm_class_name: "LayerNorm"; expected RMSNorm_llama'],
    ["grouped queries", {num_key_value_heads: 1}, "unsupported num_key_value_heads: 1; expected 2, as many as heads"],
    ["heads that do not divide the width", {n_heads: 3}, "unsupported head_dim"],
    ["two aliases that differ", {hidden_size: 65}, "contradictory config keys: n_embd 64, hidden_size 65"],
    ["a width that is no number", {n_embd: "64"}, 'unsupported config key n_embd: "64"'],
    ["a core without blocks", {n_layers_in_recurrent_block: 0}, "unsupported config key n_layers_in_recurrent_block: 0"]
  ])("refuses %s by name", (_, change, message) => {
    expect(() => parseConfig({...file, ...change})).toThrow(message);
  });

  it.each([null, [], "text", 3])("refuses %j, which is no object", (json) => {
    expect(() => parseConfig(json)).toThrow("invalid config.json: expected a JSON object");
  });
});
