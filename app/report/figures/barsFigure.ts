import type {CensusReport} from "../../../api/contract/reportData.ts";
import {censusBars, type CensusBars} from "../../plot/censusBars.ts";
import {tableCsv} from "../../plot/csv.ts";
import {shareBars, shareBarsHeight, type ShareBarsProps} from "../../plot/shareBars.ts";
import type {Figure, Scene} from "../figure.ts";

/** A census's bars; it has no steps. */
interface BarsData {
  readonly lastStep: number;
}

/** The figures of a census's report that have something to show. */
export const barsFigures = ({census, manifest}: CensusReport): readonly Figure<BarsData>[] =>
  censusBars(census, manifest.model.trained_steps)
    .filter(({bars}) => bars.length > 0)
    .map(barsFigure);

const LEAST_WIDE = 520; // below it a bar has its words above it

function barsFigure({id, title, bars}: CensusBars): Figure<BarsData> {
  const propsOf = ({width, height, palette}: Scene<BarsData>): ShareBarsProps => ({width, height, palette, title, bars});
  return {
    id,
    height: (_data, width) => shareBarsHeight(bars.length, {tall: width < LEAST_WIDE}),
    make(node, first) {
      const plot = shareBars(node, propsOf(first));
      return {...plot, update: (next) => plot.update(propsOf(next))};
    },
    csv: () =>
      tableCsv(
        ["name", "share", "low", "high", "note"],
        bars.map(({name, share, interval, note}) => [name, share, interval?.[0], interval?.[1], note])
      )
  };
}
