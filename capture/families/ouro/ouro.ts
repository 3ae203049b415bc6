import type {Family, Model} from "../../model/family.ts";
import {STATE} from "../../model/site.ts";
import {EXIT_GATE} from "../../trace/readoutNames.ts";
import {parseConfig, type OuroConfig} from "./config.ts";
import {embed, head, loop} from "./model.ts";
import {sitesOf} from "./sites.ts";
import {weightsOf} from "./weights.ts";

/** ByteDance's looped models: no prelude, no coda, no injection; an exit gate. */
export const ouro: Family = {
  name: "ouro",
  modelTypes: ["ouro"],
  marks: [
    {pattern: /^model\.early_exit_gate\./, example: "model.early_exit_gate.weight"},
    {pattern: /^model\.layers\.\d+\.input_layernorm_2\.weight$/, example: "model.layers.0.input_layernorm_2.weight"}
  ],
  names:
    /^model\.(embed_tokens\.weight|norm\.weight|early_exit_gate\.(weight|bias)|layers\.\d+\.(self_attn\.[qkvo]_proj|mlp\.(gate|up|down)_proj|(input|post_attention)_layernorm(_2)?)\.weight)$/,
  unread: /^(lm_head\.weight|model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq)$/,
  lensFormulas: {logit: "softmax(head(hₜ))"},
  model: ({config}) => modelOf(parseConfig(config))
};

function modelOf(config: OuroConfig): Model {
  const {width, vocab, maxTokens, layers, loops} = config;
  return {
    family: ouro.name,
    width,
    vocab,
    maxTokens,
    trainedSteps: loops,
    stacks: [{name: "core", blocks: layers}],
    parts: [{name: STATE, width, start: {from: "input"}}],
    carriedWidth: width,
    inputWidth: 0,
    weights: weightsOf(config),
    sites: sitesOf(config),
    scalars: [EXIT_GATE],
    exitGate: EXIT_GATE,
    lenses: Object.keys(ouro.lensFormulas),
    stateIs: "the stream after model.norm; step 0 is the embeddings",
    lensFormulas: ouro.lensFormulas,
    begin: (ops, ids) => ({start: embed(ops, ids)}),
    step: (ops, [state]) => [loop(ops, config, state)],
    read: (_, __, [state]) => state,
    head: (ops, x) => head(ops, config, x)
  };
}
