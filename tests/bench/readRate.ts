import {Tensor} from "../../capture/trace/onnxRuntime.ts";
import {openSession} from "../../capture/engine/onnx/openSession.ts";

/** How quickly memory is read, by the runtime that computes. */
export interface ReadRate {
  bytesPerSecond(): Promise<number>;
  dispose(): Promise<void>;
}

const ROWS = 64;
const COLUMNS = 1 << 21; // 512 MB in all: no cache holds it

/** The largest entry of each of 64 long rows. */
export async function readRate(threads: number): Promise<ReadRate> {
  const session = await openSession(
    {
      nodes: [{op: "ReduceMax", domain: "", inputs: ["x", "axis"], outputs: ["m"], attributes: {keepdims: 1}}],
      initializers: [{name: "axis", type: "int64", shape: [1], data: new Uint8Array(BigInt64Array.of(1n).buffer)}],
      inputs: [{name: "x", type: "float32", shape: ["rows", COLUMNS]}],
      outputs: [{name: "m", type: "float32", shape: ["rows", 1]}]
    },
    {device: "cpu", threads, files: new Map(), cacheFolder: "", log: () => {}}
  );
  const x = new Tensor("float32", new Float32Array(ROWS * COLUMNS).fill(0.5), [ROWS, COLUMNS]);
  return {
    async bytesPerSecond() {
      const begun = performance.now();
      await session.run({x});
      return (ROWS * COLUMNS * Float32Array.BYTES_PER_ELEMENT * 1000) / (performance.now() - begun);
    },
    dispose: () => session.release()
  };
}
