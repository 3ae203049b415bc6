import type {GraphNode} from "./onnxProto.ts";
import {partName, type WeightPart} from "./weightParts.ts";

/**
 * Replaces each product with a weight whose result is only split (queries, keys and values; gate and up) by one product for every
 * part, with that part of the weight's rows. The numbers are the same to the last bit and nothing is copied. Products that
 * are named, as by a site, stay. Also gives what the new weights' names stand for.
 */
export function splitProducts(
  nodes: readonly GraphNode[],
  named: ReadonlySet<string>,
  isWeight: (name: string) => boolean,
  widthOf: (value: string) => number
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
    let from = 0;
    return split.outputs.map((output) => {
      const to = from + widthOf(output);
      const pieces = node.inputs.slice(1).map((weight) => {
        const part = {weight, from, to};
        parts.set(partName(part), part);
        return partName(part);
      });
      from = to;
      return {...node, inputs: [node.inputs[0], ...pieces], outputs: [output]};
    });
  });
  return {nodes: products.filter((node) => !replaced.has(node)), parts};
}
