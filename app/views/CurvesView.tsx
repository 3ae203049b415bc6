import {useCallback, useMemo} from "react";
import {curvePlot, type Curve} from "../plot/curvePlot.ts";
import {MEASURES, type MeasureKey} from "../plot/heats.ts";
import {initColour, tokenColour} from "../plot/palette.ts";
import type {RunData} from "../runData.ts";
import {stepTo} from "../selection.ts";
import {point, useStore} from "../store.ts";
import {usePalette} from "../useTheme.ts";
import {PlotMount} from "./PlotMount.tsx";

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
  const pick = useCallback((at: number) => stepTo(at, data.lastStep), [data.lastStep]);
  return (
    <section className="panel curves" aria-label="Curves">
      {chosen.length === 0 && <p className="note">Choose a token to see its curves.</p>}
      {SHOWN.map(({key, domain}, i) => (
        <PlotMount
          key={key}
          className={i === SHOWN.length - 1 ? "curve-plot lowest" : "curve-plot"}
          make={curvePlot}
          props={{palette, title: MEASURES[key].title, field: data.fields[key], curves, scale: MEASURES[key].kind === "log" ? "log" : "linear", domain, step, lastStep: data.trace.steps, stepLabels: i === SHOWN.length - 1, onHover: hover, onPick: pick}}
        />
      ))}
    </section>
  );
}
