import type {CheckpointHeader, Family, Model} from "../../model/family.ts";
import {STATE} from "../../model/site.ts";
import {parseConfig, type RetrofitConfig} from "./config.ts";
import {coda, coreStep, finalNorm, head, prelude} from "./model.ts";
import {sitesOf} from "./sites.ts";
import {weightsOf} from "./weights.ts";

/** Pretrained transformers that were cut up and looped. Their config.json says that they are another model; their tensors do not. */
export const retrofit: Family = {
  name: "retrofit",
  modelTypes: ["huginn_raven"],
  marks: [{pattern: /^transformer\.core_block\.\d+\.norm_[12]\.weight$/, example: "transformer.core_block.0.norm_1.weight"}],
  never: [/\.norm_[34]\.weight$/, /\.attn\.qk_bias$/],
  names:
    /^transformer\.(wte\.weight|ln_f\.weight|adapter\.(weight|bias)|(prelude|core_block|coda)\.\d+\.(norm_[12]\.weight|attn\.(Wqkv|[qk]_norm|proj)\.weight|mlp\.(fc|proj)\.weight))$/,
  unread: /^lm_head\.weight$/,
  lensFormulas: {coda: "softmax(head(ln_f(coda(hₜ))))", logit: "softmax(head(ln_f(hₜ)))"},
  model: (header) => modelOf(parseConfig(header.config, kindOf(header)))
};

const kindOf = ({tensors}: CheckpointHeader) =>
  [...tensors.keys()].some((name) => name.endsWith(".attn.q_norm.weight")) ? "olmo2" : "llama";

function modelOf(config: RetrofitConfig): Model {
  const {width, vocab, maxTokens, preludeBlocks, coreBlocks, codaBlocks, normEps} = config;
  const reads: Readonly<Record<string, typeof coda>> = {coda, logit: finalNorm};
  return {
    family: retrofit.name,
    width,
    vocab,
    maxTokens,
    trainedSteps: config.meanRecurrence,
    stacks: [
      {name: "prelude", blocks: preludeBlocks},
      {name: "core", blocks: coreBlocks},
      {name: "coda", blocks: codaBlocks}
    ],
    parts: [{name: STATE, width, start: {from: "noise", std: config.stateStd}}],
    carriedWidth: width,
    inputWidth: width,
    weights: weightsOf(config),
    sites: sitesOf(config),
    scalars: [],
    lenses: Object.keys(retrofit.lensFormulas),
    stateIs: "the residual stream after the core, which nothing norms; step 0 is the initial state",
    lensFormulas: retrofit.lensFormulas,
    testNoise: [0.6, "end"], // its own starts are within 0.4 of zero, so that agreement of those says nearly nothing
    stateNorm: {weight: "final_norm", eps: normEps},
    begin: (ops, ids) => ({input: prelude(ops, config, ids)}),
    step: (ops, [state], input) => [coreStep(ops, config, state, input!)],
    read: (ops, lens, [state]) => reads[lens](ops, config, state),
    head: (ops, x) => head(ops, config, x)
  };
}
