import {parse} from "protobufjs";

/** One operator of a graph: its inputs and outputs by name. */
interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole-number attributes, such as an axis, and lists of them. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** Names of the float32 inputs, each with a name for every dimension. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  readonly outputs: Readonly<Record<string, readonly string[]>>;
}

// The part of the ONNX format that a graph of plain operators needs; field numbers from onnx.proto3.
const ModelProto = parse(`
  syntax = "proto3";
  message Attribute { string name = 1; int64 i = 3; repeated int64 ints = 8; int32 type = 20; }
  message Node { repeated string input = 1; repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5; }
  message Dimension { string dim_param = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Tensor { int32 elem_type = 1; Shape shape = 2; }
  message Type { Tensor tensor_type = 1; }
  message Value { string name = 1; Type type = 2; }
  message Graph { repeated Node node = 1; string name = 2; repeated Value input = 11; repeated Value output = 12; }
  message Opset { string domain = 1; int64 version = 2; }
  message Model { int64 ir_version = 1; Graph graph = 7; repeated Opset opset_import = 8; }
`).root.lookupType("Model");

const FLOAT = 1;
const INT = 2;
const INTS = 7;

/** The bytes of an ONNX model (IR 8, opset 17) that holds a graph of float32 operators. */
export function encodeGraph({nodes, inputs, outputs}: Graph): Uint8Array {
  const values = (named: Graph["inputs"]) =>
    Object.entries(named).map(([name, dims]) => ({
      name,
      type: {tensorType: {elemType: FLOAT, shape: {dim: dims.map((dimParam) => ({dimParam}))}}}
    }));
  const message = ModelProto.fromObject({
    irVersion: 8,
    opsetImport: [{domain: "", version: 17}],
    graph: {
      name: "graph",
      node: nodes.map(({op, inputs: input, outputs: output, attributes = {}}) => ({
        opType: op,
        input,
        output,
        attribute: Object.entries(attributes).map(([name, value]) =>
          typeof value === "number" ? {name, i: value, type: INT} : {name, ints: value, type: INTS}
        )
      })),
      input: values(inputs),
      output: values(outputs)
    }
  });
  return ModelProto.encode(message).finish();
}
