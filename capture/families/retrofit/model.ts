import type {Ops} from "../../model/ops.ts";
import {INPUT} from "../../model/site.ts";
import type {RetrofitConfig} from "./config.ts";
import {CORE_INPUT} from "./sites.ts";

// Retrofitted recurrence (McLeish et al. 2025, arXiv 2511.07384): a pretrained transformer's layers as prelude, looped core and coda,
// with a linear adapter. As in the authors' raven_modeling_minimal_llama.py and …_olmo.py.

/** Token ids → e, the input that every step is given again. */
export function prelude<T>(ops: Ops<T>, config: RetrofitConfig, ids: T): T {
  const rows = ops.gather("embedding", ids);
  let x = ops.site("embed", config.embedScale === 1 ? rows : ops.scale(rows, config.embedScale));
  for (let i = 0; i < config.preludeBlocks; ++i) x = ops.site(`prelude.${i}.out`, block(ops, config, `prelude.${i}`, x));
  return ops.site(INPUT, x);
}

/** One recurrence: the residual stream after the core, which nothing norms → the next one. */
export function coreStep<T>(ops: Ops<T>, config: RetrofitConfig, state: T, input: T): T {
  let x = ops.site(CORE_INPUT, ops.linear(ops.concat(state, input), "adapter", config.adapterBias ? "adapter.bias" : undefined));
  for (let i = 0; i < config.coreBlocks; ++i) x = ops.site(`core.${i}.out`, block(ops, config, `core.${i}`, x));
  return x;
}

/** A state → what the head reads: coda, then ln_f. There is no norm between core and coda. */
export function coda<T>(ops: Ops<T>, config: RetrofitConfig, state: T): T {
  let x = state;
  for (let i = 0; i < config.codaBlocks; ++i) x = ops.site(`coda.${i}.out`, block(ops, config, `coda.${i}`, x));
  return ops.site("head.in", ops.rmsNorm(x, "final_norm", config.normEps));
}

/** A state → ln_f of it, what the logit lens hands to the head. */
export function finalNorm<T>(ops: Ops<T>, config: RetrofitConfig, state: T): T {
  return ops.site("state_normed", ops.rmsNorm(state, "final_norm", config.normEps));
}

export function head<T>(ops: Ops<T>, config: RetrofitConfig, x: T): T {
  return ops.linear(x, config.tieEmbeddings ? "embedding" : "head");
}

function block<T>(ops: Ops<T>, config: RetrofitConfig, name: string, x: T): T {
  const isBefore = config.kind === "llama"; // where the norms are: before the branches, or on what they give
  const norm = (i: number, value: T) => ops.site(`${name}.norm_${i}`, ops.rmsNorm(value, `${name}.norm_${i}`, config.normEps));
  const branch = (i: number, value: T, of: (read: T) => T) => (isBefore ? of(norm(i, value)) : norm(i, of(value)));
  const y = ops.add(
    x,
    branch(1, x, (read) => attention(ops, config, name, read))
  );
  return ops.add(
    y,
    branch(2, y, (read) => mlp(ops, config, name, read))
  );
}

function attention<T>(ops: Ops<T>, config: RetrofitConfig, name: string, x: T): T {
  const {kind, heads, kvHeads, headWidth, normEps, rope} = config;
  const site = (part: string, value: T) => ops.site(`${name}.${part}`, value);
  const widths = [heads, kvHeads, kvHeads].map((count) => count * headWidth);
  const [q, k, v] = ops.split(site("qkv", ops.linear(x, `${name}.qkv`)), widths);
  const turned = (part: "q" | "k", value: T, count: number) => {
    const normed = kind === "olmo2" ? ops.rmsNorm(value, `${name}.${part}_norm`, normEps) : value; // over all heads at once
    return site(`${part}_rope`, ops.rope(site(part, normed), rope, count));
  };
  const context = ops.attention(turned("q", q, heads), turned("k", k, kvHeads), v, {name, heads, kvHeads});
  return site("attn_out", ops.linear(site("attn_ctx", context), `${name}.attn_proj`));
}

function mlp<T>(ops: Ops<T>, {hidden}: RetrofitConfig, name: string, x: T): T {
  const [gate, up] = ops.split(ops.site(`${name}.mlp_fc`, ops.linear(x, `${name}.mlp_fc`)), [hidden, hidden]);
  return ops.site(`${name}.mlp_out`, ops.linear(ops.mul(ops.silu(gate), up), `${name}.mlp_proj`));
}
