import {partFrom} from "../../kernel/matrices.ts";
import {differenceProducts} from "../../kernel/states.ts";
import {dot, rowOf, type Matrix} from "../../matrix.ts";
import {differencesOf, type Products} from "./residual.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";

/**
 * A path known by its inner products only, seen from its last state: element (i, j) of `values` is
 * (h_i − h_last)·(h_j − h_last), [steps][steps], double precision. Every distance, and every statistic that does not look at
 * single coordinates, follows from it, so nothing after it costs anything in the width, and nothing depends on the axes.
 */
export interface Gram extends Products {
  /** (h_i − h_last)·h_last, [steps]; with `lastSquared` it gives back the products seen from the origin. */
  readonly towardLast: Float64Array;
  /** ‖h_last‖². */
  readonly lastSquared: number;
}

/**
 * The Gram matrix of a path (rows = steps). Differences are taken before products, so that a motion of a ten-millionth of the
 * norm survives. Throws a Refusal for a path without rows or with a number that is not finite.
 */
export function gramOf(path: Matrix): Gram {
  const {rows, cols} = path;
  if (!(rows >= 1 && cols >= 1)) throw new Refusal(`invalid path: ${rows} × ${cols}; expected at least one state and one coordinate`);
  const {values, toward} = differenceProducts(path.data, rows, cols);
  const bad = toward.findIndex((along) => !Number.isFinite(along));
  if (bad >= 0) throw new Refusal(`invalid state at step ${bad}: holds NaN or Infinity; expected finite numbers`);
  return {size: rows, values, towardLast: toward, lastSquared: dot(rowOf(path, rows - 1), rowOf(path, rows - 1))};
}

/** ‖h_i − h_j‖². */
export function squaredDistance({size, values}: Products, i: number, j: number): number {
  return Math.max(0, values[i * size + i] + values[j * size + j] - 2 * values[i * size + j]);
}

/** ‖h_{t+lag} − h_t‖² at every t. */
export function squaredSteps(gram: Products, lag = 1): number[] {
  const squares: number[] = [];
  for (let t = 0; t + lag < gram.size; ++t) squares.push(squaredDistance(gram, t, t + lag));
  return squares;
}

/** Mean of ‖h_{t+lag} − h_t‖² among the first `count` states; 0 where there are no two. */
export function meanSquaredStep(path: Products, lag: number, count = path.size): number {
  let sum = 0;
  for (let t = 0; t + lag < count; ++t) sum += squaredDistance(path, t, t + lag);
  return count > lag ? sum / (count - lag) : 0;
}

/** 0 for an empty list. */
export function mean(list: readonly number[]): number {
  let sum = 0;
  for (const x of list) sum += x;
  return list.length === 0 ? 0 : sum / list.length;
}

/** ‖h_i‖², seen from the origin. */
export const squaredNorm = ({size, values, towardLast, lastSquared}: Gram, i: number): number =>
  Math.max(0, values[i * size + i] + 2 * towardLast[i] + lastSquared);

/** The part of a Gram matrix from step `from` on; still seen from the last state. */
export function windowOf(gram: Gram, from: number): Gram {
  return {...productsFrom(gram, from), towardLast: gram.towardLast.subarray(from), lastSquared: gram.lastSquared};
}

/** The products of the states from step `from` on. */
export function productsFrom(whole: Products, from: number): Products {
  if (from === 0) return whole;
  return {size: whole.size - from, values: partFrom(whole.values, whole.size, from)};
}

/** Σ over i, j of a_i G_ij b_j: the inner product of the combined states Σ a_i h_i and Σ b_j h_j, seen from the last state. */
export function form({size, values}: Products, a: Float64Array, b: Float64Array = a): number {
  let sum = 0;
  for (let i = 0; i < size; ++i) {
    if (a[i] === 0) continue;
    const row = i * size;
    let inner = 0;
    for (let j = 0; j < size; ++j) inner += values[row + j] * b[j];
    sum += a[i] * inner;
  }
  return sum;
}

/** Distance of every state to the mean of the last `count`. */
export const distancesToTail = (gram: Products, count: number): number[] => seenFromTail(gram, count).sizes;

/** Vectors known by their lengths and inner products. */
export interface Vectors {
  readonly sizes: number[];
  product(i: number, j: number): number;
}

/** A path seen from the mean of its last `count` states. */
export function seenFromTail({size, values}: Products, count: number): Vectors {
  const first = size - count;
  let own = 0;
  for (let i = first; i < size; ++i) for (let j = first; j < size; ++j) own += values[i * size + j];
  own /= count ** 2;
  const crossed: number[] = [];
  for (let t = 0; t < size; ++t) {
    let cross = 0;
    for (let j = first; j < size; ++j) cross += values[t * size + j];
    crossed.push(cross / count);
  }
  const product = (i: number, j: number): number => values[i * size + j] - crossed[i] - crossed[j] + own;
  return {sizes: crossed.map((_, t) => Math.sqrt(Math.max(0, product(t, t)))), product};
}

/** The steps of a path. */
export function stepProducts(path: Products): Vectors {
  const {size, values} = differencesOf(path);
  return {
    sizes: Array.from({length: size}, (_, t) => Math.sqrt(Math.max(0, values[t * (size + 1)]))),
    product: (i, j) => values[i * size + j]
  };
}
