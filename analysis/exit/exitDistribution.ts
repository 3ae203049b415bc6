import {Refusal} from "../../capture/trace/refusal.ts";

/** What a model's own exit gate says of one position: entry t − 1 is loop t's. */
interface ExitDistribution {
  /** The probability of leaving the loop at each step; the last one takes what is left, so that the sum is 1. */
  readonly pdf: Float32Array;
  /** Their running sums. */
  readonly cdf: Float32Array;
}

/**
 * p_t = λ_t Π_{s<t} (1 − λ_s) for t < R, and p_R = Π_{s<R} (1 − λ_s): the last gate is not used (Zhu et al. 2025, Ouro, arXiv 2510.25741). All
 * in float32: in bfloat16 a sum may round to 1 before its time, and a loop is left that was not meant to be.
 */
export function exitDistribution(gates: ArrayLike<number>): ExitDistribution {
  const loops = gates.length;
  if (loops === 0) throw new Refusal("no gates; expected one for each loop");
  const pdf = new Float32Array(loops);
  const cdf = new Float32Array(loops);
  let staying = 1;
  let sum = 0;
  for (let t = 0; t < loops; ++t) {
    pdf[t] = t === loops - 1 ? staying : Math.fround(gates[t] * staying);
    staying = Math.fround(staying * Math.fround(1 - gates[t]));
    sum = Math.fround(sum + pdf[t]);
    cdf[t] = sum;
  }
  return {pdf, cdf};
}

/** The first step, from 1, at which the sum has reached q; the last one where it never does. */
export function exitStepAt({cdf}: ExitDistribution, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new Refusal(`invalid q: ${q}; expected 0 to 1`);
  const at = cdf.findIndex((sum) => sum >= Math.fround(q));
  return at < 0 ? cdf.length : at + 1;
}
