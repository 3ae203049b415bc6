import {distance, norm, rowOf, type Matrix} from "../matrix.ts";
import {approachRows} from "./approach/approachRows.ts";
import {RESTING_FLOORS} from "./approach/contraction.ts";
import {gramOf, type Gram} from "./path/gram.ts";
import {judgedRows} from "./path/judgedRows.ts";
import {roundingFloor, roundingNoise, type Precision} from "./path/rounding.ts";
import {coordinateSteps, weightsOf, weighedPath} from "./path/weights.ts";

/** All that a label is made of, and no state: what is kept of a path where its states are not. */
export interface PathProducts {
  /** States of the path. */
  readonly rows: number;
  /** First of the rows at the end that are equal bit for bit; undefined where there are none. */
  readonly stillFrom?: number;
  /** First row with a number that is not finite; undefined where there is none. */
  readonly badFrom?: number;
  /** Undefined where nothing can be claimed: a number is not finite, or nothing ever moved. */
  readonly judged?: JudgedProducts;
}

export interface JudgedProducts {
  /** Coordinates that count less, since their noise outweighs the others'. */
  readonly weighed: readonly number[];
  /** Rounding floor of the last state. */
  readonly floor: number;
  /** Dimensions in which what rounding adds to the last state lies. */
  readonly floorDimensions: number;
  /** Norm of the last state, its coordinates weighed; 1 for a state of zeros. */
  readonly scale: number;
  /** The last states, `MOST_STATES` at most, from the row `skipped` on. */
  readonly late: Gram;
  readonly skipped: number;
  /** The part in which the path comes to rest, from the row `first` on; `late` itself where that is the same part. */
  readonly approach: Gram;
  readonly first: number;
}

export const MOST_STATES = 256; // a longer path is judged by its last ones, its approach by those about the step at which it comes to rest
export const FEW_STATES = 8; // whose order, the best that there is, comes by chance once in 5,040 times, which the tests and labels tried make no proof
const LEAST_FLOOR = 1e-40; // of a last state of zeros

/** What a path's label is made of; `precision` is the number format of the computation. */
export function pathProducts(whole: Matrix, {precision}: {readonly precision: Precision}): PathProducts {
  const steps = coordinateSteps(whole);
  const {path: moving, from, stillFrom, badFrom} = judgedRows(whole, steps);
  const {rows} = whole;
  if (badFrom !== undefined) return {rows, badFrom, ...(stillFrom === undefined ? {} : {stillFrom})};
  if (stillFrom === 0) return {rows, stillFrom};
  const path = stillFrom === from + moving.rows - 1 && cameToStand(moving, precision) ? rowsFrom(whole, from) : moving;
  const filled = from > 0 || path.rows === stillFrom; // and a step between them and it is none of the path's
  const weights = weightsOf(path, {steps: filled ? coordinateSteps(path) : steps, precision});
  const judged = weighedPath(path, weights);
  const rounding = roundingNoise(rowOf(path, path.rows - 1), precision, {changes: weights.changes, weights: weights.values});
  const floor = Math.max(rounding.floor, LEAST_FLOOR);
  const scale = norm(rowOf(judged, judged.rows - 1)) || 1;
  const skipped = Math.max(0, judged.rows - MOST_STATES);
  const still = stillSquares(rowOf(judged, judged.rows - 1), weights.changes);
  const productsOf = (part: Matrix): Gram => withoutStill(gramOf(part), still);
  const late = productsOf(rowsFrom(judged, skipped));
  const approach = approachGram(judged, late, {skipped, floor, productsOf});
  return {
    rows,
    ...(stillFrom === undefined ? {} : {stillFrom}),
    judged: {
      ...{weighed: weights.weighed, floor, floorDimensions: rounding.dimensions, scale},
      ...{late, skipped: from + skipped, approach: approach.approach, first: from + approach.first}
    }
  };
}

/** Whether the last step of a path was no more than rounding, after so few states that nothing can be seen in them alone: what then stands still, bit for bit, had come to rest, and was not frozen on its way. */
const cameToStand = (path: Matrix, precision: Precision): boolean => {
  const last = rowOf(path, path.rows - 1);
  return (
    path.rows > 1 &&
    path.rows <= FEW_STATES &&
    distance(rowOf(path, path.rows - 2), last) <= RESTING_FLOORS * roundingFloor(last, precision)
  );
};

/** Squares of the coordinates of a state that never change. */
function stillSquares(state: Float32Array, changes: Uint8Array): number {
  let sum = 0;
  for (let k = 0; k < state.length; ++k) if (changes[k] === 0) sum += state[k] ** 2;
  return sum;
}

/** A path seen from the origin of the coordinates that change: a sphere about 0 is one about 0 there, whatever stands beside it. */
const withoutStill = (gram: Gram, still: number): Gram =>
  still > 0 ? {...gram, lastSquared: Math.max(0, gram.lastSquared - still)} : gram;

const rowsFrom = ({rows, cols, data}: Matrix, from: number, to = rows): Matrix => ({
  rows: to - from,
  cols,
  data: data.subarray(from * cols, to * cols)
});

/** The part of a path in which it comes to rest, from the row `first` on. */
function approachGram(
  path: Matrix,
  late: Gram,
  {skipped, floor, productsOf}: {readonly skipped: number; readonly floor: number; readonly productsOf: (part: Matrix) => Gram}
): Pick<JudgedProducts, "approach" | "first"> {
  if (skipped === 0) return {approach: late, first: 0};
  const [from, to] = approachRows(path, {floor, most: MOST_STATES});
  return to === path.rows && from === skipped
    ? {approach: late, first: skipped}
    : {approach: productsOf(rowsFrom(path, from, to)), first: from};
}
