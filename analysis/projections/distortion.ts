import type {Matrix} from "../matrix.ts";
import {blocksOf, type RowSource} from "./rowSource.ts";
import type {Trust} from "./trustworthiness.ts";

/** What a linear picture shows of each trajectory; all shares are 0 to 1, and 1 where there was nothing to lose. */
interface PathShares {
  /** Share of the squared distance to the basis's mean that the axes keep: is the trajectory where it is drawn? */
  readonly kept: Float32Array;
  /** Share of the variance about the trajectory's own mean that the axes keep: does it move as it is drawn? */
  readonly keptMotion: Float32Array;
}

interface PathSharesOptions {
  /** The mean of the basis that the picture was made with. */
  readonly mean: Float32Array;
  /** How many trajectories take turns: inits × tokens, for rows in the order `[step][init][token]`. */
  readonly paths: number;
  readonly signal?: AbortSignal;
}

/** The share of every trajectory that a PCA picture keeps; `points` are the rows' scores. One pass over the rows, and paths × cols numbers of memory. */
export async function keptShares(source: RowSource, points: Matrix, {mean, paths, signal}: PathSharesOptions): Promise<PathShares> {
  const {rows, cols} = source;
  const whole = momentsOf(paths, cols);
  for await (const {start, count, data} of blocksOf(source, {signal})) addRows(whole, data.subarray(0, count * cols), start, mean);
  const shown = momentsOf(paths, points.cols);
  addRows(shown, points.data, 0, new Float32Array(points.cols));
  const shares = {kept: new Float32Array(paths), keptMotion: new Float32Array(paths)};
  for (let path = 0; path < paths; ++path) {
    shares.kept[path] = share(shown.squares[path], whole.squares[path]);
    shares.keptMotion[path] = share(motionOf(shown, path, rows / paths), motionOf(whole, path, rows / paths));
  }
  return shares;
}

/** Of every trajectory: Σ ‖x − origin‖², and Σ (x − origin), paths × cols, in double since a difference of the two is wanted. */
interface Moments {
  readonly cols: number;
  readonly squares: Float64Array;
  readonly sums: Float64Array;
}

const momentsOf = (paths: number, cols: number): Moments => ({
  cols,
  squares: new Float64Array(paths),
  sums: new Float64Array(paths * cols)
});

function addRows({cols, squares, sums}: Moments, data: Float32Array, firstRow: number, origin: Float32Array): void {
  const paths = squares.length;
  for (let at = 0, row = firstRow; at < data.length; ++row) {
    const own = sums.subarray((row % paths) * cols, ((row % paths) + 1) * cols);
    let square = 0;
    for (let j = 0; j < cols; ++j, ++at) {
      const x = data[at] - origin[j];
      square += x * x;
      own[j] += x;
    }
    squares[row % paths] += square;
  }
}

/** Σ ‖x − mean of the trajectory‖². */
function motionOf({cols, squares, sums}: Moments, path: number, steps: number): number {
  let square = 0;
  for (let at = path * cols; at < (path + 1) * cols; ++at) square += sums[at] * sums[at];
  const motion = squares[path] - square / steps;
  return motion > STILL * squares[path] ? motion : 0;
}

const STILL = 1e-12; // less than this share of the squared distance is what rounding leaves of no motion

const share = (shown: number, whole: number): number => (whole > 0 ? Math.min(1, shown / whole) : 1);

/**
 * The mean trustworthiness of every trajectory's sampled rows, for rows in the order `[step][path]`; undefined where the
 * sample has none of its rows.
 */
export function trustPerPath({rows, values}: Trust, paths: number): (number | undefined)[] {
  const sums = new Float64Array(paths);
  const counts = new Int32Array(paths);
  for (const [at, row] of rows.entries()) {
    sums[row % paths] += values[at];
    counts[row % paths] += 1;
  }
  return Array.from(sums, (sum, path) => (counts[path] > 0 ? sum / counts[path] : undefined));
}
