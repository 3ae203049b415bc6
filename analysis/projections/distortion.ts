import {dot, matrixOf, rowOf} from "../matrix.ts";
import {pathOf, type States} from "../states.ts";
import type {Pca} from "./pca.ts";
import type {Trust} from "./trustworthiness.ts";

/** What a linear picture shows of one trajectory; both shares are 0 to 1, and 1 where there was nothing to lose. */
export interface PathShare {
  readonly token: number;
  readonly init: number;
  /** Share of the squared distance to the basis's mean that the axes keep: is the trajectory where it is drawn? */
  readonly kept: number;
  /** Share of the variance about the trajectory's own mean that the axes keep: does it move as it is drawn? */
  readonly keptMotion: number;
}

/** The share of every trajectory that a PCA picture keeps, in the order `[init][token]`. */
export function keptShares(pca: Pca, states: States): PathShare[] {
  const shares: PathShare[] = [];
  for (let init = 0; init < states.inits; ++init) {
    for (let token = 0; token < states.tokens; ++token) {
      const path = pathOf(states, token, init);
      const mean = new Float32Array(path.cols);
      for (let i = 0; i < path.rows; ++i) for (let j = 0; j < path.cols; ++j) mean[j] += path.data[i * path.cols + j] / path.rows;
      shares.push({token, init, kept: keptAbout(pca.mean), keptMotion: keptAbout(mean)});

      function keptAbout(origin: Float32Array): number {
        const moved = matrixOf(path.rows, path.cols, path.data.map((x, at) => x - origin[at % path.cols]));
        let kept = 0;
        for (let i = 0; i < path.rows; ++i) for (let k = 0; k < pca.axes.rows; ++k) kept += dot(rowOf(moved, i), rowOf(pca.axes, k)) ** 2;
        const whole = dot(moved.data, moved.data);
        return whole > 0 ? Math.min(1, kept / whole) : 1;
      }
    }
  }
  return shares;
}

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
