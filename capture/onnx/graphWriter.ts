import type {ComputeDtype} from "../engine.ts";
import type {Checkpoint, StoredWeight} from "../model/checkpoint.ts";
import {encodeModel, type Initializer} from "./onnxProto.ts";
import type {Segment} from "./segments.ts";
import type {TracedStage} from "./traceStage.ts";
import {countOf} from "../trace/safetensors.ts";

/** Makes .onnx graphs of segments, with the checkpoint's weights in them or beside them. */
export interface GraphWriter {
  /** Whether weights lie beside the graphs, since they are too many to be held in them. */
  readonly isLarge: boolean;
  /** The graph's bytes, or the path of an .onnx file next to its weights. */
  write(traced: TracedStage, segment: Segment): Promise<Uint8Array | string>;
  dispose(): Promise<void>;
}

export interface GraphWriterOptions {
  readonly dtype: ComputeDtype;
  readonly cacheFolder?: string;
  readonly log: (line: string) => void;
}

export async function graphWriterOf(checkpoint: Checkpoint, _options: GraphWriterOptions): Promise<GraphWriter> {
  return {
    isLarge: false,
    async write(traced, segment) {
      const initializers: Initializer[] = [];
      for (const name of segment.parameters) {
        const constant = traced.constants.get(name);
        initializers.push(constant ? {name, ...constant} : await embedded(checkpoint, checkpoint.weights.get(name) as StoredWeight));
      }
      return encodeModel({nodes: segment.nodes, initializers, inputs: segment.inputs.map((name) => infoOf(traced, name)), outputs: segment.outputs.map((name) => infoOf(traced, name))});
    },
    dispose: async () => {}
  };
}

const infoOf = (traced: TracedStage, name: string) => traced.values.get(name)!;

async function embedded(checkpoint: Checkpoint, {name, shape}: StoredWeight): Promise<Initializer> {
  const floats = await checkpoint.read(name);
  if (floats.length !== countOf(shape)) throw new Error(`unexpected size of ${name}: ${floats.length}`);
  return {name, type: "float32", shape, data: new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)};
}
