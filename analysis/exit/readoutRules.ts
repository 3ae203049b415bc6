import {AUTHORS, type ExitMoment, type ExitRule} from "./exitRule.ts";

const ENTROPY_BEFORE_FIRST = 100; // the authors' entropy before the first step: never close to a real one
const ENTROPY_EPSILON = 1e-10;
export const MIN_P = 0.1; // of the largest probability

export const KL_TO_PREVIOUS: ExitRule = {
  name: "kl",
  formula: "KL(p_{t−1} ‖ p_t) = Σ p_{t−1} (ln p_{t−1} − ln p_t), before the first step uniform",
  source: `${AUTHORS}; the paper's text has 5e-4`,
  reads: "logprobs",
  threshold: 1e-3,
  exitWhen: "below",
  consecutive: 1,
  start: () => divergences((logprobs) => Float64Array.from(logprobs))
};

export const MIN_P_KL: ExitRule = {
  name: "minp-kl",
  formula: "KL(p_{t−1} ‖ p_t) after p < 0.1 max p is set to 1/V and all is normalised again, before the first step uniform",
  source: AUTHORS,
  reads: "logprobs",
  threshold: 1e-5,
  exitWhen: "below",
  consecutive: 1,
  start: () => divergences(aboveMinP)
};

export const ENTROPY_DIFFERENCE: ExitRule = {
  name: "entropy-diff",
  formula: "|H_t − H_{t−1}|, H = −Σ p ln(p + 1e-10), before the first step 100",
  source: AUTHORS,
  reads: "logprobs",
  threshold: 1e-3,
  exitWhen: "below",
  consecutive: 1,
  start() {
    let before = ENTROPY_BEFORE_FIRST;
    return afterStart((logprobs) => {
      let entropy = 0;
      for (let i = 0; i < logprobs.length; ++i) {
        const p = Math.exp(logprobs[i]);
        entropy -= p * Math.log(p + ENTROPY_EPSILON);
      }
      const difference = Math.abs(entropy - before);
      before = entropy;
      return difference;
    });
  }
};

export const ARGMAX_STABILITY: ExitRule = {
  name: "argmax-stability",
  formula: "steps in a row after which the likeliest token was the one before, 0 at the first step",
  source: AUTHORS,
  reads: "logprobs",
  threshold: 5,
  exitWhen: "reached",
  consecutive: 1,
  start() {
    let [before, stable] = [-1, 0];
    return afterStart((logprobs) => {
      let best = 0;
      for (let i = 1; i < logprobs.length; ++i) if (logprobs[i] > logprobs[best]) best = i;
      stable = best === before ? stable + 1 : 0;
      before = best;
      return stable;
    });
  }
};

/** Σ p (ln p − ln q) of two distributions given by their logarithms; 0 ln 0 = 0. */
function divergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < p.length; ++i) if (p[i] > -Infinity) sum += Math.exp(p[i]) * (p[i] - q[i]);
  return sum;
}

/** From one step's distribution, prepared, to the next one's; the first is compared with the uniform one. */
function divergences(prepared: (logprobs: ArrayLike<number>) => Float64Array): (moment: ExitMoment) => number {
  let before: Float64Array | undefined;
  return afterStart((logprobs) => {
    const now = prepared(logprobs);
    const value = divergence(before ?? new Float64Array(now.length).fill(-Math.log(now.length)), now);
    before = now;
    return value;
  });
}

function aboveMinP(logprobs: ArrayLike<number>): Float64Array {
  let most = -Infinity;
  for (let i = 0; i < logprobs.length; ++i) if (logprobs[i] > most) most = logprobs[i];
  const least = most + Math.log(MIN_P);
  const kept = Float64Array.from(logprobs, (log) => (log < least ? -Math.log(logprobs.length) : log));
  let sum = 0;
  for (const log of kept) sum += Math.exp(log);
  return kept.map((log) => log - Math.log(sum));
}

/** NaN at the start, which no readout rule looks at; throws where a later step comes without its distribution. */
function afterStart(measure: (logprobs: ArrayLike<number>) => number): (moment: ExitMoment) => number {
  return ({step, logprobs}) => {
    if (step === 0) return Number.NaN;
    if (!logprobs) throw new Error(`missing log-probabilities of step ${step}`);
    return measure(logprobs);
  };
}
