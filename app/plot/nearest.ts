import type {Spot} from "./spot.ts";
import {coordinateAt} from "./field.ts";
import {boundsOf, type Bundle} from "./trajectoryMarks.ts";

/** Finds the state nearest to a place in the picture's own coordinates, within a radius. */
export type Nearest = (x: number, y: number, radius: number) => Spot | undefined;

const STATES_A_CELL = 8;
const MAX_CELLS_A_SIDE = 1024;

/** States in a grid of cells; made at the first question, since many pictures are never asked. */
export function nearestIn(bundle: Bundle): Nearest {
  let ask: Nearest | undefined;
  return (x, y, radius) => (ask ??= gridOf(bundle))(x, y, radius);
}

function gridOf(bundle: Bundle): Nearest {
  const {
    points,
    dims: [i, j],
    tokens,
    inits
  } = bundle;
  const [[x0, x1], [y0, y1]] = boundsOf(bundle);
  const paths = tokens.length * inits.length;
  const count = paths * points.steps;
  const side = Math.min(MAX_CELLS_A_SIDE, Math.max(1, Math.ceil(Math.sqrt(count / STATES_A_CELL))));
  const [perX, perY] = [side / (x1 - x0 || 1), side / (y1 - y0 || 1)];
  const columnOf = (x: number): number => Math.min(side - 1, Math.max(0, Math.floor((x - x0) * perX)));
  const rowOf = (y: number): number => Math.min(side - 1, Math.max(0, Math.floor((y - y0) * perY)));

  const spotOf = (k: number): Spot => {
    const path = k % paths;
    return {step: Math.floor(k / paths), init: inits[Math.floor(path / tokens.length)], token: tokens[path % tokens.length]};
  };
  const [xs, ys] = [new Float32Array(count), new Float32Array(count)];
  const cells = new Int32Array(count).fill(-1);
  const starts = new Uint32Array(side * side + 1);
  for (let k = 0; k < count; ++k) {
    const {step, init, token} = spotOf(k);
    xs[k] = coordinateAt(points, step, init, token, i);
    ys[k] = coordinateAt(points, step, init, token, j);
    if (!Number.isFinite(xs[k] + ys[k])) continue;
    cells[k] = rowOf(ys[k]) * side + columnOf(xs[k]);
    ++starts[cells[k] + 1];
  }
  for (let cell = 0; cell < side * side; ++cell) starts[cell + 1] += starts[cell];
  const members = new Uint32Array(starts[side * side]);
  const filled = starts.slice(0, -1); // moves on as the cells fill
  for (let k = 0; k < count; ++k) if (cells[k] >= 0) members[filled[cells[k]]++] = k;

  return (x, y, radius) => {
    let best = -1;
    let least = radius * radius;
    for (let row = rowOf(y - radius); row <= rowOf(y + radius); ++row) {
      const line = row * side;
      for (let at = starts[line + columnOf(x - radius)]; at < starts[line + columnOf(x + radius) + 1]; ++at) {
        const k = members[at];
        const far = (xs[k] - x) ** 2 + (ys[k] - y) ** 2;
        if (far <= least) [best, least] = [k, far];
      }
    }
    return best < 0 ? undefined : spotOf(best);
  };
}
