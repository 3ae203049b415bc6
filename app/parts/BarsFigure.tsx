import {useRef, type CSSProperties} from "react";
import type {Plot} from "../plot/plot.ts";
import {shareBars, shareBarsHeight, type ShareBar, type ShareBarsProps} from "../plot/shareBars.ts";
import {tableCsv} from "../plot/csv.ts";
import {usePalette} from "../state/useTheme.ts";
import {FigurePanel} from "./FigurePanel.tsx";
import {PlotMount} from "./PlotMount.tsx";

interface BarsFigureProps {
  readonly title: string;
  readonly note: string;
  readonly name: string;
  readonly bars: readonly ShareBar[];
}

/** Shares with their intervals. */
export function BarsFigure({title, note, name, bars}: BarsFigureProps) {
  const palette = usePalette();
  const plot = useRef<Plot<ShareBarsProps> | null>(null);
  const csv = (): string =>
    tableCsv(
      ["name", "share", "low", "high", "note"],
      bars.map(({name: bar, share, interval, note: said}) => [bar, share, interval?.[0], interval?.[1], said])
    );
  return (
    <FigurePanel title={title} note={note} name={name} pictures={() => (plot.current ? [plot.current.picture()] : [])} csv={csv}>
      <div className="bars-place" style={heights(bars.length)}>
        <PlotMount className="bars-plot" make={shareBars} plot={plot} props={{palette, title, bars}} />
      </div>
    </FigurePanel>
  );
}

/** What the style sheet chooses from by the width there is. */
const heights = (bars: number): CSSProperties =>
  ({"--low": `${shareBarsHeight(bars)}px`, "--tall": `${shareBarsHeight(bars, {tall: true})}px`}) as CSSProperties;
