import type {Ops} from "../../model/ops.ts";
import type {HrmTextConfig} from "./config.ts";

// The hierarchical reasoning model for text (sapientinc/HRM-Text), as in transformers' models/hrm_text: a low state that moves several
// times for each move of a high one, each by a stack of its own. Norms have no weights.

/** Token ids → where the high state starts. The input is never injected again. */
export const embed = <T>(ops: Ops<T>, {embeddingScale}: HrmTextConfig, ids: T): T =>
  ops.site("embed", ops.scale(ops.gather("embedding", ids), embeddingScale));

/** One high cycle: the states, high and low → the next ones. */
export function cycle<T>(ops: Ops<T>, config: HrmTextConfig, high: T, low: T): readonly [T, T] {
  let z = low;
  for (let i = 0; i < config.lowCycles; ++i)
    z = ops.site(`low.${i}.out`, stack(ops, config, {weights: "low", call: `low.${i}`}, ops.add(z, high)));
  return [stack(ops, config, {weights: "high", call: "high"}, ops.add(high, z)), z];
}

/** Which stack it is, and which of its calls in a step: that tells attentions and sites apart. */
interface Call {
  readonly weights: string;
  readonly call: string;
}

function stack<T>(ops: Ops<T>, config: HrmTextConfig, {weights, call}: Call, input: T): T {
  let x = input;
  for (let i = 0; i < config.blocks; ++i)
    x = ops.site(`${call}.${i}.out`, block(ops, config, {weights: `${weights}.${i}`, call: `${call}.${i}`}, x));
  return ops.rmsNorm(x, undefined, config.normEps);
}

function block<T>(ops: Ops<T>, config: HrmTextConfig, names: Call, x: T): T {
  const norm = (i: number, value: T) => ops.site(`${names.call}.norm_${i}`, ops.rmsNorm(value, undefined, config.normEps));
  const y = ops.add(x, attention(ops, config, names, norm(1, x)));
  return ops.add(y, mlp(ops, config, names, norm(2, y)));
}

/** Attention whose context a gate of the same input lets through, feature by feature. */
function attention<T>(ops: Ops<T>, {heads, headWidth, rope, isFused}: HrmTextConfig, {weights, call}: Call, x: T): T {
  const site = (part: string, value: T) => ops.site(`${call}.${part}`, value);
  const rows = heads * headWidth;
  const [gate, q, k, v] = isFused
    ? ops.split(ops.linear(x, `${weights}.gqkv`), [rows, rows, rows, rows])
    : ["attn_gate", "q", "k", "v"].map((part) => ops.linear(x, `${weights}.${part}`));
  const turned = (part: string, value: T) => site(`${part}_rope`, ops.rope(site(part, value), rope, heads));
  const context = ops.attention(turned("q", q), turned("k", k), v, {name: call, heads, kvHeads: heads});
  return site("attn_out", ops.linear(site("attn_ctx", ops.mul(context, ops.sigmoid(gate))), `${weights}.attn_proj`));
}

function mlp<T>(ops: Ops<T>, {hidden, isFused}: HrmTextConfig, {weights, call}: Call, x: T): T {
  const [gate, up] = isFused
    ? ops.split(ops.linear(x, `${weights}.gate_up`), [hidden, hidden])
    : [ops.linear(x, `${weights}.gate`), ops.linear(x, `${weights}.up`)];
  return ops.site(`${call}.mlp_out`, ops.linear(ops.mul(ops.silu(gate), up), `${weights}.mlp_proj`));
}

/** The high state → logits, with nothing between. */
export const head = <T>(ops: Ops<T>, {tieEmbeddings}: HrmTextConfig, x: T): T => ops.linear(x, tieEmbeddings ? "embedding" : "head");
