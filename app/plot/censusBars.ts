import type {CensusSummary} from "../../api/contract/contract.ts";
import {beyondNote, PATTERNS, type Trained} from "../../api/contract/choices.ts";
import {formatNumber, formatShare} from "./format.ts";
import type {ShareBar} from "./shareBars.ts";

/** One figure of a census: what it shows, and its bars; none where there is nothing to show. */
export interface CensusBars {
  readonly id: "labels" | "settling" | "periods" | "rates";
  readonly title: string;
  readonly note: string;
  readonly bars: readonly ShareBar[];
}

/** The figures of a census, as the page and its report draw them; steps beyond those that the model was trained with are marked. */
export const censusBars = (summary: CensusSummary, trained: Trained): readonly CensusBars[] => [
  labelBars(summary),
  settlingBars(summary, trained),
  histogramBars({id: "periods", title: "Periods of the orbits", note: "steps a turn", bins: summary.periods}),
  histogramBars({
    id: "rates",
    title: "Rates of the converging",
    note: "what a step leaves of the distance to the end",
    bins: summary.rates
  })
];

const labelBars = ({labels, rows}: CensusSummary): CensusBars => ({
  id: "labels",
  title: "Labels",
  note: "shares of all trajectories, with 95 % intervals that take the tokens of a prompt for dependent",
  bars: PATTERNS.map((label) => {
    const {count, share, low, high} = labels[label];
    return {name: label, share: share ?? 0, interval: [low, high], note: `${count} of ${rows}`};
  })
});

function settlingBars({settling}: CensusSummary, trained: Trained): CensusBars {
  const most = Math.max(1, ...settling.map(({median}) => median ?? 0));
  return {
    id: "settling",
    title: "Where settling takes longest",
    note: "median step at which converging tokens settle, by tenths of the prompt; a bar is its part of the largest",
    bars: settling.map(({from, to, median, count}) => ({
      name: `${formatShare(from)} to ${formatShare(to)}`,
      share: (median ?? 0) / most,
      note: median === null ? "none" : `step ${median}${beyondNote(trained, median)}, of ${count}`
    }))
  };
}

interface Histogram extends Omit<CensusBars, "bars"> {
  readonly bins: CensusSummary["periods"];
}

/** Counts between edges, as parts of all of them; bins at the ends that are empty are left out. */
function histogramBars({bins, note, ...figure}: Histogram): CensusBars {
  const total = bins.reduce((sum, {count}) => sum + count, 0);
  const first = bins.findIndex(({count}) => count > 0);
  const shown = total === 0 ? [] : bins.slice(first, bins.findLastIndex(({count}) => count > 0) + 1);
  return {
    ...figure,
    note: total === 0 ? "there is none" : `${note}; ${total} in all`,
    bars: shown.map(({from, to, count}) => ({
      name: `${formatNumber(from)} to ${formatNumber(to)}`,
      share: count / total,
      note: String(count)
    }))
  };
}
