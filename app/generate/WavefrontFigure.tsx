import {useMemo, useRef, useState} from "react";
import type {ShownRow} from "../../api/contract/contract.ts";
import {FigurePanel} from "../parts/FigurePanel.tsx";
import {PlotMount} from "../parts/PlotMount.tsx";
import {tableCsv} from "../plot/csv.ts";
import type {Plot} from "../plot/plot.ts";
import {waveTable} from "../plot/waveCells.ts";
import {cellWords, wavePlot, type WavePlotProps, type WaveSpot} from "../plot/wavePlot.ts";
import {usePalette} from "../state/useTheme.ts";

const NOTE =
  "Rows are iterations, columns positions after the prompt. Stronger: more steps taken. A dot: the token changed. Left of the line: frozen. Striped: the wave has gone on.";

interface WavefrontFigureProps {
  readonly rows: readonly ShownRow[];
  /** Last iterations that are not among the rows. */
  readonly leftOut: number;
  /** The freeze rule. */
  readonly rule: string;
}

/** A wavefront as it went over the positions. */
export function WavefrontFigure({rows, leftOut, rule}: WavefrontFigureProps) {
  const palette = usePalette();
  const plot = useRef<Plot<WavePlotProps> | null>(null);
  const [hover, setHover] = useState<WaveSpot>();
  const table = useMemo(() => waveTable(rows), [rows]);
  return (
    <FigurePanel
      title="Wavefront"
      note={leftOut > 0 ? `${NOTE} The last ${leftOut} iterations are not shown.` : NOTE}
      read={hover && cellWords(table, hover, rule)}
      name="wavefront"
      pictures={() => (plot.current ? [plot.current.picture()] : [])}
      csv={() =>
        tableCsv(
          ["iteration", "position", "id", "text", "steps", "frozen", "changed", rule],
          table.rows.flatMap((row, iteration) =>
            row.map(({id, text, steps, state, changed, value}, column) => [
              iteration,
              table.first + column,
              id,
              text,
              steps,
              state === "open" ? 0 : 1,
              changed ? 1 : 0,
              value ?? undefined
            ])
          )
        )
      }
    >
      <PlotMount className="wave-plot" make={wavePlot} plot={plot} props={{palette, title: "Wavefront", table, hover, onHover: setHover}} />
    </FigurePanel>
  );
}
