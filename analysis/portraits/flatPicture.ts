import {fitPca} from "../projections/pca.ts";
import {matrixOf, rowOf, type Matrix} from "../matrix.ts";
import {stateAt, type States} from "../states.ts";

/** Two directions at right angles through a centre: where a picture of states is drawn. */
export interface Plane {
  readonly centre: Float64Array;
  readonly axes: readonly [Float64Array, Float64Array];
}

/** The states of one token in a plane, `[step][init][2]`, divided by `unit`. */
export function pointsIn({centre, axes}: Plane, states: States, unit: number): Float32Array {
  const {steps, inits, width} = states;
  const points = new Float32Array(steps * inits * 2);
  for (let step = 0; step < steps; ++step) {
    for (let init = 0; init < inits; ++init) {
      const state = stateAt(states, step, 0, init);
      let [x, y] = [0, 0];
      for (let j = 0; j < width; ++j) {
        const from = state[j] - centre[j];
        x += from * axes[0][j];
        y += from * axes[1][j];
      }
      points.set([x / unit, y / unit], (step * inits + init) * 2);
    }
  }
  return points;
}

/** Share of the squared distances from the centre that a plane shows, of a path's rows in a window; 1 where all are the centre. */
export function shareIn({centre, axes}: Plane, path: Matrix, [from, to]: readonly [number, number]): number {
  let [inside, all] = [0, 0];
  for (let step = from; step <= to; ++step) {
    const state = rowOf(path, step);
    let [x, y] = [0, 0];
    for (let j = 0; j < state.length; ++j) {
      const away = state[j] - centre[j];
      x += away * axes[0][j];
      y += away * axes[1][j];
      all += away * away;
    }
    inside += x * x + y * y;
  }
  return all > 0 ? Math.min(1, inside / all) : 1;
}

export const length = (vector: Float64Array): number => Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));

/** The vector at length 1; a vector of zeros stays one. */
export function unitOf(vector: Float64Array): Float64Array {
  const size = length(vector);
  return size > 0 ? vector.map((x) => x / size) : vector;
}

/** What of a vector is at right angles to a unit vector. */
export function across(vector: Float64Array, unit: Float64Array): Float64Array {
  let along = 0;
  for (let j = 0; j < vector.length; ++j) along += vector[j] * unit[j];
  return vector.map((x, j) => x - along * unit[j]);
}

/** The direction in which rows differ most once a unit vector's direction is taken out of them, and what `rest` leaves; zeros where they do not differ. */
export function leadingAcross(rows: readonly Float64Array[], unit: Float64Array): Float64Array {
  const width = unit.length;
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, i) => data.set(across(row, unit), i * width));
  if (rows.length < 2 || width < 2) return new Float64Array(width);
  const {axes} = fitPca(matrixOf(rows.length, width, data), {components: 1});
  return unitOf(across(Float64Array.from(axes.data.subarray(0, width)), unit)); // float32 leaves a little along it
}
