import {InferenceSession, Tensor} from "onnxruntime-node";
import {dot} from "../matrix.ts";
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

// A plain JavaScript loop does about 1 GFLOP/s; ONNX Runtime's matrix products do 100 to 200 on the same two cores.
// A product holds the calling thread for the milliseconds it takes. Do not call this in a worker thread that may be terminated:
// ONNX Runtime answers a termination during a product by aborting the whole process.
const OPTIONS: InferenceSession.SessionOptions = {
  logSeverityLevel: 3,
  extra: {session: {intra_op: {allow_spinning: "0"}}}, // threads that wait by spinning take the cores from the reader, and from everyone else
};
const sessions = new Map<Graph, Promise<InferenceSession>>();

function sessionOf(graph: Graph): Promise<InferenceSession> {
  const session = sessions.get(graph) ?? InferenceSession.create(encodeGraph(graph), OPTIONS);
  sessions.set(graph, session);
  return session;
}

/**
 * Matrix products of blocks of rows with a few axes, by ONNX Runtime. `axes` is cols × k row-major, `shift` the point
 * that is subtracted from every row first, so that float32 is spent on differences and not on a common mean.
 */
export async function blockProduct(axes: Float32Array, shift: Float32Array): Promise<BlockProduct> {
  const session = await sessionOf(passGraph);
  const cols = shift.length;
  const Q = new Tensor("float32", axes, [cols, axes.length / cols]);
  const m = new Tensor("float32", shift, [cols]);
  let ones = new Tensor("float32", new Float32Array(0), [0, 1]);
  return async (block) => {
    const rows = block.length / cols;
    if (ones.dims[0] !== rows) ones = new Tensor("float32", new Float32Array(rows).fill(1), [rows, 1]);
    const out = await session.run({X: new Tensor("float32", block, [rows, cols]), m, Q, ones});
    return {
      scores: out.Y.data as Float32Array,
      images: out.W.data as Float32Array,
      sumOfSquares: (out.s.data as Float32Array).reduce((sum, x) => sum + x, 0),
    };
  };
}

/** Half squared distances up to a constant of the row: ‖y‖²/2 − xᵀy for the rows x of a block and all points y, rows × points. */
export async function halfDistances(points: Float32Array, cols: number): Promise<(block: Float32Array) => Promise<Float32Array>> {
  const session = await sessionOf(distanceGraph);
  const count = points.length / cols;
  const halfSquares = new Float32Array(count);
  for (let i = 0; i < count; ++i) {
    const point = points.subarray(i * cols, (i + 1) * cols);
    halfSquares[i] = dot(point, point) / 2;
  }
  const P = new Tensor("float32", points, [count, cols]);
  const h = new Tensor("float32", halfSquares, [count]);
  return async (block) => (await session.run({N: new Tensor("float32", block.map((x) => -x), [block.length / cols, cols]), P, h})).D.data as Float32Array;
}

const distanceGraph: Graph = {
  nodes: [{op: "Gemm", inputs: ["N", "P", "h"], outputs: ["D"], attributes: {transB: 1}}],
  inputs: {N: ["rows", "cols"], P: ["points", "cols"], h: ["points"]},
  outputs: {D: ["rows", "points"]},
};

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
