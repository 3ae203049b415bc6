import type {GraphNode} from "./onnxProto.ts";

/**
 * Replaces each sum that only a norm reads by onnxruntime's one operator for both (the sandwich's norms of the residual sum).
 * Sums that are named, as by a site or an output, stay.
 */
export function fuseResidualNorms(nodes: readonly GraphNode[], named: ReadonlySet<string>): GraphNode[] {
  const readers = new Map<string, number>();
  for (const name of nodes.flatMap(({inputs}) => inputs)) readers.set(name, (readers.get(name) ?? 0) + 1);
  const sums = new Map(
    nodes.filter(({op, outputs: [sum]}) => op === "Add" && readers.get(sum) === 1 && !named.has(sum)).map((node) => [node.outputs[0], node])
  );
  const fused = new Set<GraphNode>();
  const replaced = nodes.map((node): GraphNode => {
    const sum = node.op === "RMSNormalization" ? sums.get(node.inputs[0]) : undefined;
    if (!sum) return node;
    fused.add(sum);
    return {
      op: "SkipSimplifiedLayerNormalization",
      domain: "com.microsoft",
      inputs: [...sum.inputs, node.inputs[1]],
      outputs: node.outputs,
      attributes: {epsilon: node.attributes.epsilon}
    };
  });
  return replaced.filter((_, i) => !fused.has(nodes[i]));
}
