import type {ModelConfig} from "../../families/huginn/config.ts";
import type {Ops} from "../../model/ops.ts";
import {ropeTablesOf} from "../../model/rope.ts";
import type {Stage} from "../stages.ts";
import type {Attribute, ElementType, GraphNode, ValueInfo} from "./onnxProto.ts";

/** A constant that a trace made: shapes, factors, rotary tables. */
export interface Constant {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** A site of the stage: the value that it names and how many nodes come before it. */
export interface TracedSite {
  readonly name: string;
  readonly value: string;
  readonly position: number;
}

/** A stage as a list of ONNX nodes in the order of computation; from this, graphs are cut (see segments.ts). */
export interface TracedStage {
  readonly nodes: readonly GraphNode[];
  readonly sites: readonly TracedSite[];
  readonly constants: ReadonlyMap<string, Constant>;
  /** Every value that a node makes or the stage is given, by name. */
  readonly values: ReadonlyMap<string, ValueInfo>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Inputs that follow from the batch alone and that a graph has where it needs them. */
export const batchInputs = {
  /** [inits, tokens, −1], by which rows are told apart into sequences. */
  batch_shape: {name: "batch_shape", type: "int64", shape: [3]},
  /** Each row's place in its sequence. */
  positions: {name: "positions", type: "int64", shape: ["inits", "tokens"]},
  /** 0 where a query may see a key, −∞ where not. */
  causal_mask: {name: "causal_mask", type: "float32", shape: ["tokens", "tokens"]}
} as const satisfies Record<string, ValueInfo>;

/** A value of the trace: rows [inits · tokens, width], the same as a batch [inits, tokens, width], or attention weights. */
interface Traced {
  readonly name: string;
  readonly form: "rows" | "batch" | "weights";
  readonly width: number;
}

/** Runs a stage's functions once, writing down an ONNX node for each operation. */
export function traceStage(stage: Stage, config: ModelConfig): TracedStage {
  const nodes: GraphNode[] = [];
  const sites: TracedSite[] = [];
  const constants = new Map<string, Constant>();
  const values = new Map<string, ValueInfo>(Object.entries(batchInputs));
  const reshaped = new Map<string, Traced>();

  const declare = (traced: Traced): Traced => {
    values.set(traced.name, {name: traced.name, type: "float32", shape: shapeOf(traced, config)});
    return traced;
  };
  const emit = (
    op: string,
    inputs: readonly string[],
    {form, width}: Omit<Traced, "name">,
    attributes: Record<string, Attribute> = {},
    domain = ""
  ): Traced => {
    const traced = declare({name: `v${nodes.length}`, form, width});
    nodes.push({op, domain, inputs, outputs: [traced.name], attributes});
    return traced;
  };
  const constant = (name: string, type: ElementType, shape: readonly number[], data: BigInt64Array | Float32Array): string => {
    constants.set(name, {type, shape, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength)});
    return name;
  };
  const integers = (name: string, ...numbers: readonly number[]) =>
    constant(name, "int64", [numbers.length], BigInt64Array.from(numbers, BigInt));
  const number = (value: number) => constant(`number_${value}`, "float32", [], Float32Array.of(value));
  const lastAxis = () => integers("last_axis", -1);

  /** The same numbers in the other arrangement; made once for each value. */
  const as = (form: "rows" | "batch", x: Traced): Traced => {
    if (x.form === form) return x;
    const key = `${x.name} as ${form}`;
    const made =
      reshaped.get(key) ??
      emit("Reshape", [x.name, form === "batch" ? "batch_shape" : integers(`rows_of_${x.width}`, -1, x.width)], {form, width: x.width});
    reshaped.set(key, made);
    return made;
  };
  const rows = (x: Traced) => as("rows", x);
  const elementwise = (op: string, a: Traced, b: Traced): Traced => {
    const [left, right] = a.form === b.form ? [a, b] : [rows(a), rows(b)];
    return emit(op, [left.name, right.name], {form: left.form, width: Math.max(a.width, b.width)});
  };
  const same = (op: string, x: Traced) => emit(op, [x.name], x);
  /** [inits, heads, tokens, head width], or with the last two the other way round. */
  const headsOf = (x: Traced, {transposed = false} = {}): Traced => {
    const apart = emit("Reshape", [as("batch", x).name, integers("heads_apart", 0, 0, config.heads, config.headWidth)], {
      form: "weights",
      width: config.headWidth
    });
    return emit("Transpose", [apart.name], apart, {perm: transposed ? [0, 2, 3, 1] : [0, 2, 1, 3]});
  };

  const ops: Ops<Traced> = {
    gather: (table, ids) => emit("Gather", [table, ids.name], {form: "rows", width: config.width}),
    linear: (x, weight, bias) =>
      emit(
        "Gemm",
        bias === undefined ? [rows(x).name, weight] : [rows(x).name, weight, bias],
        {form: "rows", width: outputWidthOf(weight, config)},
        {transB: 1}
      ),
    rmsNorm: (x, weight, eps) => emit("RMSNormalization", [x.name, weight], x, {axis: -1, epsilon: {float: eps}}),
    inverseRms: (x, eps) => {
      const mean = emit("ReduceMean", [elementwise("Mul", x, x).name, lastAxis()], {form: x.form, width: 1}, {keepdims: 1});
      const shifted = emit("Add", [mean.name, number(eps)], mean);
      return same("Reciprocal", same("Sqrt", shifted));
    },
    meanProduct: (a, b) => {
      const products = elementwise("Mul", a, b);
      return emit("ReduceMean", [products.name, lastAxis()], {form: products.form, width: 1}, {keepdims: 1});
    },
    times: (x, weight) => emit("Mul", [x.name, weight], x),
    add: (a, b) => elementwise("Add", a, b),
    sub: (a, b) => elementwise("Sub", a, b),
    mul: (a, b) => elementwise("Mul", a, b),
    scale: (x, factor) => emit("Mul", [x.name, number(factor)], x),
    sum: (x) => emit("ReduceSum", [x.name, lastAxis()], {form: x.form, width: 1}, {keepdims: 1}),
    concat: (a, b) => emit("Concat", [rows(a).name, rows(b).name], {form: "rows", width: a.width + b.width}, {axis: -1}),
    split: (x, parts) => {
      const made = Array.from({length: parts}, (_, i) => declare({name: `v${nodes.length}_${i}`, form: x.form, width: x.width / parts}));
      nodes.push({
        op: "Split",
        domain: "",
        inputs: [x.name],
        outputs: made.map(({name}) => name),
        attributes: {axis: -1, num_outputs: parts}
      });
      return made;
    },
    silu: (x) => elementwise("Mul", x, same("Sigmoid", x)),
    sigmoid: (x) => same("Sigmoid", x),
    rope: (x) => {
      const half = config.headWidth / 2;
      const {cos, sin} = constants.has("rope_cos") ? {cos: undefined, sin: undefined} : ropeTablesOf(config);
      if (cos && sin) {
        constant("rope_cos", "float32", [config.blockSize, half], cos);
        constant("rope_sin", "float32", [config.blockSize, half], sin);
      }
      return emit(
        "RotaryEmbedding",
        [as("batch", x).name, "rope_cos", "rope_sin", "positions"],
        {form: "batch", width: x.width},
        {interleaved: 1, num_heads: config.heads}
      );
    },
    attention: (q, k, v) => {
      const inputs = [q, k, v].map((x) => as("batch", x).name);
      return emit(
        "Attention",
        inputs,
        {form: "batch", width: config.width},
        {is_causal: 1, q_num_heads: config.heads, kv_num_heads: config.heads}
      );
    },
    scores: (q, k) => {
      const products = emit("MatMul", [headsOf(q).name, headsOf(k, {transposed: true}).name], {form: "weights", width: NaN});
      return emit("Mul", [products.name, number(1 / Math.sqrt(config.headWidth))], products);
    },
    causalSoftmax: (scores) => emit("Softmax", [emit("Add", [scores.name, "causal_mask"], scores).name], scores, {axis: -1}),
    mix: (weights, v) => {
      const mixed = emit("MatMul", [weights.name, headsOf(v).name], {form: "weights", width: config.headWidth});
      const together = emit("Transpose", [mixed.name], mixed, {perm: [0, 2, 1, 3]});
      return emit("Reshape", [together.name, integers("heads_together", 0, 0, config.width)], {form: "batch", width: config.width});
    },
    site: (name, x) => {
      sites.push({name, value: x.name, position: nodes.length});
      return x;
    }
  };

  const inputs = stage.inputs.map(({name, kind}): Traced => {
    const traced: Traced = {name, form: "rows", width: kind === "ids" ? 1 : config.width};
    values.set(name, kind === "ids" ? {name, type: "int64", shape: ["rows"]} : {name, type: "float32", shape: ["rows", config.width]});
    return traced;
  });
  // Outputs are told apart into rows at the end, so that a segment's last value has a known arrangement.
  const outputs = stage.build(ops, config, inputs).map((output) => rows(output).name);
  return {nodes, sites, constants, values, inputs: stage.inputs.map(({name}) => name), outputs};
}

function shapeOf({form, width}: Traced, {heads}: ModelConfig): readonly (number | string)[] {
  if (form === "rows") return ["rows", width];
  if (form === "batch") return ["inits", "tokens", width];
  return ["inits", heads, "tokens", Number.isNaN(width) ? "tokens" : width];
}

/** Rows of a weight matrix, the width of what it makes. */
export function outputWidthOf(weight: string, {width, hidden, vocab}: ModelConfig): number {
  if (weight === "embedding" || weight === "head") return vocab;
  if (weight.endsWith(".qkv")) return 3 * width;
  return weight.endsWith(".mlp_fc") ? 2 * hidden : width;
}
