import {dot, norm} from "../matrix.ts";
import {AUTHORS, type ExitMoment, type ExitRule} from "./exitRule.ts";

const EPSILON = 1e-6; // the authors' guard against a zero state

export const LATENT_DIFFERENCE: ExitRule = {
  name: "latent-diff",
  formula: "mean over positions of ‖h_t − h_{t−1}‖ / ‖h_t‖",
  source: AUTHORS,
  reads: "state",
  threshold: 0.03,
  exitWhen: "below",
  consecutive: 1,
  start: () => ofStates(1, ([now, before]) => Math.sqrt(sumOfSquares(now, (k) => now[k] - before[k])) / norm(now))
};

export const COSINE_DISTANCE: ExitRule = {
  name: "cosine",
  formula: "1 − mean over positions of cos(h_t, h_{t−1})",
  source: AUTHORS,
  reads: "state",
  threshold: 1e-3,
  exitWhen: "below",
  consecutive: 1,
  start: () => ofStates(1, ([now, before]) => 1 - dot(now, before) / (norm(now) * norm(before)))
};

export const LATENT_ACCELERATION: ExitRule = {
  name: "latent-acceleration",
  formula: "mean over positions of ‖(h_t − h_{t−1}) − (h_{t−1} − h_{t−2})‖ / (‖h_t‖ + 1e-6)",
  source: `${AUTHORS}; the authors give no threshold of its own, latent-diff's is used`,
  reads: "state",
  threshold: 0.03,
  exitWhen: "below",
  consecutive: 1,
  start: () => ofStates(2, (states) => secondDifference(states) / (norm(states[0]) + EPSILON))
};

export const TWO_SCALE_ACCELERATION: ExitRule = {
  name: "acceleration",
  formula: "mean over positions of a_t = ‖Δ_t − Δ_{t−1}‖, Δ_t = h_{t+1} − h_t, below τ for two steps in a row",
  source: "Pappone, Crisostomi and Rodolà 2025, Two-Scale Latent Dynamics, arXiv 2509.23314, eq. 5–6; τ swept from 1e-5 to 1e-2 there",
  reads: "state",
  threshold: 1e-3,
  exitWhen: "below",
  consecutive: 2,
  start: () => ofStates(2, secondDifference)
};

/** ‖a − 2b + c‖ of three states, the latest first. */
const secondDifference = ([a, b, c]: readonly Float32Array[]): number => Math.sqrt(sumOfSquares(a, (k) => a[k] - 2 * b[k] + c[k]));

/** The mean over positions of a value of the latest `before + 1` states, the latest first; NaN until there are so many. */
function ofStates(before: number, valueAt: (states: readonly Float32Array[]) => number): (moment: ExitMoment) => number {
  const seen: Float32Array[] = [];
  return ({state, width}) => {
    seen.unshift(state.slice()); // the loop may reuse its buffer
    seen.length = Math.min(seen.length, before + 1);
    if (seen.length <= before) return Number.NaN;
    const positions = state.length / width;
    let sum = 0;
    for (let i = 0; i < positions; ++i) sum += valueAt(seen.map((whole) => whole.subarray(i * width, (i + 1) * width)));
    return sum / positions;
  };
}

function sumOfSquares(values: Float32Array, at: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < values.length; ++k) sum += at(k) ** 2;
  return sum;
}
