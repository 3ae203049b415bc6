import {useCallback, useMemo, useRef, type CSSProperties, type RefObject} from "react";
import {heatMap} from "../plot/heatMap.ts";
import type {HeatMapProps} from "../plot/heatProps.ts";
import {MEASURES} from "../../api/contract/choices.ts";
import {tokenLabel} from "../plot/format.ts";
import type {Plot} from "../plot/plot.ts";
import {endStep, type RunData} from "./runData.ts";
import {choose, stepTo} from "./selection.ts";
import {go, point, useStore} from "../state/store.ts";
import {usePalette} from "../state/useTheme.ts";
import {HEATS, type Heat} from "../state/view.ts";
import type {Spot} from "../plot/spot.ts";
import {csvOf} from "../plot/csv.ts";
import {PlotMount} from "../parts/PlotMount.tsx";
import {SaveMenu} from "../parts/SaveMenu.tsx";
import {MethodLink} from "../parts/MethodLink.tsx";
import {MaximiseButton} from "./MaximiseButton.tsx";
import {Select} from "../parts/Select.tsx";
import {PanelHead} from "../parts/PanelHead.tsx";

/** Tokens by steps: one measure of every state of one init. */
export function HeatView({data, chosen, step}: {data: RunData; chosen: readonly number[]; step: number}) {
  const palette = usePalette();
  const hover = useStore((state) => state.hover);
  const heat = useStore((state) => state.view.heat);
  const init = useStore((state) => state.view.init) ?? 0;
  const offered = HEATS.filter((key) => data.fields[key]);
  const shown = offered.includes(heat) ? heat : "distance";
  const {title, scale} = MEASURES[shown];
  const names = useMemo(() => data.names.map(tokenLabel), [data.names]);
  const count = data.names.length;
  const trained = data.trace.trained_steps;
  const plot = useRef<Plot<HeatMapProps> | null>(null);
  const pick = useCallback(
    (spot: Spot, extend: boolean): void => {
      choose(spot.token, count, {extend});
      stepTo(spot.step, data.lastStep);
    },
    [count, data.lastStep]
  );
  return (
    <section className="panel heat" aria-label="Heat map" style={{"--tokens": count} as CSSProperties}>
      <HeatHead data={data} shown={shown} offered={offered} init={init} plot={plot} />
      <PlotMount
        className="heat-plot"
        make={heatMap}
        plot={plot}
        props={{
          palette,
          field: data.fields[shown],
          kind: scale,
          init: Math.min(init, data.trace.inits.length - 1),
          step,
          lastStep: endStep(data),
          trained,
          madeFrom: data.trace.generated?.from,
          names,
          chosen,
          hover,
          label: `${title}, tokens by steps`,
          onHover: point,
          onPick: pick
        }}
      />
    </section>
  );
}

interface HeatHeadProps {
  readonly data: RunData;
  readonly shown: Heat;
  readonly offered: readonly Heat[];
  readonly init: number;
  readonly plot: RefObject<Plot<HeatMapProps> | null>;
}

/** What is shown, what else can be, and what can be saved of it. */
function HeatHead({data, shown, offered, init, plot}: HeatHeadProps) {
  const {title, name} = MEASURES[shown];
  const {inits, trained_steps: trained} = data.trace;
  return (
    <PanelHead
      title={title}
      note={
        <>
          init {init + 1}
          {inits.length > 1 && ` of ${inits.length}`} · <MethodLink of={name} />
        </>
      }
      choices={
        <Select
          label="Measure"
          value={shown}
          options={offered.map((key) => [key, MEASURES[key].name])}
          onChange={(key) => go({heat: key}, {replace: true})}
        />
      }
    >
      <SaveMenu
        name={`${data.summary.id}-${shown}`}
        title={`${data.summary.title}: ${title}`}
        note={`init ${init + 1} of ${inits.length}, tokens by steps`}
        pictures={() => (plot.current ? [plot.current.picture()] : [])}
        csv={() => csvOf({[shown]: data.fields[shown]}, data.names, {trained})}
      />
      <MaximiseButton panel="heat" />
    </PanelHead>
  );
}
