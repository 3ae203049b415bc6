import type {Heads, Ops, Rope} from "../../model/ops.ts";
import {KEYS, type NodeList, type Traced} from "./nodeList.ts";

/** What a stage's trace knows beside its nodes. */
interface TraceContext {
  readonly list: NodeList;
  /** Shape of a weight in the model. */
  shapeOf(weight: string): readonly number[];
  /** The names of the tables of cosines and sines that a rope needs. */
  tablesOf(rope: Rope, headWidth: number): {readonly cos: string; readonly sin: string};
  /** Attention in one node. */
  attention(q: Traced, k: Traced, v: Traced, heads: Heads & {readonly name: string}): Traced;
  site(name: string, x: Traced): Traced;
}

/** The operations as ONNX nodes: each call writes one down, or a few. */
export function traceOps(context: TraceContext): Ops<Traced> {
  const {list, shapeOf, tablesOf} = context;
  const {emit, number} = list;
  const rows = (x: Traced) => list.as("rows", x);
  const batch = (x: Traced) => list.as("batch", x);
  const lastAxis = () => list.integers(-1);
  const elementwise = (op: string, a: Traced, b: Traced): Traced => {
    const [left, right] = a.form === b.form ? [a, b] : [rows(a), rows(b)];
    return emit(op, [left.name, right.name], {...left, width: Math.max(a.width, b.width)});
  };
  const same = (op: string, x: Traced) => emit(op, [x.name], x);
  const reduced = (op: string, x: Traced) => emit(op, [x.name, lastAxis()], {...x, width: 1}, {keepdims: 1});

  return {
    gather: (table, ids) => emit("Gather", [table, ids.name], {form: "rows", width: shapeOf(table)[1]}),
    linear: (x, weight, bias) => {
      const inputs = bias === undefined ? [rows(x).name, weight] : [rows(x).name, weight, bias];
      return emit("Gemm", inputs, {form: "rows", width: shapeOf(weight)[0]}, {transB: 1});
    },
    rmsNorm: (x, weight, eps) => emit("RMSNormalization", [x.name, weight ?? list.ones(x.width)], x, {axis: -1, epsilon: {float: eps}}),
    inverseRms: (x, eps) => {
      const mean = reduced("ReduceMean", elementwise("Mul", x, x));
      return same("Reciprocal", same("Sqrt", emit("Add", [mean.name, number(eps)], mean)));
    },
    meanProduct: (a, b) => reduced("ReduceMean", elementwise("Mul", a, b)),
    times: (x, weight) => emit("Mul", [x.name, weight], x),
    add: (a, b) => elementwise("Add", a, b),
    sub: (a, b) => elementwise("Sub", a, b),
    mul: (a, b) => elementwise("Mul", a, b),
    scale: (x, factor) => emit("Mul", [x.name, number(factor)], x),
    sum: (x) => reduced("ReduceSum", x),
    concat: (a, b) => emit("Concat", [rows(a).name, rows(b).name], {form: "rows", width: a.width + b.width}, {axis: -1}),
    split: (x, sizes) => [
      ...list.emitAll(
        "Split",
        [x.name, list.integers(...sizes)],
        sizes.map((width) => ({...x, width})),
        {axis: -1}
      )
    ],
    silu: (x) => elementwise("Mul", x, same("Sigmoid", x)),
    sigmoid: (x) => same("Sigmoid", x),
    rope: (x, rope, heads) => {
      const {cos, sin} = tablesOf(rope, x.width / heads);
      const interleaved = rope.pairs === "neighbours" ? 1 : 0;
      return emit(
        "RotaryEmbedding",
        [batch(x).name, cos, sin, "positions"],
        {form: "batch", width: x.width},
        {interleaved, num_heads: heads}
      );
    },
    attention: context.attention,
    ...attentionParts(list),
    site: context.site
  };
}

/** Attention in its parts, for what one node does not give: its derivative. */
function attentionParts(list: NodeList): Pick<Ops<Traced>, "scores" | "maskedSoftmax" | "mix"> {
  const {emit, integers, number} = list;
  /** [inits, heads, tokens, head width], or with the last two the other way round. */
  const apart = (x: Traced, heads: number, {transposed = false} = {}): Traced => {
    const like = {form: "heads", width: x.width / heads, heads} as const;
    const split = emit("Reshape", [list.as("batch", x).name, integers(0, 0, heads, like.width)], like);
    return emit("Transpose", [split.name], like, {perm: transposed ? [0, 2, 3, 1] : [0, 2, 1, 3]});
  };
  /** The queries' heads that share a key's, one after the other as one long sequence for each key's head; and back. */
  const regrouped = (x: Traced, from: number, to: number): Traced =>
    from === to ? x : emit("Reshape", [x.name, integers(0, to, -1, 0)], {...x, heads: to});

  return {
    scores: (q, k, {heads, kvHeads}) => {
      const queries = regrouped(apart(q, heads), heads, kvHeads);
      const like = {form: "heads", width: KEYS, heads: kvHeads} as const;
      const products = regrouped(emit("MatMul", [queries.name, apart(k, kvHeads, {transposed: true}).name], like), kvHeads, heads);
      return emit("Mul", [products.name, number(1 / Math.sqrt(q.width / heads))], products);
    },
    maskedSoftmax: (scores) => emit("Softmax", [emit("Add", [scores.name, "mask"], scores).name], scores, {axis: -1}),
    mix: (weights, v, {heads, kvHeads}) => {
      const width = v.width / kvHeads;
      const like = {form: "heads", width, heads: kvHeads} as const;
      const products = emit("MatMul", [regrouped(weights, heads, kvHeads).name, apart(v, kvHeads).name], like);
      const together = emit("Transpose", [regrouped(products, kvHeads, heads).name], {...like, heads}, {perm: [0, 2, 1, 3]});
      return emit("Reshape", [together.name, integers(0, 0, heads * width)], {form: "batch", width: heads * width});
    }
  };
}
