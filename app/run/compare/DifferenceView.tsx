import {useMemo, useRef} from "react";
import {curveScale, MEASURES} from "../../../api/contract/choices.ts";
import {curvePlot} from "../../plot/curvePlot.ts";
import type {Curve, CurveProps} from "../../plot/curveProps.ts";
import {compareColour} from "../../plot/palette.ts";
import type {Field} from "../../plot/field.ts";
import type {Plot} from "../../plot/plot.ts";
import {endStep, type RunData} from "../runData.ts";
import {csvOf} from "../../plot/csv.ts";
import {useChosenCurves} from "../useChosenCurves.ts";
import {useCompared, type Comparison} from "./useComparisons.ts";
import {usePalette} from "../../state/useTheme.ts";
import {PlotMount} from "../../parts/PlotMount.tsx";
import {SaveMenu} from "../../parts/SaveMenu.tsx";
import {PanelHead} from "../../parts/PanelHead.tsx";

/** How far the compared runs are from this one, step by step, between the chosen tokens and their partners. */
export function DifferenceView({data, chosen, step}: {data: RunData; chosen: readonly number[]; step: number}) {
  const palette = usePalette();
  const compared = useCompared();
  const {curves, floor, onHover, onPick} = useChosenCurves(data, chosen);
  const apart = useMemo(
    () =>
      compared.flatMap(({index, difference}) =>
        curves.map((curve): Curve => ({...curve, colour: compareColour(palette, index), dashed: true, field: difference}))
      ),
    [compared, curves, palette]
  );
  const trained = data.trace.trained_steps;
  const plot = useRef<Plot<CurveProps> | null>(null);
  if (apart.length === 0) return null;
  const hasPartner = compared.some(({alignment}) => chosen.some((token) => alignment.partners[token] >= 0));
  const names = compared.map(({data: other}) => other.summary.title);
  return (
    <section className="panel curves" aria-label="Difference">
      <PanelHead title="Difference by step" note="between partners">
        <SaveMenu
          name={`${data.summary.id}-difference`}
          title={`Difference from ${data.summary.title}`}
          note={`${names.join(", ")}: ${MEASURES.difference.formula}`}
          pictures={() => (plot.current ? [plot.current.picture()] : [])}
          csv={() => csvOf(columnsOf(compared), data.names, {tokens: chosen, trained})}
        />
      </PanelHead>
      {!hasPartner && <p className="note">No chosen token has a partner.</p>}
      {hasPartner && (
        <PlotMount
          className="curve-plot lowest"
          make={curvePlot}
          plot={plot}
          props={{
            palette,
            title: MEASURES.difference.title,
            field: compared[0].difference,
            curves: apart,
            scale: curveScale("difference"),
            step,
            lastStep: endStep(data),
            trained,
            floor,
            stepLabels: true,
            onHover,
            onPick
          }}
        />
      )}
    </section>
  );
}

/** A column for each run, by its title, or by its id where two have one title. */
function columnsOf(compared: readonly Comparison[]): Readonly<Record<string, Field>> {
  const titles = compared.map(({data}) => data.summary.title);
  return Object.fromEntries(compared.map(({id, difference}, i) => [titles.indexOf(titles[i]) === i ? titles[i] : id, difference]));
}
