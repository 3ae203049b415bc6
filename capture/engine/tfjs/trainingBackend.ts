import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-layers"; // its bundle for Node registers the gradients, which tfjs-core keeps in modules that Node cannot import
import type {EngineInfo} from "../engine.ts";
import {tfjsBackend} from "./backend.ts";

/** TensorFlow.js with gradients: its backend, see tfjsBackend, and the kernels for gradients that WebAssembly lacks. */
export async function trainingBackend(log: (line: string) => void): Promise<EngineInfo> {
  const info = await tfjsBackend(log);
  if (tf.getBackend() === "wasm" && !tf.getKernel("UnsortedSegmentSum", "wasm")) registerSegmentSum();
  return info;
}

/** The gradient of a table look-up: rows summed by the table's row that they came from. */
function registerSegmentSum(): void {
  tf.registerKernel({
    kernelName: "UnsortedSegmentSum",
    backendName: "wasm",
    kernelFunc: ({inputs, backend, attrs}) => {
      const {x, segmentIds} = inputs as unknown as Readonly<Record<string, tf.TensorInfo>>;
      const {numSegments} = attrs as unknown as {readonly numSegments: number};
      const memory = backend as {
        readSync(id: object): Float32Array | Int32Array;
        makeOutput(shape: number[], dtype: string): tf.TensorInfo;
        typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
      };
      const rows = memory.readSync(x.dataId);
      const places = memory.readSync(segmentIds.dataId);
      const width = rows.length / places.length;
      const sums = memory.makeOutput([numSegments, ...x.shape.slice(segmentIds.shape.length)], "float32");
      const into = memory.typedArrayFromHeap(sums).fill(0);
      for (let i = 0; i < places.length; ++i) for (let k = 0; k < width; ++k) into[places[i] * width + k] += rows[i * width + k];
      return sums;
    }
  });
}
