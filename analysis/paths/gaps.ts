import type {Pair} from "./pairs.ts";

/** How far pairs of starts are from one another at each step; layout `[step][unit][pair]`. */
export interface Gaps {
  /** Steps recorded, the initial state included. */
  readonly steps: number;
  /** Tokens, or 1 for the whole sequence taken as one vector. */
  readonly units: number;
  readonly pairs: readonly Pair[];
  /** Relative gaps, 0 to 2 for states of equal norm. */
  readonly data: Float32Array;
}

/** Gaps that grow step by step, so that the states themselves need not be kept. */
interface GapRecorder {
  /** Takes the states of the next step, `[start][token][width]`; more starts than the pairs name may follow, and are not looked at. */
  push(states: Float32Array): void;
  /** Per token, and for the whole sequence, of the steps so far. */
  gaps(): {readonly tokens: Gaps; readonly sequence: Gaps};
}

interface GapRecorderOptions {
  readonly tokens: number;
  readonly width: number;
  readonly pairs: readonly Pair[];
}

/**
 * Records for each pair (i, j), step and token ‖hᵢ − hⱼ‖ / √((‖hᵢ‖² + ‖hⱼ‖²) / 2), from the differences themselves: the form
 * through scalar products loses everything below 1e-4 in float32. 0 where both states are zero, NaN where one is not finite.
 */
export function recordGaps({tokens, width, pairs}: GapRecorderOptions): GapRecorder {
  const perToken: Float32Array[] = [];
  const perSequence: Float32Array[] = [];
  const starts = 1 + pairs.reduce((most, [i, j]) => Math.max(most, i, j), 0);
  return {
    push(states) {
      if (states.length < starts * tokens * width)
        throw new RangeError(`invalid states: ${states.length} numbers; expected at least ${starts} × ${tokens} × ${width}`);
      const norms = squaredNorms(states, starts * tokens, width);
      const tokenRow = new Float32Array(tokens * pairs.length);
      const sequenceRow = new Float32Array(pairs.length);
      for (let p = 0; p < pairs.length; ++p) {
        const [i, j] = pairs[p];
        let allSquares = 0;
        let allNorms = 0;
        for (let token = 0; token < tokens; ++token) {
          const squares = squaredDistance(states, (i * tokens + token) * width, (j * tokens + token) * width, width);
          const norm = (norms[i * tokens + token] + norms[j * tokens + token]) / 2;
          tokenRow[token * pairs.length + p] = relative(squares, norm);
          allSquares += squares;
          allNorms += norm;
        }
        sequenceRow[p] = relative(allSquares, allNorms);
      }
      perToken.push(tokenRow);
      perSequence.push(sequenceRow);
    },
    gaps: () => ({
      tokens: {steps: perToken.length, units: tokens, pairs, data: joined(perToken)},
      sequence: {steps: perSequence.length, units: 1, pairs, data: joined(perSequence)}
    })
  };
}

/** The gap of one pair by step. */
export function pairGaps({steps, units, pairs, data}: Gaps, unit: number, pair: number): Float64Array {
  const curve = new Float64Array(steps);
  for (let step = 0; step < steps; ++step) curve[step] = data[(step * units + unit) * pairs.length + pair];
  return curve;
}

/** A curve over pairs, by step: their geometric mean (the curve that a rate belongs to) and their largest. NaN without pairs. */
export function gapCurve({steps, units, pairs, data}: Gaps, unit: number): {readonly mean: Float64Array; readonly largest: Float64Array} {
  const mean = new Float64Array(steps);
  const largest = new Float64Array(steps);
  for (let step = 0; step < steps; ++step) {
    const row = data.subarray((step * units + unit) * pairs.length, (step * units + unit + 1) * pairs.length);
    let logs = 0;
    for (const gap of row) logs += Math.log(gap);
    mean[step] = row.length > 0 ? Math.exp(logs / row.length) : NaN;
    largest[step] = row.length > 0 ? row.reduce((most, gap) => Math.max(most, gap), 0) : NaN;
  }
  return {mean, largest};
}

const relative = (squares: number, norm: number): number => (norm === 0 ? 0 : Math.sqrt(squares / norm));

function squaredNorms(states: Float32Array, rows: number, width: number): Float64Array {
  const norms = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; ++row) for (let j = 0; j < width; ++j, ++at) norms[row] += states[at] * states[at];
  return norms;
}

function squaredDistance(states: Float32Array, a: number, b: number, width: number): number {
  let sum = 0;
  for (const end = a + width; a < end; ++a, ++b) {
    const difference = states[a] - states[b];
    sum += difference * difference;
  }
  return sum;
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const data = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    data.set(row, at);
    at += row.length;
  }
  return data;
}
