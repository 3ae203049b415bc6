import {stateAt, type States} from "../states.ts";

/** Relative distances between two starts at equal steps. */
export function gapsOf(tail: States, token: number, a: number, b: number): Float64Array {
  const gaps = new Float64Array(tail.steps);
  for (let step = 0; step < tail.steps; ++step) gaps[step] = relativeDistance(stateAt(tail, step, token, a), stateAt(tail, step, token, b));
  return gaps;
}

/** Relative distances between successive states. */
export function stepsOf(tail: States, token: number, start: number): Float64Array {
  const steps = new Float64Array(tail.steps - 1);
  for (let t = 0; t < steps.length; ++t) steps[t] = relativeDistance(stateAt(tail, t, token, start), stateAt(tail, t + 1, token, start));
  return steps;
}

/** ‖a − b‖ / √((‖a‖² + ‖b‖²) / 2), 0 where both are zero, NaN where one is not finite. */
export function relativeDistance(a: Float32Array, b: Float32Array): number {
  let [gap, norms] = [0, 0];
  for (let j = 0; j < a.length; ++j) {
    gap += (a[j] - b[j]) ** 2;
    norms += (a[j] * a[j] + b[j] * b[j]) / 2;
  }
  return norms === 0 ? 0 : Math.sqrt(gap / norms);
}

export function geometricMean(values: Float64Array): number {
  let logs = 0;
  for (const value of values) logs += Math.log(value);
  return Math.exp(logs / values.length);
}

export function rootMeanSquare(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}
