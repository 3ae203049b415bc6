import type {CheckpointHeader, Family, Model} from "../../model/family.ts";
import {STATE} from "../../model/site.ts";
import {parseConfig, type HrmTextConfig} from "./config.ts";
import {cycle, embed, head} from "./model.ts";
import {LOW, sitesOf} from "./sites.ts";
import {LOW_START, LOW_START_STD, weightsOf} from "./weights.ts";

/** HRM-Text: two states, the high one read, and a prompt that sees itself in both directions. */
export const hrmText: Family = {
  name: "hrm-text",
  modelTypes: ["hrm_text"],
  marks: [
    {pattern: /^model\.L_module\.layers\.\d+\./, example: "model.L_module.layers.0.mlp.down_proj.weight"},
    {pattern: /^model\.H_module\.layers\.\d+\./, example: "model.H_module.layers.0.mlp.down_proj.weight"}
  ],
  names:
    /^model\.(z_L_init|embed_tokens\.weight|[LH]_module\.layers\.\d+\.(attn\.(gqkv|o)_proj|self_attn\.(gate|[qkvo])_proj|mlp\.(gate_up|gate|up|down)_proj)\.weight)$/,
  unread: /^lm_head\.weight$/,
  lensFormulas: {logit: "softmax(head(hₜ))"},
  model: (header) => modelOf(parseConfig(header.config, isFused(header)))
};

const isFused = ({tensors}: CheckpointHeader): boolean => [...tensors.keys()].some((name) => name.endsWith(".attn.gqkv_proj.weight"));

function modelOf(config: HrmTextConfig): Model {
  const {width, vocab, maxTokens, blocks, highCycles, isPrefixed} = config;
  return {
    family: hrmText.name,
    width,
    vocab,
    maxTokens,
    trainedSteps: highCycles,
    stacks: [
      {name: "low", blocks},
      {name: "high", blocks}
    ],
    parts: [
      {name: STATE, width, start: {from: "input"}},
      {name: LOW, width, start: {from: "weight", weight: LOW_START, std: LOW_START_STD}}
    ],
    carriedWidth: 2 * width,
    inputWidth: 0,
    testNoise: [LOW_START_STD], // the size of every low state, too: it is normed
    isPrefixed,
    weights: weightsOf(config),
    sites: sitesOf(config),
    scalars: [],
    lenses: Object.keys(hrmText.lensFormulas),
    stateIs: "the high state after each high cycle; step 0 is the scaled embeddings",
    lensFormulas: hrmText.lensFormulas,
    begin: (ops, ids) => ({start: embed(ops, config, ids)}),
    step: (ops, [high, low]) => cycle(ops, config, high, low),
    read: (_, __, [high]) => high,
    head: (ops, x) => head(ops, config, x)
  };
}
