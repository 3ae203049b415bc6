import {stateAt, type States} from "../states.ts";

/** What the correlation of a run's tokens needs of them, gathered some tokens at a time. */
export interface CorrelationTally {
  /** Of the states centred over their coordinates and scaled to length 1, `[step][init][width]`. */
  readonly sums: Float64Array;
  /** Of the squares of the same, `[step][init][width]`. */
  readonly squares: Float64Array;
  /** How many tokens have a finite state, `[step][init]`. */
  readonly counts: Int32Array;
  readonly width: number;
}

export const correlationTally = ({steps, inits, width}: Pick<States, "steps" | "inits" | "width">): CorrelationTally => ({
  sums: new Float64Array(steps * inits * width),
  squares: new Float64Array(steps * inits * width),
  counts: new Int32Array(steps * inits),
  width
});

/** Takes further tokens into a tally; a state with a number that is not finite is left out. */
export function addTokens({sums, squares, counts, width}: CorrelationTally, states: States): void {
  const {steps, inits, tokens} = states;
  for (let at = 0; at < steps * inits; ++at) {
    const [sum, square] = [sums, squares].map((all) => all.subarray(at * width, (at + 1) * width));
    for (let token = 0; token < tokens; ++token)
      if (addCentred({sum, square}, stateAt(states, Math.floor(at / inits), token, at % inits))) counts[at] += 1;
  }
}

/**
 * How alike the tokens' states are at one step, layout `[step][init]`: every state is centred over its coordinates and scaled to length 1, and the products of all
 * S × S pairs are averaged, less 1/S for the diagonal. About 0 for unrelated states and 1 − 1/S when the tokens have become one another. This is the authors' training monitor
 * (`recurrent_state_token_corr` of seal-rg/recurrent-pretraining, there of ln_f(h)); it went to 1 in the first of their failed runs. A state without variance counts as zero.
 */
export function correlationsOf({sums, counts, width}: CorrelationTally): Float32Array {
  return Float32Array.from(counts, (count, at) => {
    let squared = 0;
    for (let k = at * width; k < (at + 1) * width; ++k) squared += sums[k] * sums[k];
    return count === 0 ? 0 : squared / count ** 2 - 1 / count;
  });
}

const MASSIVE = 36; // times the median coordinate's mean square: 6 times its size

const ROUNDING = 1e-12; // of the energy, in sums of double precision

/**
 * The same of the coordinates that are not massive, layout `[step][init]`. A coordinate hundreds of times the others, as transformers have one or two of (Sun et al. 2024), makes all
 * states one another's by itself; what tokens have in common and what they differ in is in the others, which are centred anew.
 */
export function ordinaryCorrelationsOf({sums, squares, counts, width}: CorrelationTally): Float32Array {
  return Float32Array.from(counts, (count, at) => {
    if (count === 0) return 0;
    const [sum, square] = [sums, squares].map((all) => all.subarray(at * width, (at + 1) * width));
    const most = MASSIVE * Float64Array.from(square).sort()[Math.floor(width / 2)];
    let [kept, total, common, energy] = [0, 0, 0, 0];
    for (let k = 0; k < width; ++k) {
      if (square[k] > most) continue;
      kept += 1;
      total += sum[k] / count;
      common += (sum[k] / count) ** 2;
      energy += square[k] / count;
    }
    const level = total ** 2 / kept;
    return (energy - level > ROUNDING * energy ? (common - level) / (energy - level) : 1) - 1 / count; // 1 where the others have nothing to differ in
  });
}

export function tokenCorrelation(states: States): Float32Array {
  const tally = correlationTally(states);
  addTokens(tally, states);
  return correlationsOf(tally);
}

/** Adds a state, centred over its coordinates and scaled to length 1, and its squares; whether it is finite. */
function addCentred({sum, square}: {readonly sum: Float64Array; readonly square: Float64Array}, state: Float32Array): boolean {
  let mean = 0;
  for (let k = 0; k < state.length; ++k) mean += state[k];
  mean /= state.length;
  let squared = 0;
  for (let k = 0; k < state.length; ++k) squared += (state[k] - mean) * (state[k] - mean);
  if (!Number.isFinite(squared)) return false;
  if (squared === 0) return true;
  const scale = 1 / Math.sqrt(squared);
  for (let k = 0; k < state.length; ++k) {
    const own = (state[k] - mean) * scale;
    sum[k] += own;
    square[k] += own * own;
  }
  return true;
}
