import {Refusal} from "../../capture/trace/refusal.ts";

/** How many alignments lie between two cosines: `from` ≤ cosine < `to`, the last bin with both ends. */
interface AlignmentBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const FINEST = -6; // 1 − cosine = 1e-6: results carry six digits
const PER_DECADE = 4;

/** 1 − cosine at the edges, widest first: 2, then 1 to 1e-6 by quarters of a decade, then 0. An edge falls on 0.1, the cosine of 0.9. */
const EDGES: readonly number[] = [2, ...Array.from({length: -FINEST * PER_DECADE + 1}, (_, k) => 10 ** (-k / PER_DECADE)), 0];

const ROUNDING = 1e-9; // 1 − 0.9 is not 0.1

/**
 * A histogram of cosines by the logarithm of their distance from 1, where nearly all of them lie: on a plain axis they would be one bar. No bins for no
 * cosines. Throws a Refusal for a number that is no cosine.
 */
export function alignmentBins(cosines: readonly number[]): readonly AlignmentBin[] {
  if (cosines.length === 0) return [];
  const counts = new Array<number>(EDGES.length - 1).fill(0);
  for (const cosine of cosines) {
    if (!(cosine >= -1 - ROUNDING && cosine <= 1 + ROUNDING)) throw new Refusal(`invalid cosine: ${cosine}; expected −1 to 1`);
    const away = Math.min(2, Math.max(0, 1 - cosine));
    let bin = 0;
    while (bin < counts.length - 1 && away <= EDGES[bin + 1] * (1 + ROUNDING)) ++bin;
    counts[bin] += 1;
  }
  return counts.map((count, i) => ({from: 1 - EDGES[i], to: 1 - EDGES[i + 1], count}));
}
