import {fuseResidualNorms} from "./fuseResidualNorms.ts";
import {elementTypes, type GraphNode, type Initializer, type OnnxGraph, type ValueInfo} from "./onnxProto.ts";
import type {Segment} from "./segments.ts";
import {splitProducts} from "./splitProducts.ts";
import type {TracedStage} from "./traceStage.ts";
import {withParts} from "./weightParts.ts";
import type {EightBitWeight, WeightSource} from "./weightSource.ts";

const ACCURACY_INT8 = 4; // MatMulNBits multiplies in 8 bits, the other factor rounded block by block, too

/**
 * A segment as a graph, with its weights in the form in which the source has them: a table of 16-bit numbers is widened
 * row by row as it is read, a 16-bit matrix when the graph is loaded, and an 8-bit matrix is never widened.
 */
export async function lowerSegment(traced: TracedStage, segment: Segment, source: WeightSource): Promise<OnnxGraph> {
  const named = new Set(segment.outputs);
  const split = splitProducts(
    fuseResidualNorms(segment.nodes, named),
    named,
    (name) => segment.parameters.includes(name),
    (value) => traced.values.get(value)!.shape.at(-1) as number
  );
  const lowered: Lowered = {...withParts(source, split.parts), nodes: [], initializers: new Map()};
  const isParameter = (name: string) => segment.parameters.includes(name) || split.parts.has(name);
  for (const node of split.nodes) {
    const {op, inputs} = node;
    const matrix = (op === "Gemm" && isParameter(inputs[1]) && inputs[1]) || (op === "Gather" && inputs[0]) || undefined;
    for (const name of inputs)
      if (isParameter(name) && name !== matrix && !lowered.initializers.has(name)) {
        const constant = traced.constants.get(name);
        use(lowered, constant ? {name, ...constant} : await lowered.plain(name));
      }
    if (matrix === undefined) lowered.nodes.push(node);
    else await lowerMatrix(lowered, node, matrix);
  }
  const infoOf = (name: string): ValueInfo => {
    const info = traced.values.get(name);
    if (!info) throw new Error(`unknown value: ${name}`);
    return info;
  };
  const {nodes, initializers} = lowered;
  return {nodes, initializers: [...initializers.values()], inputs: segment.inputs.map(infoOf), outputs: segment.outputs.map(infoOf)};
}

/** A graph as it grows, and where its weights come from. */
interface Lowered extends Pick<WeightSource, "plain" | "eightBit"> {
  readonly nodes: GraphNode[];
  readonly initializers: Map<string, Initializer>;
}

/** Adds an initializer, and gives its name. */
function use({initializers}: Lowered, initializer: Initializer): string {
  initializers.set(initializer.name, initializer);
  return initializer.name;
}

function add({nodes}: Lowered, op: string, inputs: readonly string[], output: string, attributes: GraphNode["attributes"] = {}): void {
  nodes.push({op, domain: "", inputs, outputs: [output], attributes});
}

/** A product with a stored matrix, or a row of a stored table. */
async function lowerMatrix(lowered: Lowered, node: GraphNode, matrix: string): Promise<void> {
  const {
    op,
    inputs,
    outputs: [output]
  } = node;
  const rounded = op === "Gemm" ? await lowered.eightBit(matrix) : undefined;
  if (rounded) return addRounded(lowered, node, rounded);
  const exact = await lowered.plain(matrix);
  if (exact.type === "float32") {
    use(lowered, exact);
    lowered.nodes.push(node);
    return;
  }
  const stored = use(lowered, {...exact, name: `${matrix} stored`}); // a matrix in 8 bits may bear the plain name
  if (op === "Gather") {
    add(lowered, "Gather", [stored, inputs[1]], `${output} stored`);
    add(lowered, "Cast", [`${output} stored`], output, {to: elementTypes.float32});
    return;
  }
  add(lowered, "Cast", [stored], `${matrix} wide`, {to: elementTypes.float32});
  lowered.nodes.push({...node, inputs: [inputs[0], `${matrix} wide`, ...inputs.slice(2)]});
}

/** A product with a matrix in 8 bits. */
function addRounded(
  lowered: Lowered,
  {inputs: [rows, , bias], outputs: [output]}: GraphNode,
  {weights, scales, blockSize}: EightBitWeight
): void {
  const product = bias === undefined ? output : `${output} before bias`;
  const attributes = {K: columnsOf(weights), N: weights.shape[0], bits: 8, block_size: blockSize, accuracy_level: ACCURACY_INT8};
  const inputs = [rows, use(lowered, weights), use(lowered, scales)];
  lowered.nodes.push({op: "MatMulNBits", domain: "com.microsoft", inputs, outputs: [product], attributes});
  if (bias !== undefined) add(lowered, "Add", [product, bias], output);
}

const columnsOf = ({shape: [, blocks, blockSize]}: Initializer): number => blocks * blockSize;
