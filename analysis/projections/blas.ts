import {InferenceSession, Tensor} from "../../capture/trace/onnxRuntime.ts";
import {dot} from "../matrix.ts";
import {encodeGraph, type Graph} from "./onnxGraph.ts";

/** Sums over blocks of rows x, seen from an origin o and with scores y = (x − centre) Q on k axes. */
interface BlockProduct {
  /** Adds a block: y, rows × k, valid until the next one, and Σ (x − o)², 0 without `sums`. */
  add(block: Float32Array): Promise<{readonly scores: Float32Array; readonly sumOfSquares: number}>;
  /**
   * Σ yᵢ (x − o) over the blocks since this was last called, one row for each axis; with `sums` a last row Σ (x − o): k × cols or
   * (k + 1) × cols. In float32, so that it should be called every few thousand rows. Valid until the next block.
   */
  takeImages(): Float32Array;
}

interface BlockProductOptions {
  /** The point whose scores are 0, near the mean of the rows; [cols]. */
  readonly centre: Float32Array;
  /**
   * Subtract the centre from every row first, and let it be the origin: twice the memory traffic, so that float32 is spent on
   * differences and not on a mean that is far from zero. Otherwise the origin is zero.
   */
  readonly subtract: boolean;
  /** Also give the sums that mean and trace need. */
  readonly sums: boolean;
}

// A plain JavaScript loop does about 1 GFLOP/s; ONNX Runtime's matrix products do 100 to 200 on the same two cores.
// A product holds the calling thread for the milliseconds it takes. Do not call this in a worker thread that may be terminated:
// ONNX Runtime answers a termination during a product by aborting the whole process.
const OPTIONS: InferenceSession.SessionOptions = {
  logSeverityLevel: 3,
  extra: {session: {intra_op: {allow_spinning: "0"}}} // threads that wait by spinning take the cores from the reader, and from everyone else
};
const sessions = new Map<Graph, Promise<InferenceSession>>();

function sessionOf(graph: Graph): Promise<InferenceSession> {
  const session = sessions.get(graph) ?? InferenceSession.create(encodeGraph(graph), OPTIONS);
  sessions.set(graph, session);
  return session;
}

/** Matrix products of blocks of rows with a few axes, by ONNX Runtime. `axes` is cols × k, row-major. */
export async function blockProduct(axes: Float32Array, {centre, subtract, sums}: BlockProductOptions): Promise<BlockProduct> {
  const session = await sessionOf(passGraphs[subtract ? "far" : "near"][sums ? "first" : "later"]);
  const cols = centre.length;
  const k = axes.length / cols;
  const Q = new Tensor("float32", axes, [cols, k]);
  const m = subtract ? new Tensor("float32", centre, [cols]) : new Tensor("float32", scoresOf(centre, axes, k), [k]);
  const size = [sums ? k + 1 : k, cols] as const;
  const [zero, ...turns] = [0, 1, 2].map(() => new Tensor("float32", new Float32Array(size[0] * cols), size));
  let images = zero;
  const squares = new Tensor("float32", new Float32Array(PIECES), [PIECES]);
  let byRow = rowTensors(0, k);
  return {
    async add(block) {
      const rows = block.length / cols;
      if (byRow.Y.dims[0] !== rows) byRow = rowTensors(rows, k);
      const {Y, s, ones} = byRow;
      const W = images === turns[0] ? turns[1] : turns[0];
      const inputs = {X: new Tensor("float32", block, [rows, cols]), m, Q, before: images};
      if (!sums) await session.run(inputs, {Y, W});
      else if (subtract) await session.run({...inputs, ones}, {Y, W, s});
      else await session.run({...inputs, ones, ...piecesOf(block)}, {Y, W, s: squares});
      images = W;
      return {scores: Y.data as Float32Array, sumOfSquares: sums ? sumOf((subtract ? s : squares).data as Float32Array) : 0};
    },
    takeImages() {
      const taken = images.data as Float32Array;
      images = zero;
      return taken;
    }
  };
}

/** What has as many rows as a block; made once and written over by each block. */
const rowTensors = (rows: number, k: number) => ({
  Y: new Tensor("float32", new Float32Array(rows * k), [rows, k]),
  s: new Tensor("float32", new Float32Array(rows), [rows]),
  ones: new Tensor("float32", new Float32Array(rows).fill(1), [rows, 1])
});

const NOTHING = new Tensor("float32", new Float32Array(1), [1]);

/** The numbers of a block in stretches, without a copy. */
function piecesOf(block: Float32Array): Record<string, Tensor> {
  const size = Math.ceil(block.length / PIECES);
  return Object.fromEntries(
    Array.from({length: PIECES}, (_, i) => {
      const piece = block.subarray(i * size, (i + 1) * size);
      return [`P${i}`, piece.length > 0 ? new Tensor("float32", piece, [piece.length]) : NOTHING];
    })
  );
}

const sumOf = (values: Float32Array): number => values.reduce((sum, x) => sum + x, 0);

function scoresOf(point: Float32Array, axes: Float32Array, k: number): Float32Array {
  const scores = new Float64Array(k);
  for (let j = 0, at = 0; j < point.length; ++j) for (let i = 0; i < k; ++i, ++at) scores[i] += point[j] * axes[at];
  return Float32Array.from(scores);
}

/** (x − centre) Aᵀ for the rows x of a block, rows × k; the axes A are k × cols. */
export async function blockScores(axes: Float32Array, centre: Float32Array): Promise<(block: Float32Array) => Promise<Float32Array>> {
  const session = await sessionOf(scoreGraph);
  const cols = centre.length;
  const A = new Tensor("float32", axes, [axes.length / cols, cols]);
  const m = new Tensor("float32", centre, [cols]);
  return async (block) => (await session.run({X: new Tensor("float32", block, [block.length / cols, cols]), m, A})).Y.data as Float32Array;
}

const scoreGraph: Graph = {
  nodes: [
    {op: "Sub", inputs: ["X", "m"], outputs: ["B"]},
    {op: "Gemm", inputs: ["B", "A"], outputs: ["Y"], attributes: {transB: 1}}
  ],
  inputs: {X: ["rows", "cols"], m: ["cols"], A: ["axes", "cols"]},
  outputs: {Y: ["rows", "axes"]}
};

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
  return async (block) =>
    (
      await session.run({
        N: new Tensor(
          "float32",
          block.map((x) => -x),
          [block.length / cols, cols]
        ),
        P,
        h
      })
    ).D.data as Float32Array;
}

const distanceGraph: Graph = {
  nodes: [{op: "Gemm", inputs: ["N", "P", "h"], outputs: ["D"], attributes: {transB: 1}}],
  inputs: {N: ["rows", "cols"], P: ["points", "cols"], h: ["points"]},
  outputs: {D: ["rows", "points"]}
};

// Σ x² of whole stretches takes an eighth of the time that it takes row by row, and in float32 must not be over too many numbers.
const PIECES = 16;

/** Near the origin the rows are multiplied as they are, and only their scores moved; far from it the rows are moved. */
const passGraphs = {
  near: {first: passGraph({subtract: false, sums: true}), later: passGraph({subtract: false, sums: false})},
  far: {first: passGraph({subtract: true, sums: true}), later: passGraph({subtract: true, sums: false})}
};

function passGraph({subtract, sums}: Pick<BlockProductOptions, "subtract" | "sums">): Graph {
  const rows = subtract ? "B" : "X";
  const weights = sums ? "Y1" : "Y";
  const pieces = Array.from({length: PIECES}, (_, i) => `P${i}`);
  return {
    nodes: [
      ...(subtract
        ? [
            {op: "Sub", inputs: ["X", "m"], outputs: ["B"]},
            {op: "MatMul", inputs: ["B", "Q"], outputs: ["Y"]}
          ]
        : [
            {op: "MatMul", inputs: ["X", "Q"], outputs: ["Z"]},
            {op: "Sub", inputs: ["Z", "m"], outputs: ["Y"]}
          ]),
      ...(sums ? [{op: "Concat", inputs: ["Y", "ones"], outputs: ["Y1"], attributes: {axis: 1}}] : []),
      {op: "Transpose", inputs: [weights], outputs: ["T"]},
      {op: "Gemm", inputs: ["T", rows, "before"], outputs: ["W"]},
      ...(sums && subtract ? [{op: "ReduceSumSquare", inputs: [rows], outputs: ["s"], attributes: {axes: [1], keepdims: 0}}] : []),
      ...(sums && !subtract
        ? [
            ...pieces.map((P) => ({op: "ReduceSumSquare", inputs: [P], outputs: [`s${P}`], attributes: {axes: [0], keepdims: 1}})),
            {op: "Concat", inputs: pieces.map((P) => `s${P}`), outputs: ["s"], attributes: {axis: 0}}
          ]
        : [])
    ],
    inputs: {
      X: ["rows", "cols"],
      m: [subtract ? "cols" : "axes"],
      Q: ["cols", "axes"],
      before: ["images", "cols"],
      ...(sums ? {ones: ["rows", "one"]} : {}),
      ...(sums && !subtract ? Object.fromEntries(pieces.map((P) => [P, [P]])) : {})
    },
    outputs: {Y: ["rows", "axes"], W: ["images", "cols"], ...(sums ? {s: ["squares"]} : {})}
  };
}
