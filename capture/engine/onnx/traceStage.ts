import type {Model} from "../../model/family.ts";
import type {Heads, Rope} from "../../model/ops.ts";
import type {Stage} from "../stages.ts";
import {nodeList, type Constant, type NodeList, type Traced} from "./nodeList.ts";
import type {GraphNode, ValueInfo} from "./onnxProto.ts";
import {traceOps} from "./traceOps.ts";

/** A site of the stage: the value that it names and how many nodes come before it. */
export interface TracedSite {
  readonly name: string;
  readonly value: string;
  readonly position: number;
}

/** How attention is told what to see: causal over the call's own tokens, by a mask, or by a mask and with keys and values of earlier positions. */
export type AttentionForm = "causal" | "masked" | "cached";

/** An attention of a stage in the cached form: its own keys and values, and the inputs for the earlier ones. */
export interface TracedAttention {
  readonly name: string;
  readonly keys: string;
  readonly values: string;
  readonly pastKeys: string;
  readonly pastValues: string;
  /** Numbers of a position: key heads · head width. */
  readonly width: number;
}

/** Tables of rotations that a stage is given. */
export interface TracedRope {
  readonly cos: string;
  readonly sin: string;
  readonly rope: Rope;
  readonly headWidth: number;
}

/** A stage as a list of ONNX nodes in the order of computation; from this, graphs are cut (see segments.ts). */
export interface TracedStage {
  readonly nodes: readonly GraphNode[];
  readonly sites: readonly TracedSite[];
  readonly constants: ReadonlyMap<string, Constant>;
  /** Every value that a node makes or the stage is given, by name. */
  readonly values: ReadonlyMap<string, ValueInfo>;
  /** The stage's own inputs and outputs, in order. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly ropes: readonly TracedRope[];
  /** None but in the cached form. */
  readonly attentions: readonly TracedAttention[];
}

/** Values that follow from the batch and where its tokens stand; a graph has those that it needs. */
const batchValues: readonly ValueInfo[] = [
  /** [inits, tokens, −1], by which rows are told apart into sequences. */
  {name: "batch_shape", type: "int64", shape: [3]},
  /** Each row's place in the tables of rotations. */
  {name: "positions", type: "int64", shape: ["inits", "tokens"]},
  /** 0 where a token may see a key, −∞ where not. */
  {name: "mask", type: "float32", shape: ["tokens", "keys"]}
];

/** Runs a stage's functions once, writing down an ONNX node for each operation. */
export function traceStage(stage: Stage, {weights}: Pick<Model, "weights">, form: AttentionForm = "causal"): TracedStage {
  const sites: TracedSite[] = [];
  const ropes = new Map<string, TracedRope>();
  const attentions: TracedAttention[] = [];
  const shapes = new Map(weights.map(({name, shape}) => [name, shape]));
  const inputs = stage.inputs.map(({name, width}): Traced => ({name, form: "rows", width}));
  const list = nodeList([
    ...batchValues,
    ...stage.inputs.map(
      ({name, kind, width}): ValueInfo =>
        kind === "ids" ? {name, type: "int64", shape: ["rows"]} : {name, type: "float32", shape: ["rows", width]}
    )
  ]);
  const ops = traceOps({
    list,
    shapeOf: (weight) => shapes.get(weight)!,
    tablesOf: (rope, headWidth) => {
      const key = JSON.stringify([rope, headWidth]);
      const known = ropes.get(key) ?? {cos: `cos_${ropes.size}`, sin: `sin_${ropes.size}`, rope, headWidth};
      ropes.set(key, known);
      for (const name of [known.cos, known.sin]) list.give({name, type: "float32", shape: [`table_${headWidth}`, headWidth / 2]});
      return known;
    },
    attention: (q, k, v, heads) => {
      const own: [Traced, Traced] = [list.as("batch", k), list.as("batch", v)];
      if (form !== "cached") return attentionNode(list, [q, ...own], heads, form);
      const traced = attentionNamed(heads.name, own);
      attentions.push(traced);
      return attentionNode(list, [q, ...withPast(list, own, traced)], heads, form);
    },
    site: (name, x) => {
      sites.push({name, value: x.name, position: list.nodes.length});
      return x;
    }
  });
  // Outputs are told apart into rows at the end, so that a segment's last value has a known arrangement.
  const outputs = stage.build(ops, inputs).map((output) => list.as("rows", output).name);
  return {
    nodes: list.nodes,
    sites,
    constants: list.constants,
    values: list.values,
    inputs: stage.inputs.map(({name}) => name),
    outputs: [...outputs, ...attentions.flatMap(({keys, values}) => [keys, values])],
    ropes: [...ropes.values()],
    attentions
  };
}

/** Attention as one node: causal, or by the mask. */
function attentionNode(list: NodeList, [q, k, v]: readonly [Traced, Traced, Traced], {heads, kvHeads}: Heads, form: AttentionForm): Traced {
  const inputs = [list.as("batch", q).name, k.name, v.name, ...(form === "causal" ? [] : ["mask"])];
  return list.emit(
    "Attention",
    inputs,
    {form: "batch", width: (v.width / kvHeads) * heads},
    {is_causal: form === "causal" ? 1 : 0, q_num_heads: heads, kv_num_heads: kvHeads}
  );
}

const attentionNamed = (name: string, [k, v]: readonly [Traced, Traced]): TracedAttention => ({
  name,
  keys: k.name,
  values: v.name,
  pastKeys: `${name} past keys`,
  pastValues: `${name} past values`,
  width: k.width
});

/** Keys and values with those of earlier positions before them. */
function withPast(list: NodeList, own: readonly [Traced, Traced], {pastKeys, pastValues}: TracedAttention): readonly [Traced, Traced] {
  const after = (past: string, x: Traced) => {
    list.give({name: past, type: "float32", shape: ["inits", "past", x.width]});
    return list.emit("Concat", [past, x.name], {form: "past", width: x.width}, {axis: 1});
  };
  return [after(pastKeys, own[0]), after(pastValues, own[1])];
}
