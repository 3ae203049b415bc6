import {InferenceSession, Tensor} from "onnxruntime-node";
import {encodeGraph, type Graph} from "./onnxGraph.ts";

/** What one block of rows B adds to a pass, about the shift m; k is the number of axes. */
export interface BlockProducts {
  /** (B − m) Qᵀ, rows × k. */
  readonly scores: Float32Array;
  /** Qᵢ (B − m)ᵀ (B − m), one row for each axis, and last the column sums of B − m: (k + 1) × cols. */
  readonly images: Float32Array;
  /** Σ (B − m)². */
  readonly sumOfSquares: number;
}

/** A pass over rows in float32: axes are cols × k, row-major. */
export type BlockProduct = (block: Float32Array) => Promise<BlockProducts>;

// A plain JavaScript loop does about 1 GFLOP/s here; ONNX Runtime's matrix products do 100 to 200 on the same two cores.
let session: Promise<InferenceSession> | undefined;

/**
 * Matrix products of blocks of rows with a few axes, by ONNX Runtime. `axes` is cols × k row-major, `shift` the point
 * that is subtracted from every row first, so that float32 is spent on differences and not on a common mean.
 */
export async function blockProduct(axes: Float32Array, shift: Float32Array): Promise<BlockProduct> {
  session ??= InferenceSession.create(encodeGraph(passGraph), {logSeverityLevel: 3});
  const run = await session;
  const cols = shift.length;
  const Q = new Tensor("float32", axes, [cols, axes.length / cols]);
  const m = new Tensor("float32", shift, [cols]);
  let ones = new Tensor("float32", new Float32Array(0), [0, 1]);
  return async (block) => {
    const rows = block.length / cols;
    if (ones.dims[0] !== rows) ones = new Tensor("float32", new Float32Array(rows).fill(1), [rows, 1]);
    const out = await run.run({X: new Tensor("float32", block, [rows, cols]), m, Q, ones});
    return {
      scores: out.Y.data as Float32Array,
      images: out.W.data as Float32Array,
      sumOfSquares: (out.s.data as Float32Array).reduce((sum, x) => sum + x, 0),
    };
  };
}

const passGraph: Graph = {
  nodes: [
    {op: "Sub", inputs: ["X", "m"], outputs: ["B"]},
    {op: "MatMul", inputs: ["B", "Q"], outputs: ["Y"]},
    {op: "Concat", inputs: ["Y", "ones"], outputs: ["Y1"], attributes: {axis: 1}},
    {op: "Transpose", inputs: ["Y1"], outputs: ["Y1t"]},
    {op: "MatMul", inputs: ["Y1t", "B"], outputs: ["W"]},
    {op: "ReduceSumSquare", inputs: ["B"], outputs: ["s"], attributes: {axes: [1], keepdims: 0}},
  ],
  inputs: {X: ["rows", "cols"], m: ["cols"], Q: ["cols", "axes"], ones: ["rows", "one"]},
  outputs: {Y: ["rows", "axes"], W: ["axes1", "cols"], s: ["rows"]},
};
