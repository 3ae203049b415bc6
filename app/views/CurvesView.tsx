import {useCallback, useMemo, useRef} from "react";
import {curvePlot, type Curve, type CurveProps} from "../plot/curvePlot.ts";
import {MEASURES, type MeasureKey} from "../plot/heats.ts";
import {tokenLabel} from "../plot/format.ts";
import type {Plot} from "../plot/plot.ts";
import type {Field} from "../plot/field.ts";
import {compareColour, initColour, tokenColour} from "../plot/palette.ts";
import {valueOf} from "../remote.ts";
import type {RunData} from "../runData.ts";
import {stepTo} from "../selection.ts";
import {point, useStore} from "../store.ts";
import {usePalette} from "../useTheme.ts";
import {useRunComparisons, type Comparison} from "../useComparisons.ts";
import {useRunVerdicts} from "../useVerdicts.ts";
import type {Verdicts} from "../verdicts.ts";
import {csvOf} from "../save.ts";
import {PlotMount} from "./PlotMount.tsx";
import {SaveMenu} from "./SaveMenu.tsx";

const SHOWN: readonly {key: MeasureKey; domain?: readonly [number, number]}[] = [{key: "step_norm"}, {key: "distance"}, {key: "step_cosine", domain: [-1, 1]}];

/** The chosen trajectories by step: length of the step, distance to the last state, cosine of successive steps. */
export function CurvesView({data, chosen, step}: {data: RunData; chosen: readonly number[]; step: number}) {
  const palette = usePalette();
  const init = useStore((state) => state.view.init);
  const inits = data.trace.inits.length;
  const curves = useMemo((): Curve[] => {
    const shownInits = init !== undefined && init < inits ? [init] : [...Array(inits).keys()];
    const single = chosen.length === 1;
    return chosen.flatMap((token) => shownInits.map((own) => ({init: own, token, colour: single ? initColour(palette, own, inits) : tokenColour(palette, token)})));
  }, [chosen, init, inits, palette]);
  const hover = useCallback((at: number | undefined, curve: Curve | undefined, pointer: readonly [number, number]): void => {
    point(at === undefined || !curve ? undefined : {step: at, init: curve.init, token: curve.token}, pointer);
  }, []);
  const comparisons = valueOf(useRunComparisons()) ?? NO_COMPARISONS;
  const withOthers = useMemo(() => Object.fromEntries(SHOWN.map(({key}) => [key, [...curves, ...comparisons.flatMap((other, k) => othersOf(other, chosen, init, (field) => field[key], compareColour(palette, k)))]])), [curves, comparisons, chosen, init, palette]);
  const apart = useMemo(() => comparisons.flatMap(({difference}, k) => curves.map((curve): Curve => ({...curve, colour: compareColour(palette, k), dashed: true, field: difference}))), [comparisons, curves, palette]);
  const floor = floorOf(valueOf(useRunVerdicts()), curves);
  const plots = useRef<(Plot<CurveProps> | null)[]>([]);
  const pick = useCallback((at: number) => stepTo(at, data.lastStep), [data.lastStep]);
  return (
    <section className="panel curves" aria-label="Curves">
      <header className="panel-head">
        <h2>Curves</h2>
        <span className="note">{keyOf(data, chosen, curves.length)}</span>
        <span className="header-space" />
        <SaveMenu
          name={`${data.summary.id}-curves`}
          title={`${data.summary.title}: curves of ${chosen.map((token) => `“${tokenLabel(data.names[token])}”`).join(", ")}`}
          note={`${curves.length} trajectories`}
          pictures={() => plots.current.flatMap((plot) => plot?.picture() ?? [])}
          csv={() => csvOf(Object.fromEntries(SHOWN.map(({key}) => [key, data.fields[key]])), data.names, chosen)}
        />
      </header>
      {chosen.length === 0 && <p className="note">Choose a token to see its curves.</p>}
      {chosen.length > 0 && apart.length > 0 && (
        <PlotMount
          className="curve-plot"
          make={curvePlot}
          props={{palette, title: "Difference from the compared run, relative to the norm", field: apart[0].field as Field, curves: apart, scale: "log", step, lastStep: data.trace.steps, floor, stepLabels: false, onHover: hover, onPick: pick}}
        />
      )}
      {chosen.length > 0 && SHOWN.map(({key, domain}, i) => (
        <PlotMount
          key={key}
          className={i === SHOWN.length - 1 ? "curve-plot lowest" : "curve-plot"}
          make={curvePlot}
          plot={{
            get current() {
              return plots.current[i] ?? null;
            },
            set current(plot) {
              plots.current[i] = plot;
            }
          }}
          props={{palette, title: MEASURES[key].title, field: data.fields[key], curves: withOthers[key], scale: MEASURES[key].kind === "log" ? "log" : "linear", domain, step, lastStep: data.trace.steps, floor: key === "step_cosine" ? undefined : floor, stepLabels: i === SHOWN.length - 1, onHover: hover, onPick: pick}}
        />
      ))}
    </section>
  );
}

const NO_COMPARISONS: readonly Comparison[] = [];

/** The curves of a compared run, dashed, for the tokens that it has. */
function othersOf({data}: Comparison, chosen: readonly number[], init: number | undefined, fieldOf: (fields: RunData["fields"]) => Field, colour: string): Curve[] {
  const inits = data.trace.inits.length;
  const shown = init !== undefined && init < inits ? [init] : [...Array(inits).keys()];
  return chosen.filter((token) => token < data.names.length).flatMap((token) => shown.map((own) => ({init: own, token, colour, dashed: true, field: fieldOf(data.fields)})));
}

/** Below the largest noise floor of the drawn trajectories steps are rounding; undefined until it is known. */
function floorOf(verdicts: Verdicts | undefined, curves: readonly Curve[]): number | undefined {
  const floors = curves.flatMap(({init, token}) => verdicts?.of(init, token)?.noise_floor ?? []);
  return floors.length ? Math.max(...floors) : undefined;
}

/** What tells the curves apart. */
function keyOf({trace}: RunData, chosen: readonly number[], count: number): string {
  if (chosen.length > 1) return `${count} trajectories, coloured by token`;
  return trace.inits.length > 1 && count > 1 ? `${count} inits, by lightness` : "";
}
