import type {Matrix} from "../matrix.ts";
import type {RowSource} from "./rowSource.ts";
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

const SUMS_BYTES = 64 * 2 ** 20; // of Σ (x − mean), in double, of the paths that are gathered at once

/** The share of every trajectory that a PCA picture keeps; `points` are the rows' scores. Every row is read once, some paths at a time, so that memory does not grow with the paths. */
export async function keptShares(source: RowSource, points: Matrix, {mean, paths, signal}: PathSharesOptions): Promise<PathShares> {
  const {rows, cols} = source;
  const steps = rows / paths;
  const shares = {kept: new Float32Array(paths), keptMotion: new Float32Array(paths)};
  const atOnce = Math.max(1, Math.min(paths, Math.floor(SUMS_BYTES / (8 * cols))));
  const buffer = new Float32Array(atOnce * cols);
  const origin = new Float32Array(points.cols); // of scores
  for (let first = 0; first < paths; first += atOnce) {
    const count = Math.min(atOnce, paths - first);
    const [whole, shown] = [momentsOf(count, cols), momentsOf(count, points.cols)];
    for (let row = first; row < rows; row += paths) {
      signal?.throwIfAborted();
      addStep(whole, await source.read(row, count, buffer), mean);
      addStep(shown, points.data.subarray(row * points.cols, (row + count) * points.cols), origin);
    }
    for (let path = 0; path < count; ++path) {
      shares.kept[first + path] = share(shown.squares[path], whole.squares[path]);
      shares.keptMotion[first + path] = share(motionOf(shown, path, steps), motionOf(whole, path, steps));
    }
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

/** Adds one step, a row of each trajectory. */
function addStep({cols, squares, sums}: Moments, data: Float32Array, origin: Float32Array): void {
  for (let path = 0, at = 0; path < squares.length; ++path) {
    let square = 0;
    for (let j = 0; j < cols; ++j, ++at) {
      const x = data[at] - origin[j];
      square += x * x;
      sums[at] += x;
    }
    squares[path] += square;
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
