import {Matrix as SmallMatrix, pseudoInverse} from "ml-matrix";
import {strongestLine} from "../patterns/orbit/line.ts";
import {residualOf} from "../patterns/path/residual.ts";
import {orthonormal, sampled} from "../patterns/statistics/timeBasis.ts";
import {stateAt, type States} from "../states.ts";
import type {Shift} from "./shift.ts";

/** A tail as a centre and harmonics of one frequency: h_t = m + Σₖ Aₖ cos(2πkft) + Bₖ sin(2πkft). */
interface Harmonics {
  /** Cycles per step, up to ½. */
  readonly frequency: number;
  /** The harmonics k that are there; one whose alias meets another's is left out. */
  readonly orders: readonly number[];
  /** m, then Aₖ and Bₖ in the order of `orders`, each [width]. */
  readonly coefficients: readonly Float64Array[];
  /** Root mean square distance per state that they leave. */
  readonly residual: number;
  /** Root mean square norm of a state. */
  readonly norm: number;
}

const MOST_ORDERS = 3;

/** Frequency of the strongest line in a tail, from the products ⟨h_t, h_u⟩ and the relative floor; undefined where there is none with three turns in the tail. */
export function lineFrequency(steps: number, products: Float64Array, {floor}: {readonly floor: number}): number | undefined {
  const constant = orthonormal([sampled(steps, () => 1)]);
  let energy = 0;
  for (let t = 0; t < steps; ++t) energy += products[t * steps + t] / steps;
  return strongestLine(residualOf({size: steps, values: products}, constant), constant, floor ** 2 * energy)?.frequency;
}

/** Least squares of a start's tail on the harmonics of a frequency, each coordinate for itself. */
export function harmonicsOf(tail: States, token: number, start: number, frequency: number): Harmonics {
  const {steps, width} = tail;
  const orders = ordersOf(frequency, steps);
  const functions = [
    sampled(steps, () => 1),
    ...orders.flatMap((k) => [
      sampled(steps, (t) => Math.cos(2 * Math.PI * k * frequency * t)),
      sampled(steps, (t) => Math.sin(2 * Math.PI * k * frequency * t))
    ])
  ];
  const solve = pseudoInverse(new SmallMatrix(functions.map((f) => [...f])).transpose()); // at ½ the sine is zero: no unique solution, the smallest one
  const coefficients = functions.map(() => new Float64Array(width));
  for (let t = 0; t < steps; ++t) {
    const state = stateAt(tail, t, token, start);
    coefficients.forEach((coefficient, i) => {
      const weight = solve.get(i, t);
      for (let j = 0; j < width; ++j) coefficient[j] += weight * state[j];
    });
  }
  let [left, squares] = [0, 0];
  for (let t = 0; t < steps; ++t) {
    const state = stateAt(tail, t, token, start);
    for (let j = 0; j < width; ++j) {
      let rest = state[j];
      for (let i = 0; i < functions.length; ++i) rest -= functions[i][t] * coefficients[i][j];
      left += rest * rest;
      squares += state[j] * state[j];
    }
  }
  return {frequency, orders, coefficients, residual: Math.sqrt(left / steps), norm: Math.sqrt(squares / steps)};
}

/**
 * The shift in time that brings b's harmonics nearest to a's, of one frequency: a phase between the states needs no interpolation then, however short the
 * period. With θ = 2πf·lag, ‖a − b‖² = ‖m_a − m_b‖² + ½ Σₖ (‖Aₖ‖² + ‖Bₖ‖² of both − 2 cos kθ (⟨Aₖ, A′ₖ⟩ + ⟨Bₖ, B′ₖ⟩) − 2 sin kθ (⟨Aₖ, B′ₖ⟩ − ⟨Bₖ, A′ₖ⟩)), to
 * which what either leaves is added. The lag lies within half a period either way.
 */
export function harmonicShift(a: Harmonics, b: Harmonics): Shift {
  const constant = squaredGap(a.coefficients[0], b.coefficients[0]) + a.residual ** 2 + b.residual ** 2;
  const terms = a.orders.map((k, i) => {
    const [A, B, C, D] = [a.coefficients[1 + 2 * i], a.coefficients[2 + 2 * i], b.coefficients[1 + 2 * i], b.coefficients[2 + 2 * i]];
    return {
      k,
      energy: (inner(A, A) + inner(B, B) + inner(C, C) + inner(D, D)) / 2,
      even: inner(A, C) + inner(B, D),
      odd: inner(A, D) - inner(B, C)
    };
  });
  const squaredAt = (angle: number): number =>
    terms.reduce((sum, {k, energy, even, odd}) => sum + energy - Math.cos(k * angle) * even - Math.sin(k * angle) * odd, constant);
  let best = 0;
  for (let i = 1; i < ANGLES; ++i) if (squaredAt(angleOf(i)) < squaredAt(angleOf(best))) best = i;
  return {
    lag: angleOf(best) / (2 * Math.PI * a.frequency),
    distance: Math.sqrt(Math.max(0, squaredAt(angleOf(best)))) / Math.sqrt((a.norm ** 2 + b.norm ** 2) / 2)
  };
}

const ANGLES = 720; // half a degree: less than 0.5 % of the radius off
const angleOf = (i: number): number => (2 * Math.PI * i) / ANGLES - Math.PI;

/** 1, 2, 3 as far as each one's alias in 0 … ½ is two grid widths of the tail away from 0 and from the others'. */
function ordersOf(frequency: number, steps: number): number[] {
  const alias = (k: number): number => Math.abs(k * frequency - Math.round(k * frequency));
  const orders = [1];
  for (let k = 2; k <= MOST_ORDERS; ++k)
    if ([0, ...orders.map(alias)].every((taken) => Math.abs(alias(k) - taken) > 1 / steps)) orders.push(k);
  return orders;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; ++j) sum += a[j] * b[j];
  return sum;
}

function squaredGap(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; ++j) sum += (a[j] - b[j]) ** 2;
  return sum;
}
