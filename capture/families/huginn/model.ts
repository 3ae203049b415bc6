import type {Ops} from "../../model/ops.ts";
import {INPUT} from "../../model/site.ts";
import type {HuginnConfig} from "./config.ts";
import {CORE_INPUT} from "./sites.ts";

// The recurrent-depth transformer of Geiping et al. 2025 (arXiv 2502.05171), as in the authors' reference code.
// Written once; see ops.ts for what interprets it. A function here knows nothing of batches, files or steps.

/** Token ids → e, the input that every step is given again. */
export function prelude<T>(ops: Ops<T>, config: HuginnConfig, ids: T): T {
  let x = ops.site("embed", ops.scale(ops.gather("embedding", ids), Math.sqrt(config.width)));
  for (let i = 0; i < config.preludeBlocks; ++i) x = ops.site(`prelude.${i}.out`, block(ops, config, `prelude.${i}`, x));
  return ops.site(INPUT, x);
}

/** One recurrence: the state before `ln_f` → the next one. The adapter reads the state first, then e. */
export function coreStep<T>(ops: Ops<T>, config: HuginnConfig, state: T, input: T): T {
  let x = ops.site(CORE_INPUT, ops.linear(ops.concat(state, input), "adapter", config.adapterBias ? "adapter.bias" : undefined));
  for (let i = 0; i < config.coreBlocks; ++i) x = ops.site(`core.${i}.out`, block(ops, config, `core.${i}`, x));
  return x;
}

/** A state → what the head reads: ln_f, coda, and the same ln_f again. */
export function coda<T>(ops: Ops<T>, config: HuginnConfig, state: T): T {
  let x = finalNorm(ops, config, state);
  for (let i = 0; i < config.codaBlocks; ++i) x = ops.site(`coda.${i}.out`, block(ops, config, `coda.${i}`, x));
  return ops.rmsNorm(x, "final_norm", config.normEps);
}

/** A state → ln_f of it, what the logit lens hands to the head and the authors plot. */
export function finalNorm<T>(ops: Ops<T>, config: HuginnConfig, state: T): T {
  return ops.site("state_normed", ops.rmsNorm(state, "final_norm", config.normEps));
}

/** What the head reads → logits. No cap, no scale, no bias. */
export function head<T>(ops: Ops<T>, config: HuginnConfig, x: T): T {
  return ops.linear(x, config.tieEmbeddings ? "embedding" : "head");
}

/** The sandwich: a norm before each branch and one on the residual sum after it. */
function block<T>(ops: Ops<T>, {width, heads, hidden, normEps, qkBias, rope}: HuginnConfig, name: string, x: T): T {
  const site = (part: string, value: T) => ops.site(`${name}.${part}`, value);
  const norm = (i: number, value: T) => site(`norm_${i}`, ops.rmsNorm(value, `${name}.norm_${i}`, normEps));
  const turned = (value: T) => ops.rope(value, rope, heads);

  const qkv = site("qkv", ops.linear(norm(1, x), `${name}.qkv`, qkBias ? `${name}.qkv.bias` : undefined));
  const [q, k, v] = ops.split(qkv, [width, width, width]);
  const context = ops.attention(site("q_rope", turned(site("q", q))), site("k_rope", turned(site("k", k))), v, {
    name,
    heads,
    kvHeads: heads
  });
  const attended = site("attn_out", ops.linear(site("attn_ctx", context), `${name}.attn_proj`));
  const y = norm(2, ops.add(x, attended));

  const [gate, up] = ops.split(site("mlp_fc", ops.linear(norm(3, y), `${name}.mlp_fc`)), [hidden, hidden]);
  const transformed = site("mlp_out", ops.linear(ops.mul(ops.silu(gate), up), `${name}.mlp_proj`));
  return ops.rmsNorm(ops.add(y, transformed), `${name}.norm_4`, normEps);
}
