import {wilsonInterval} from "../../analysis/paths/interval.ts";

/** What the cells of the tables of labels say. */

/** A share as a percentage; a dash where there is none. */
export const percent = (share: number): string => (Number.isNaN(share) ? "–" : `${(100 * share).toFixed(2)} %`);

/** A share with Wilson’s 95 % interval. */
export const shareOf = (count: number, n: number): string => {
  const [low, high] = wilsonInterval(count, n);
  return `${percent(count / n)} (${percent(low)} to ${percent(high)})`;
};

/** Of the labels of a row: how many have an interval, and in how many it holds the truth. */
export const INTERVALS = ["has 95 % CI", "it holds", "of noise alone: holds", "amplitude or speed kept: holds"];
export function tally() {
  let [labels, intervals, right] = [0, 0, 0];
  return {
    add(holds: boolean | undefined): void {
      ++labels;
      if (holds === undefined) return;
      ++intervals;
      right += Number(holds);
    },
    cells: (): [has: string, holds: string] => (intervals === 0 ? ["–", "–"] : [percent(intervals / labels), shareOf(right, intervals)])
  };
}

/** The median of the errors that are known. */
export function medianText(errors: readonly number[]): string {
  const known = errors.filter((error) => !Number.isNaN(error)).sort((a, b) => a - b);
  return known.length === 0 ? "–" : known[known.length >> 1].toExponential(1);
}

/** What else the paths of a row were called, and how many. */
export const othersText = (others: Readonly<Record<string, number>>): string =>
  Object.entries(others)
    .map(([other, k]) => `${other} ${k}`)
    .join(", ");
