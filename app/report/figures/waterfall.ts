import {coordinateAt, type Points} from "../../plot/field.ts";
import type {Projector} from "../../plot/trajectoryMarks.ts";
import type {Turn} from "../reportView.ts";

const TALL = 0.9; // half the height of the axis of many tokens, where the farthest state is 1 away from it
const MANY = 9;
const RADIANS = Math.PI / 180;

/** The waterfall of Geiping et al. 2025 on paper: PC1 and PC2 lie in the ground plane, the tokens are stacked upwards. */
export interface Waterfall {
  /** The states seen from the side, two dimensions. */
  readonly points: Points;
  readonly projector: Projector;
  /** Where a place of the ground plane lies at the height of a token, in pixels; `x`, `y` in units of the widest trajectory. */
  placeOf(x: number, y: number, token: number): readonly [number, number];
}

/** Parallel projection: angles and the ratio of lengths along an axis are kept, whatever the turn. The scale does not depend on the turn either. */
export function waterfallOf(
  points: Points,
  {azimuth, elevation}: Turn,
  {width, height, margin}: {width: number; height: number; margin: number}
): Waterfall {
  const {steps, inits, tokens} = points;
  const [a, e] = [azimuth * RADIANS, elevation * RADIANS];
  const reach = farthest(points) || 1;
  const tall = TALL * Math.min(1, (tokens - 1) / (MANY - 1));
  const up = (token: number): number => (tokens > 1 ? tall * (1 - (2 * token) / (tokens - 1)) : 0); // the first token on top, as one reads
  const across = (x: number, y: number): number => -Math.sin(a) * x + Math.cos(a) * y;
  const above = (x: number, y: number, token: number): number =>
    -Math.sin(e) * (Math.cos(a) * x + Math.sin(a) * y) + Math.cos(e) * up(token);
  const values = new Float32Array(steps * inits * tokens * 2);
  let at = 0;
  for (let step = 0; step < steps; ++step) {
    for (let init = 0; init < inits; ++init) {
      for (let token = 0; token < tokens; ++token) {
        const x = coordinateAt(points, step, init, token, 0) / reach;
        const y = coordinateAt(points, step, init, token, 1) / reach;
        values[at++] = across(x, y);
        values[at++] = above(x, y, token);
      }
    }
  }
  const scale = Math.min((width - 2 * margin) / 2, (height - 2 * margin) / (2 * tall + 1));
  const projector: Projector = {x: (u) => width / 2 + scale * u, y: (v) => height / 2 - scale * v};
  return {
    points: {steps, inits, tokens, dims: 2, values},
    projector,
    placeOf: (x, y, token) => [projector.x(across(x, y)), projector.y(above(x, y, token))]
  };
}

function farthest(points: Points): number {
  let most = 0;
  for (let i = 0; i < points.values.length; i += points.dims) most = Math.max(most, Math.hypot(points.values[i], points.values[i + 1]));
  return most;
}
