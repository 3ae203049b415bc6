import {useCallback, useRef} from "react";
import {tokenLabel} from "../../plot/format.ts";
import type {Plot} from "../../plot/plot.ts";
import {portraitCsv} from "../../plot/portrait/portraitData.ts";
import type {PortraitProps} from "../../plot/portrait/portraitProps.ts";
import {portraitPlot} from "../../plot/portrait/portraitPlot.ts";
import {portraitWords} from "../../plot/portrait/portraitWords.ts";
import {PlotMount} from "../../parts/PlotMount.tsx";
import {SaveMenu} from "../../parts/SaveMenu.tsx";
import {point, useStore} from "../../state/store.ts";
import {usePalette} from "../../state/useTheme.ts";
import {MaximiseButton} from "../MaximiseButton.tsx";
import type {RunData} from "../runData.ts";
import {stepTo} from "../selection.ts";
import {ProjectionControls} from "./ProjectionControls.tsx";
import {usePortrait, type Sitter} from "./usePortrait.ts";
import {PanelHead} from "../../parts/PanelHead.tsx";
import {Failed} from "../../parts/Failed.tsx";

/** The picture that shows the chosen token's label: its plane, its course and its recurrence, at the step looked at. */
export function PortraitView({data, sitter, step}: {data: RunData; sitter: Sitter; step: number}) {
  const site = useStore((state) => state.view.site);
  const palette = usePalette();
  const portrait = usePortrait(data.summary.id, site, sitter, data.trace.steps_written);
  const plot = useRef<Plot<PortraitProps> | null>(null);
  const {token, init} = sitter;
  const trained = data.trace.trained_steps;
  const name = tokenLabel(data.names[token]);
  const onHover = useCallback(
    (at: number | undefined, pointer: readonly [number, number]): void =>
      point(at === undefined ? undefined : {step: at, init, token}, pointer),
    [init, token]
  );
  const onPick = useCallback((at: number): void => stepTo(at, data.lastStep), [data.lastStep]);
  const words = portrait.status === "ready" ? portraitWords(portrait.value, name, trained) : undefined;
  return (
    <section className="panel trajectory" aria-label="Trajectories">
      <PanelHead title={words?.title ?? `“${name}”`} note={words && `${words.note}. ${words.companions}`}>
        {portrait.status === "ready" && words && (
          <SaveMenu
            name={`${data.summary.id}-token-${token}-${portrait.value.info.pattern}`}
            title={words.title}
            note={`${words.note}. ${words.companions}`}
            pictures={() => (plot.current ? [plot.current.picture()] : [])}
            csv={() => portraitCsv(portrait.value, {trained})}
          />
        )}
        <MaximiseButton panel="trajectories" />
      </PanelHead>
      <div className="trajectory-place portrait-place">
        {portrait.status === "failed" && <Failed of={portrait} place="centre" />}
        {portrait.status === "loading" && <p className="note centre">Drawing the label …</p>}
        {portrait.status === "ready" && (
          <PlotMount
            className="fill"
            make={portraitPlot}
            plot={plot}
            props={{palette, portrait: portrait.value, name, step, lastStep: data.trace.steps_written, trained, onHover, onPick}}
          />
        )}
      </div>
      <ProjectionControls data={data} picture="portrait" hasPortrait />
    </section>
  );
}
