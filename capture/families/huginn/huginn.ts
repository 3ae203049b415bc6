import type {Family, Model} from "../../model/family.ts";
import {STATE} from "../../model/site.ts";
import {parseConfig, type HuginnConfig} from "./config.ts";
import {coda, coreStep, finalNorm, head, prelude} from "./model.ts";
import {sitesOf} from "./sites.ts";
import {weightsOf} from "./weights.ts";

/** Huginn-0125 and what is laid out like it: sandwich blocks, learned query and key biases, noise as the initial state. */
export const huginn: Family = {
  name: "huginn",
  modelTypes: ["huginn_raven"],
  marks: [{pattern: /^transformer\.(prelude|core_block|coda)\.\d+\.norm_[34]\.weight$/, example: "transformer.core_block.0.norm_3.weight"}],
  names:
    /^transformer\.(wte\.weight|ln_f\.weight|adapter\.(weight|bias)|(prelude|core_block|coda)\.\d+\.(norm_[1-4]\.weight|attn\.(Wqkv\.weight|qk_bias|proj\.weight)|mlp\.(fc|proj)\.weight))$/,
  unread: /^(freqs_cis|lm_head\.weight)$/,
  lensFormulas: {coda: "softmax(head(ln_f(coda(ln_f(hₜ)))))", logit: "softmax(head(ln_f(hₜ)))"},
  model: ({config}) => modelOf(parseConfig(config))
};

function modelOf(config: HuginnConfig): Model {
  const {width, vocab, maxTokens, preludeBlocks, coreBlocks, codaBlocks, normEps} = config;
  const spread = Math.sqrt(width) * config.stateStd;
  const reads: Readonly<Record<string, typeof coda>> = {coda, logit: finalNorm};
  return {
    family: huginn.name,
    width,
    vocab,
    maxTokens,
    trainedSteps: config.meanRecurrence,
    stacks: [
      {name: "prelude", blocks: preludeBlocks},
      {name: "core", blocks: coreBlocks},
      {name: "coda", blocks: codaBlocks}
    ],
    parts: [{name: STATE, width, start: {from: "noise", std: spread}}],
    carriedWidth: width,
    inputWidth: width,
    weights: weightsOf(config),
    sites: sitesOf(config),
    scalars: [],
    lenses: Object.keys(huginn.lensFormulas),
    stateIs: "the core’s output before ln_f; step 0 is the initial state",
    lensFormulas: huginn.lensFormulas,
    stateNorm: {weight: "final_norm", eps: normEps},
    testTimeNoise: {spread, norm: {weight: `core.${coreBlocks - 1}.norm_4`, eps: normEps}},
    begin: (ops, ids) => ({input: prelude(ops, config, ids)}),
    step: (ops, [state], input) => [coreStep(ops, config, state, input!)],
    read: (ops, lens, [state]) => reads[lens](ops, config, state),
    head: (ops, x) => head(ops, config, x)
  };
}
