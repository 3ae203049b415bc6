import {Refusal} from "../../capture/trace/refusal.ts";

/** Lower and upper end of an interval, 95 % unless another level was asked for. */
export type Interval = readonly [number, number];

const NORMAL_QUANTILE_95 = 1.959963984540054;

/**
 * Wilson's score interval for a share of `successes` among `count`: it stays honest at 0 and 1, where the plain interval has no
 * width (E. B. Wilson 1927, J. Am. Stat. Assoc. 22). [0, 1] for an empty sample. `count` need not be whole.
 */
export function wilsonInterval(successes: number, count: number, {z = NORMAL_QUANTILE_95} = {}): Interval {
  if (!(successes >= 0 && successes <= count)) throw new Refusal(`invalid successes: ${successes}; expected 0 to ${count}`);
  if (count === 0) return [0, 1];
  const share = successes / count;
  const centre = share + (z * z) / (2 * count);
  const half = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  const scale = 1 + (z * z) / count;
  return [successes === 0 ? 0 : Math.max(0, (centre - half) / scale), successes === count ? 1 : Math.min(1, (centre + half) / scale)]; // exact ends, whatever rounding makes of them
}
