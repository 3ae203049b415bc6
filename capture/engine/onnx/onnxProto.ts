import protobuf from "protobufjs";

// The part of the ONNX format that is written here; numbers as in onnx.proto3 of github.com/onnx/onnx.
const {root} = protobuf.parse(
  `
syntax = "proto3";
message AttributeProto {
  string name = 1; float f = 2; int64 i = 3; bytes s = 4; GraphProto g = 6; repeated int64 ints = 8; int32 type = 20;
}
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message TypeProto { TensorTypeProto tensor_type = 1; }
message TensorTypeProto { int32 elem_type = 1; TensorShapeProto shape = 2; }
message TensorShapeProto { repeated Dimension dim = 1; }
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated AttributeProto attribute = 5; string domain = 7;
}
message StringStringEntryProto { string key = 1; string value = 2; }
message TensorProto {
  repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9;
  repeated StringStringEntryProto external_data = 13; int32 data_location = 14;
}
message GraphProto {
  repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message ModelProto { int64 ir_version = 1; string producer_name = 2; GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8; }
`,
  {keepCase: true}
);
const modelType = root.lookupType("ModelProto");

/** ONNX's numbers for element types. */
export const elementTypes = {float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float16: 10, bfloat16: 16} as const;
export type ElementType = keyof typeof elementTypes;

export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  /** Sizes, or names of sizes that are known only when the graph is run. */
  readonly shape: readonly (number | string)[];
}

export type Attribute = number | string | readonly number[] | {readonly float: number} | {readonly graph: OnnxGraph};

export interface GraphNode {
  readonly op: string;
  /** "" for ONNX's own operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A constant of a graph: its bytes, or where in a file beside the graph they lie. */
export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Uint8Array | {readonly location: string; readonly offset: number; readonly length: number};
}

export interface OnnxGraph {
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

const IR_VERSION = 11; // the first that goes with opset 23
const OPSET = 23; // RMSNormalization, RotaryEmbedding, Attention
const EXTERNAL = 1;

/** The bytes of an .onnx file. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  return modelType
    .encode({
      ir_version: IR_VERSION,
      producer_name: "orrery",
      opset_import: [
        {domain: "", version: OPSET},
        {domain: "com.microsoft", version: 1}
      ],
      graph: graphOf("stage", graph)
    })
    .finish();
}

const graphOf = (name: string, graph: OnnxGraph): object => ({
  name,
  node: graph.nodes.map(({op, domain, inputs, outputs, attributes}) => ({
    op_type: op,
    domain,
    name: outputs[0],
    input: inputs,
    output: outputs,
    attribute: Object.entries(attributes).map(([name, value]) => attributeOf(name, value))
  })),
  initializer: graph.initializers.map(initializerOf),
  input: graph.inputs.map(valueInfoOf),
  output: graph.outputs.map(valueInfoOf)
});

function attributeOf(name: string, value: Attribute): object {
  if (typeof value === "number") return {name, type: 2, i: value};
  if (typeof value === "string") return {name, type: 3, s: new TextEncoder().encode(value)};
  if ("graph" in value) return {name, type: 5, g: graphOf(name, value.graph)};
  return "float" in value ? {name, type: 1, f: value.float} : {name, type: 7, ints: value};
}

function initializerOf({name, type, shape, data}: Initializer): object {
  const tensor = {name, data_type: elementTypes[type], dims: shape};
  if (data instanceof Uint8Array) return {...tensor, raw_data: data};
  return {...tensor, data_location: EXTERNAL, external_data: Object.entries(data).map(([key, value]) => ({key, value: String(value)}))};
}

function valueInfoOf({name, type, shape}: ValueInfo): object {
  const dim = shape.map((size) => (typeof size === "number" ? {dim_value: size} : {dim_param: size}));
  return {name, type: {tensor_type: {elem_type: elementTypes[type], shape: {dim}}}};
}
