import type {Ops} from "../../model/ops.ts";
import type {OuroConfig} from "./config.ts";
import {EXIT_GATE} from "../../trace/readoutNames.ts";
import {PRE_NORM} from "./sites.ts";

// LoopLM (arXiv 2510.25741), as in the modeling_ouro.py that ships with the checkpoints: all layers, looped, the stream normed after every loop.

/** Token ids → the embeddings, where the loop starts. The input is never injected again. */
export const embed = <T>(ops: Ops<T>, ids: T): T => ops.site("embed", ops.gather("embedding", ids));

/** One loop: the normed stream → the next one. Its gate is computed beside it. */
export function loop<T>(ops: Ops<T>, config: OuroConfig, state: T): T {
  let x = state;
  for (let i = 0; i < config.layers; ++i) x = ops.site(`core.${i}.out`, layer(ops, config, `core.${i}`, x));
  const next = ops.rmsNorm(ops.site(PRE_NORM, x), "norm", config.normEps);
  ops.site(EXIT_GATE, ops.sigmoid(ops.linear(next, "gate", "gate.bias")));
  return next;
}

/** A norm before each branch and one on what it gives; the sum itself is not normed. */
function layer<T>(ops: Ops<T>, config: OuroConfig, name: string, x: T): T {
  const norm = (i: number, value: T) => ops.site(`${name}.norm_${i}`, ops.rmsNorm(value, `${name}.norm_${i}`, config.normEps));
  const y = ops.add(x, norm(2, attention(ops, config, name, norm(1, x))));
  const read = norm(3, y);
  const gated = ops.mul(ops.silu(ops.linear(read, `${name}.gate`)), ops.linear(read, `${name}.up`));
  return ops.add(y, norm(4, ops.site(`${name}.mlp_out`, ops.linear(gated, `${name}.mlp_proj`))));
}

function attention<T>(ops: Ops<T>, {heads, kvHeads, rope}: OuroConfig, name: string, x: T): T {
  const site = (part: string, value: T) => ops.site(`${name}.${part}`, value);
  const turned = (part: "q" | "k", count: number) =>
    site(`${part}_rope`, ops.rope(site(part, ops.linear(x, `${name}.${part}`)), rope, count));
  const context = ops.attention(turned("q", heads), turned("k", kvHeads), ops.linear(x, `${name}.v`), {name, heads, kvHeads});
  return site("attn_out", ops.linear(site("attn_ctx", context), `${name}.attn_proj`));
}

/** A state → logits, with nothing between. */
export const head = <T>(ops: Ops<T>, {tieEmbeddings}: OuroConfig, x: T): T => ops.linear(x, tieEmbeddings ? "embedding" : "head");
