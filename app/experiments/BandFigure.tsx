import {useMemo, useRef, useState} from "react";
import {beyondNote, curveScale, measureOf, type MeasureKey} from "../../api/contract/choices.ts";
import type {TrainedProps} from "../plot/beyond.ts";
import {curvesCsv, endsWithFloor, fieldOfCurves} from "./curveColumns.ts";
import {curvePlot} from "../plot/curvePlot.ts";
import type {Curve, CurveProps} from "../plot/curveProps.ts";
import {formatNumber} from "../plot/format.ts";
import type {Plot} from "../plot/plot.ts";
import {usePalette} from "../state/useTheme.ts";
import {FigurePanel} from "../parts/FigurePanel.tsx";
import {PlotMount} from "../parts/PlotMount.tsx";

type Column = readonly (number | null)[];

interface BandFigureProps extends TrainedProps {
  readonly title: string;
  readonly measure: MeasureKey;
  readonly note: string;
  readonly name: string;
  readonly band: {readonly low: Column; readonly median: Column; readonly high: Column};
  /** One more curve, dashed. */
  readonly beside?: {readonly name: string; readonly values: Column};
  readonly floor?: number;
}

/** A median by step with its quartiles, over prompts; the pointer reads it off. */
export function BandFigure({title, measure, note, name, band, beside, floor, trained}: BandFigureProps) {
  const palette = usePalette();
  const plot = useRef<Plot<CurveProps> | null>(null);
  const [step, setStep] = useState<number>();
  const {low, median, high} = band;
  const {domain} = measureOf(measure);
  const field = useMemo(() => fieldOfCurves([low, median, high, ...(beside ? [beside.values] : [])]), [low, median, high, beside]);
  const curves = useMemo(
    (): Curve[] => [
      {init: 0, token: 1, colour: palette.labels.converging},
      ...(beside ? [{init: 0, token: 3, colour: palette.labels.orbit, dashed: true}] : [])
    ],
    [palette, beside]
  );
  const ends = useMemo(() => domain ?? (floor === undefined ? undefined : endsWithFloor(field, floor)), [domain, field, floor]);
  const csv = (): string =>
    curvesCsv({lower_quartile: low, median, upper_quartile: high, ...(beside && {[beside.name]: beside.values})}, trained);
  const numberAt = (column: Column): string => formatNumber(column[step ?? 0] ?? NaN);
  const read =
    step === undefined
      ? note
      : `Step ${step}${beyondNote(trained, step)}: median ${numberAt(median)}, quartiles ${numberAt(low)} to ${numberAt(high)}${beside ? `; dashed ${numberAt(beside.values)}` : ""}.`;
  return (
    <FigurePanel
      title={title}
      note={note}
      read={read}
      name={name}
      method={measureOf(measure).name}
      pictures={() => (plot.current ? [plot.current.picture()] : [])}
      csv={csv}
    >
      <PlotMount
        className="figure-curve"
        make={curvePlot}
        plot={plot}
        props={{
          palette,
          title: measureOf(measure).title,
          field,
          curves,
          band: BAND,
          scale: curveScale(measure),
          domain: ends,
          step,
          lastStep: field.steps - 1,
          floor,
          trained,
          stepLabels: true,
          onHover: setStep,
          onPick: setStep
        }}
      />
    </FigurePanel>
  );
}

const BAND = [0, 2] as const;
