import {useRef, useState} from "react";
import {FigurePanel} from "../parts/FigurePanel.tsx";
import {PlotMount} from "../parts/PlotMount.tsx";
import {tableCsv} from "../plot/csv.ts";
import {formatNumber, formatShare} from "../plot/format.ts";
import type {Plot} from "../plot/plot.ts";
import {updatePlot, type UpdateLine, type UpdatePlotProps} from "../plot/updatePlot.ts";
import {usePalette} from "../state/useTheme.ts";

export interface UpdateFigureProps extends Pick<UpdatePlotProps, "title" | "lines" | "scale" | "updates" | "cursor" | "onPick"> {
  readonly note: string;
  /** Beginning of a saved file's name. */
  readonly name: string;
}

/** A quantity by training update; the pointer reads it off, a click looks at the save that is nearest. */
export function UpdateFigure({title, note, name, lines, scale, updates, cursor, onPick}: UpdateFigureProps) {
  const palette = usePalette();
  const plot = useRef<Plot<UpdatePlotProps> | null>(null);
  const [update, setUpdate] = useState<number>();
  return (
    <FigurePanel
      title={title}
      note={note}
      read={update === undefined ? note : readOff(lines, update, scale)}
      name={name}
      pictures={() => (plot.current ? [plot.current.picture()] : [])}
      csv={() => csvOfLines(lines)}
    >
      <PlotMount
        className="figure-updates"
        make={updatePlot}
        plot={plot}
        props={{palette, title, lines, scale, updates, cursor, onHover: setUpdate, onPick}}
      />
      {lines.length > 1 && (
        <ul className="depth-legend">
          {lines.map((line) => (
            <li key={line.name}>
              <span className="swatch" style={{background: line.colour}} aria-hidden="true" /> {line.name}
            </li>
          ))}
        </ul>
      )}
    </FigurePanel>
  );
}

/** Each line's last value up to an update. */
function readOff(lines: readonly UpdateLine[], update: number, scale: UpdatePlotProps["scale"]): string {
  const format = scale === "share" ? formatShare : formatNumber;
  const values = lines.map(({name, points}) => {
    const found = points.findLast((point) => point.update <= update);
    return `${name} ${found ? format(found.value) : "–"}`;
  });
  return `Update ${update}: ${values.join(", ")}.`;
}

function csvOfLines(lines: readonly UpdateLine[]): string {
  const updates = [...new Set(lines.flatMap(({points}) => points.map(({update}) => update)))].sort((a, b) => a - b);
  const columns = lines.map(({points}) => new Map(points.map(({update, value}) => [update, value])));
  return tableCsv(
    ["update", ...lines.map(({name}) => name)],
    updates.map((update) => [update, ...columns.map((column) => column.get(update) ?? null)])
  );
}
