import {Refusal} from "../../capture/trace/refusal.ts";

/** Two different starts, by index, the smaller offset first. */
export type Pair = readonly [number, number];

const REACH = 8; // partners that each start is compared with on either side: every pair up to 17 starts

/**
 * The pairs whose gap is followed: start i with i + 1, …, i + REACH around a circle, each pair once. All n(n − 1)/2 of them where
 * n ≤ 2·REACH + 1, else n·REACH: the cost then grows with n only, and every start still stands in equally many pairs.
 */
export function pairsOf(count: number): readonly Pair[] {
  if (!(Number.isInteger(count) && count >= 1)) throw new Refusal(`invalid starts: ${count}; expected a whole number from 1`);
  const pairs: Pair[] = [];
  const farthest = Math.min(REACH, Math.floor(count / 2));
  for (let offset = 1; offset <= farthest; ++offset) {
    const firsts = 2 * offset === count ? offset : count; // halfway round the circle, i and i + offset would meet twice
    for (let i = 0; i < firsts; ++i) pairs.push([i, (i + offset) % count]);
  }
  return pairs;
}
