import {useCallback, useMemo, useRef, useState} from "react";
import {colouring} from "../plot/colouring.ts";
import {formatShare, tokenLabel} from "../plot/format.ts";
import {trajectoryPlot, type TrajectoryPlot, type TrajectoryProps} from "../plot/trajectoryPlot.ts";
import type {Plot} from "../plot/plot.ts";
import type {RunData} from "../runData.ts";
import {choose} from "../selection.ts";
import {go, point, useStore} from "../store.ts";
import {useProjection, type Projection} from "../useProjection.ts";
import {usePalette} from "../useTheme.ts";
import type {Spot} from "../view.ts";
import {PlotMount} from "./PlotMount.tsx";
import {ProjectionControls} from "./ProjectionControls.tsx";
import {RampLegend} from "./RampLegend.tsx";

export interface TrajectoryViewProps {
  readonly data: RunData;
  readonly chosen: readonly number[];
  readonly step: number;
  readonly version: string;
}

/** The trajectories of all tokens and inits in a projection, with what it is a projection of. */
export function TrajectoryView({data, chosen, step, version}: TrajectoryViewProps) {
  const view = useStore((state) => state.view);
  const projection = useProjection(data.summary.id, view, chosen, version);
  const [lasso, setLasso] = useState(false);
  const plot = useRef<Plot<TrajectoryProps> | null>(null);
  const own = (): TrajectoryPlot | null => plot.current as TrajectoryPlot | null;
  return (
    <section className="panel trajectory" aria-label="Trajectories">
      <header className="panel-head">
        <h2>{titleOf(view.picture)}</h2>
        <span className="note">{projection.status === "ready" ? basisOf(projection.value, data, view.fit, chosen) : ""}</span>
        <span className="header-space" />
        <div className="tools" role="group" aria-label="Picture">
          <button type="button" className="icon quiet" aria-pressed={lasso} onClick={() => setLasso(!lasso)} title="Choose by lasso (shift and drag)" aria-label="Lasso">
            ⬭
          </button>
          <button type="button" className="icon quiet" onClick={() => own()?.zoomBy(1.5)} aria-label="Zoom in">
            +
          </button>
          <button type="button" className="icon quiet" onClick={() => own()?.zoomBy(1 / 1.5)} aria-label="Zoom out">
            −
          </button>
          <button type="button" className="icon quiet" onClick={() => own()?.fit()} aria-label="Whole picture" title="Whole picture (double click)">
            ⤢
          </button>
        </div>
      </header>
      <div className="trajectory-place">
        {projection.status === "failed" && <p className="note centre">{projection.error.message}</p>}
        {projection.status === "loading" && <p className="note centre">Projecting …</p>}
        {projection.status === "ready" && <Plane projection={projection.value} data={data} chosen={chosen} step={step} lasso={lasso} plot={plot} />}
      </div>
      <ProjectionControls data={data} />
    </section>
  );
}

interface PlaneProps extends Pick<TrajectoryViewProps, "data" | "chosen" | "step"> {
  readonly projection: Projection;
  readonly lasso: boolean;
  readonly plot: {current: Plot<TrajectoryProps> | null};
}

function Plane({projection, data, chosen, step, lasso, plot}: PlaneProps) {
  const palette = usePalette();
  const hover = useStore((state) => state.hover);
  const view = useStore((state) => state.view);
  const {points, explained} = projection;
  const pair = Math.max(...view.pair) < points.dims ? view.pair : ([0, 1] as const);
  const inits = data.trace.inits.length;
  const field = view.colour === "entropy" ? data.fields.entropy : view.colour === "kl" ? (data.fields.kl_final ?? data.fields.kl_prev) : undefined;
  const colourOf = useMemo(() => colouring(view.colour, {palette, lastStep: data.trace.steps, inits, field}), [view.colour, palette, data.trace.steps, inits, field]);
  const axisTitles = useMemo(() => [axisTitle(view.picture, pair[0], explained), axisTitle(view.picture, pair[1], explained)] as const, [view.picture, pair[0], pair[1], explained]);
  const names = useMemo(() => data.names.map(tokenLabel), [data.names]);
  const dims = useMemo(() => pair, [pair[0], pair[1]]);
  const count = data.names.length;
  const pick = useCallback(
    (spot: Spot | undefined, extend: boolean): void => {
      if (spot) choose(spot.token, count, {extend});
      else if (!extend) go({tokens: []});
    },
    [count]
  );
  const surround = useCallback((tokens: readonly number[]): void => go({tokens}), []);
  return (
    <>
      <PlotMount
        className="fill"
        make={trajectoryPlot}
        plot={plot}
        props={{palette, points, dims, axisTitles, names, chosen, init: view.init, step, hover, colourOf, lasso, basis: [view.picture, view.pair, view.fit, view.site].join(), onHover: point, onPick: pick, onLasso: surround}}
      />
      <RampLegend colour={view.colour} palette={palette} lastStep={data.trace.steps} inits={inits} field={field} />
    </>
  );
}

const TITLES = {plane: "Trajectories in principal components", umap: "Trajectories in UMAP", waterfall: "Waterfall", rotations: "Rotations, each trajectory about its own mean", space: "Trajectories in three components"} as const;
const titleOf = (picture: keyof typeof TITLES): string => TITLES[picture];

function axisTitle(picture: string, component: number, explained: readonly number[]): string {
  if (picture === "umap") return `UMAP ${component + 1} (no units)`;
  return `PC${component + 1}, ${formatShare(explained[component] ?? NaN)} of variance`;
}

function basisOf({points, metadata}: Projection, data: RunData, fit: string, chosen: readonly number[]): string {
  const states = `${points.steps} states of ${points.inits} inits`;
  const whole = `fitted on all ${data.names.length} tokens, ${states}`;
  if (metadata.method === "umap") return "neighbourhoods kept, distances and areas not";
  if (fit === "token") return `${whole}, each trajectory about its own mean`;
  return fit === "chosen" && chosen.length ? `fitted on ${chosen.length} chosen ${chosen.length === 1 ? "token" : "tokens"}, ${states}` : whole;
}
