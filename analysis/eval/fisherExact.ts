/** A 2 × 2 table of counts, `[[a, b], [c, d]]`: settled and right, settled and wrong; not settled and right, not settled and wrong. */
export type TwoByTwo = readonly [readonly [number, number], readonly [number, number]];

const SAME = 1 + 1e-7; // tables as likely as the seen one but for rounding count (R's fisher.test has the same)

/**
 * Fisher's exact test, two-sided: the probability, given the margins, of a table at most as likely as this one (Fisher 1935; R's fisher.test).
 * Throws a RangeError for counts that are no whole numbers from 0.
 */
export function fisherExact([[a, b], [c, d]]: TwoByTwo): number {
  for (const count of [a, b, c, d])
    if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`invalid count: ${count}; expected a whole number from 0`);
  const [first, second, column] = [a + b, c + d, a + c];
  const logs = logFactorials(first + second);
  const choose = (n: number, k: number) => logs[n] - logs[k] - logs[n - k];
  const probability = (x: number) => Math.exp(choose(first, x) + choose(second, column - x) - choose(first + second, column));
  const seen = probability(a) * SAME;
  let sum = 0;
  for (let x = Math.max(0, column - second); x <= Math.min(first, column); ++x) {
    const p = probability(x);
    if (p <= seen) sum += p;
  }
  return Math.min(1, sum);
}

/** (a d) / (b c): Infinity where only b or c is empty, NaN where both ends are. */
export const oddsRatio = ([[a, b], [c, d]]: TwoByTwo): number => (a * d) / (b * c);

function logFactorials(n: number): Float64Array {
  const logs = new Float64Array(n + 1);
  for (let i = 2; i <= n; ++i) logs[i] = logs[i - 1] + Math.log(i);
  return logs;
}
