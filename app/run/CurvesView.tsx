import {useMemo, useRef, type RefObject} from "react";
import {curvePlot} from "../plot/curvePlot.ts";
import type {Curve, CurveProps} from "../plot/curveProps.ts";
import {shownInits} from "../plot/field.ts";
import {CURVE_MEASURES, curveScale, measureOf, type MeasureKey} from "../../api/contract/choices.ts";
import {tokenLabel} from "../plot/format.ts";
import type {Plot} from "../plot/plot.ts";
import {compareColour} from "../plot/palette.ts";
import {endStep, type RunData} from "./runData.ts";
import {useStore} from "../state/store.ts";
import {useChosenCurves, type ChosenCurves} from "./useChosenCurves.ts";
import {usePalette} from "../state/useTheme.ts";
import {useCompared, type Comparison} from "./compare/useComparisons.ts";
import {csvOf} from "../plot/csv.ts";
import {MethodLink} from "../parts/MethodLink.tsx";
import {placeIn} from "../parts/placeIn.ts";
import {PlotMount} from "../parts/PlotMount.tsx";
import {SaveMenu} from "../parts/SaveMenu.tsx";
import {PanelHead} from "../parts/PanelHead.tsx";

/** The chosen trajectories by step: length of the step, distance to the last state, cosine of successive steps. */
export function CurvesView({data, chosen, step}: {data: RunData; chosen: readonly number[]; step: number}) {
  const palette = usePalette();
  const init = useStore((state) => state.view.init);
  const own = useChosenCurves(data, chosen);
  const {curves} = own;
  const comparisons = useCompared();
  const trained = data.trace.trained_steps;
  const withOthers = useMemo(
    () =>
      Object.fromEntries(
        CURVE_MEASURES.map((key) => [
          key,
          [...curves, ...comparisons.flatMap((other) => othersOf(other, chosen, init, key, compareColour(palette, other.index)))]
        ])
      ),
    [curves, comparisons, chosen, init, palette]
  );
  const plots = useRef<(Plot<CurveProps> | null)[]>([]);
  return (
    <section className="panel curves" aria-label="Curves">
      <PanelHead
        title="Curves"
        note={
          <>
            {keyOf(data, chosen, curves.length)} <MethodLink of={measureOf(CURVE_MEASURES[0]).name} />
          </>
        }
      >
        <SaveMenu
          name={`${data.summary.id}-curves`}
          title={`${data.summary.title}: curves of ${chosen.map((token) => `“${tokenLabel(data.names[token])}”`).join(", ")}`}
          note={`${curves.length} trajectories`}
          pictures={() => plots.current.flatMap((plot) => plot?.picture() ?? [])}
          csv={() => csvOf(Object.fromEntries(CURVE_MEASURES.map((key) => [key, data.fields[key]])), data.names, {tokens: chosen, trained})}
        />
      </PanelHead>
      {chosen.length === 0 && <p className="note">Choose a token to see its curves.</p>}
      {chosen.length > 0 &&
        CURVE_MEASURES.map((key, i) => (
          <CurveOf key={key} data={data} measure={key} step={step} chosen={own} curves={withOthers[key]} place={placeIn(plots, i)} />
        ))}
    </section>
  );
}

interface CurveOfProps {
  readonly data: RunData;
  readonly measure: (typeof CURVE_MEASURES)[number];
  readonly step: number;
  readonly chosen: ChosenCurves;
  readonly curves: readonly Curve[];
  readonly place: RefObject<Plot<CurveProps> | null>;
}

/** One measure by step; the lowest of the stack carries the axis. */
function CurveOf({data, measure, step, chosen: {floor, onHover, onPick}, curves, place}: CurveOfProps) {
  const palette = usePalette();
  const {title, domain, hasFloor} = measureOf(measure);
  const isLowest = measure === CURVE_MEASURES.at(-1);
  return (
    <PlotMount
      className={isLowest ? "curve-plot lowest" : "curve-plot"}
      make={curvePlot}
      plot={place}
      props={{
        palette,
        title,
        field: data.fields[measure],
        curves,
        scale: curveScale(measure),
        domain,
        step,
        lastStep: endStep(data),
        trained: data.trace.trained_steps,
        floor: hasFloor ? floor : undefined,
        stepLabels: isLowest,
        onHover,
        onPick
      }}
    />
  );
}

/** The curves of a compared run, dashed, where the chosen tokens have their partners. */
function othersOf(
  {data, fields}: Comparison,
  chosen: readonly number[],
  init: number | undefined,
  key: MeasureKey,
  colour: string
): Curve[] {
  const shown = shownInits(init, {inits: data.trace.inits.length});
  return chosen.flatMap((token) => shown.map((own) => ({init: own, token, colour, dashed: true, field: fields[key]})));
}

/** What tells the curves apart. */
function keyOf({trace}: RunData, chosen: readonly number[], count: number): string {
  if (chosen.length > 1) return `${count} trajectories, coloured by token`;
  return trace.inits.length > 1 && count > 1 ? `${count} inits, by lightness` : "";
}
