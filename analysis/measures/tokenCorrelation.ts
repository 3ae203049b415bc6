import {stateAt, type States} from "../states.ts";

/** What the correlation of a run's tokens needs of them, gathered some tokens at a time. */
interface CorrelationTally {
  /** Of the states centred over their coordinates and scaled to length 1, `[step][init][width]`. */
  readonly sums: Float64Array;
  /** How many tokens have a finite state, `[step][init]`. */
  readonly counts: Int32Array;
  readonly width: number;
}

export const correlationTally = ({steps, inits, width}: Pick<States, "steps" | "inits" | "width">): CorrelationTally => ({
  sums: new Float64Array(steps * inits * width),
  counts: new Int32Array(steps * inits),
  width
});

/** Takes further tokens into a tally; a state with a number that is not finite is left out. */
export function addTokens({sums, counts, width}: CorrelationTally, states: States): void {
  const {steps, inits, tokens} = states;
  for (let at = 0; at < steps * inits; ++at) {
    const sum = sums.subarray(at * width, (at + 1) * width);
    for (let token = 0; token < tokens; ++token)
      if (addCentred(sum, stateAt(states, Math.floor(at / inits), token, at % inits))) counts[at] += 1;
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

export function tokenCorrelation(states: States): Float32Array {
  const tally = correlationTally(states);
  addTokens(tally, states);
  return correlationsOf(tally);
}

/** Adds a state, centred over its coordinates and scaled to length 1; whether it is finite. */
function addCentred(sum: Float64Array, state: Float32Array): boolean {
  let mean = 0;
  for (let k = 0; k < state.length; ++k) mean += state[k];
  mean /= state.length;
  let squared = 0;
  for (let k = 0; k < state.length; ++k) squared += (state[k] - mean) * (state[k] - mean);
  if (!Number.isFinite(squared)) return false;
  if (squared === 0) return true;
  const scale = 1 / Math.sqrt(squared);
  for (let k = 0; k < state.length; ++k) sum[k] += (state[k] - mean) * scale;
  return true;
}
