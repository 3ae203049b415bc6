import {fuseResidualNorms} from "./fuseResidualNorms.ts";
import {elementTypes, type GraphNode, type Initializer, type OnnxGraph, type ValueInfo} from "./onnxProto.ts";
import type {Segment} from "./segments.ts";
import {splitProducts} from "./splitProducts.ts";
import type {TracedStage} from "./traceStage.ts";
import {withParts} from "./weightParts.ts";
import type {WeightSource} from "./weightSource.ts";

const ACCURACY_INT8 = 4; // MatMulNBits multiplies in 8 bits, the other factor rounded block by block, too

/**
 * A segment as a graph, with its weights in the form in which the source has them: a table of 16-bit numbers is widened
 * row by row as it is read, a 16-bit matrix when the graph is loaded, and an 8-bit matrix is never widened.
 */
export async function lowerSegment(traced: TracedStage, segment: Segment, source: WeightSource): Promise<OnnxGraph> {
  const initializers = new Map<string, Initializer>();
  const nodes: GraphNode[] = [];
  const node = (op: string, inputs: readonly string[], output: string, attributes: GraphNode["attributes"], domain = "") =>
    nodes.push({op, domain, inputs, outputs: [output], attributes});
  const use = (initializer: Initializer): string => {
    initializers.set(initializer.name, initializer);
    return initializer.name;
  };
  const named = new Set(segment.outputs);
  const split = splitProducts(
    fuseResidualNorms(segment.nodes, named),
    named,
    (name) => segment.parameters.includes(name),
    (value) => traced.values.get(value)!.shape.at(-1) as number
  );
  const {plain, eightBit} = withParts(source, split.parts);
  const isParameter = (name: string) => segment.parameters.includes(name) || split.parts.has(name);
  const parameter = async (name: string): Promise<Initializer> => {
    const constant = traced.constants.get(name);
    return constant ? {name, ...constant} : plain(name);
  };

  for (const original of split.nodes) {
    const {
      op,
      inputs,
      outputs: [output]
    } = original;
    const matrix = (op === "Gemm" && isParameter(inputs[1]) && inputs[1]) || (op === "Gather" && inputs[0]) || undefined;
    for (const name of inputs) if (isParameter(name) && name !== matrix && !initializers.has(name)) use(await parameter(name));
    if (matrix === undefined) {
      nodes.push(original);
      continue;
    }
    const rounded = op === "Gemm" ? await eightBit(matrix) : undefined;
    if (rounded) {
      const bias = inputs[2];
      const product = bias === undefined ? output : `${output} before bias`;
      const attributes = {
        K: columnsOf(rounded.weights),
        N: rounded.weights.shape[0],
        bits: 8,
        block_size: rounded.blockSize,
        accuracy_level: ACCURACY_INT8
      };
      node("MatMulNBits", [inputs[0], use(rounded.weights), use(rounded.scales)], product, attributes, "com.microsoft");
      if (bias !== undefined) node("Add", [product, bias], output, {});
      continue;
    }
    const exact = await plain(matrix);
    if (exact.type === "float32") {
      use(exact);
      nodes.push(original);
      continue;
    }
    const stored = use({...exact, name: `${matrix} stored`}); // a matrix in 8 bits may bear the plain name
    if (op === "Gather") {
      node("Gather", [stored, inputs[1]], `${output} stored`, {});
      node("Cast", [`${output} stored`], output, {to: elementTypes.float32});
    } else {
      node("Cast", [stored], `${matrix} wide`, {to: elementTypes.float32});
      nodes.push({...original, inputs: [inputs[0], `${matrix} wide`, ...inputs.slice(2)]});
    }
  }
  const infoOf = (name: string): ValueInfo => {
    const info = traced.values.get(name);
    if (!info) throw new Error(`unknown value: ${name}`);
    return info;
  };
  return {nodes, initializers: [...initializers.values()], inputs: segment.inputs.map(infoOf), outputs: segment.outputs.map(infoOf)};
}

const columnsOf = ({shape: [, blocks, blockSize]}: Initializer): number => blocks * blockSize;
