import type {GraphNode} from "./onnxProto.ts";
import type {WeightPart} from "./weightParts.ts";

/**
 * Replaces each product with a weight whose result is only split (queries, keys and values; gate and up) by one product for every
 * part, with that part of the weight's rows. The numbers are the same to the last bit and nothing is copied. Products that
 * are named, as by a site, stay. Also gives what the new weights' names stand for.
 */
export function splitProducts(
  nodes: readonly GraphNode[],
  named: ReadonlySet<string>,
  isWeight: (name: string) => boolean
): {readonly nodes: readonly GraphNode[]; readonly parts: ReadonlyMap<string, WeightPart>} {
  const readers = new Map<string, number>();
  for (const name of nodes.flatMap(({inputs}) => inputs)) readers.set(name, (readers.get(name) ?? 0) + 1);
  const splits = new Map(
    nodes
      .filter(({op, inputs: [whole]}) => op === "Split" && readers.get(whole) === 1 && !named.has(whole))
      .map((node) => [node.inputs[0], node])
  );
  const parts = new Map<string, WeightPart>();
  const replaced = new Set<GraphNode>();
  const products = nodes.flatMap((node): readonly GraphNode[] => {
    const split = node.op === "Gemm" && node.inputs.slice(1).every(isWeight) ? splits.get(node.outputs[0]) : undefined;
    if (!split) return [node];
    replaced.add(split);
    return split.outputs.map((output, part) => {
      const pieces = node.inputs.slice(1).map((weight) => {
        const name = `${weight} part ${part + 1} of ${split.outputs.length}`;
        parts.set(name, {weight, part, parts: split.outputs.length});
        return name;
      });
      return {...node, inputs: [node.inputs[0], ...pieces], outputs: [output]};
    });
  });
  return {nodes: products.filter((node) => !replaced.has(node)), parts};
}
