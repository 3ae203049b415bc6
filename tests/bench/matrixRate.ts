import {Tensor} from "../../capture/trace/onnxRuntime.ts";
import type {HuginnConfig} from "../../capture/families/huginn/config.ts";
import type {GraphNode, Initializer, OnnxGraph} from "../../capture/engine/onnx/onnxProto.ts";
import {openSession} from "../../capture/engine/onnx/openSession.ts";

/** The matrix products of one core step and nothing else, in onnxruntime. */
export interface MatrixRate {
  /** Floating-point operations of one step. */
  readonly flops: number;
  /** How long that many steps' products take. */
  seconds(steps: number): Promise<number>;
  dispose(): Promise<void>;
}

/** Every product has a weight of its own, as in the model; only the largest entry of each leaves the graph. */
export async function matrixRate(
  {width, hidden, coreBlocks}: HuginnConfig,
  {rows, threads}: {readonly rows: number; readonly threads: number}
): Promise<MatrixRate> {
  const block = [
    [width, 3 * width],
    [width, width],
    [width, 2 * hidden],
    [hidden, width]
  ] as const;
  const products = [[2 * width, width] as const, ...Array.from({length: coreBlocks}, () => block).flat()];
  const nodes: GraphNode[] = [];
  const initializers: Initializer[] = [];
  for (const [i, [inputs, outputs]] of products.entries()) {
    const weight = Float32Array.from({length: inputs * outputs}, (_, j) => ((j % 7) - 3) / 100);
    initializers.push({name: `w${i}`, type: "float32", shape: [outputs, inputs], data: new Uint8Array(weight.buffer)});
    nodes.push({op: "Gemm", domain: "", inputs: [`x${inputs}`, `w${i}`], outputs: [`y${i}`], attributes: {transB: 1}});
    nodes.push({op: "ReduceMax", domain: "", inputs: [`y${i}`], outputs: [`m${i}`], attributes: {keepdims: 1}});
  }
  const sizes = [...new Set(products.map(([inputs]) => inputs))];
  const graph: OnnxGraph = {
    nodes,
    initializers,
    inputs: sizes.map((size) => ({name: `x${size}`, type: "float32", shape: ["rows", size]})),
    outputs: products.map((_, i) => ({name: `m${i}`, type: "float32", shape: [1, 1]}))
  };
  const session = await openSession(graph, {device: "cpu", threads, files: new Map(), cacheFolder: "", log: () => {}}); // as the model's own: its idle threads would slow the others down
  const feeds = Object.fromEntries(
    sizes.map((size) => [`x${size}`, new Tensor("float32", new Float32Array(rows * size).fill(0.5), [rows, size])])
  );
  return {
    flops: products.reduce((sum, [inputs, outputs]) => sum + 2 * rows * inputs * outputs, 0),
    async seconds(steps) {
      const begun = performance.now();
      for (let step = 0; step < steps; ++step) await session.run(feeds);
      return (performance.now() - begun) / 1000;
    },
    dispose: () => session.release()
  };
}
