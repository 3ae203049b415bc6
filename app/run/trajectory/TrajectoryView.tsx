import {lazy, Suspense, useMemo, useRef, useState, type ComponentType} from "react";
import {useKeys} from "../../state/keys.ts";
import {basisOf, PICTURE_TITLES} from "./pictureText.ts";
import type {RunData} from "../runData.ts";
import {csvOf} from "../../plot/csv.ts";
import {useStore} from "../../state/store.ts";
import {useCompared} from "../compare/useComparisons.ts";
import {useProjection, pointFields} from "./useProjection.ts";
import type {Picture} from "../../state/view.ts";
import type {PictureProps, ShownPlot} from "./picture.ts";
import {Plane} from "./Plane.tsx";
import {PlaneTools} from "./PlaneTools.tsx";
import {ProjectionControls} from "./ProjectionControls.tsx";
import {Rotations} from "./Rotations.tsx";
import {Boundary} from "../../parts/Boundary.tsx";
import {SaveMenu} from "../../parts/SaveMenu.tsx";

interface TrajectoryViewProps {
  readonly data: RunData;
  readonly chosen: readonly number[];
  readonly step: number;
  readonly version: string;
}

const Space = lazy(async () => ({default: (await import("./Space.tsx")).Space})); // three.js is half the page's weight

const PICTURES: Readonly<Record<Picture, ComponentType<PictureProps>>> = {
  plane: Plane,
  umap: Plane,
  rotations: Rotations,
  waterfall: Space,
  space: Space
};

/** The trajectories of all tokens and inits in a projection, with what it is a projection of. */
export function TrajectoryView({data, chosen, step, version}: TrajectoryViewProps) {
  const view = useStore((state) => state.view);
  const comparisons = useCompared();
  const compared = useMemo(() => comparisons.map(({id}) => id), [comparisons]);
  const projection = useProjection(data.summary.id, view, {
    chosen,
    compared,
    version: `${version} ${comparisons.map(({data: other}) => other.lastStep).join()}`,
    size: {lastStep: data.trace.steps_written, paths: data.trace.inits.length * data.names.length, live: data.summary.live}
  });
  const [lasso, setLasso] = useState(false);
  const plots = useRef<(ShownPlot | null)[]>([]);
  const title = PICTURE_TITLES[view.picture];
  const note = projection.status === "ready" ? basisOf(projection.value, data, chosen) : "";
  const shown = (): ShownPlot[] => plots.current.filter((plot) => plot !== null);
  const Picture = PICTURES[view.picture];
  useKeys(
    useMemo(
      () => [
        {keys: ["f"], run: () => plots.current.forEach((plot) => plot?.fit())},
        {keys: ["z"], run: () => plots.current.forEach((plot) => plot?.fitChosen?.())}
      ],
      []
    )
  );
  return (
    <section className="panel trajectory" aria-label="Trajectories">
      <header className="panel-head">
        <h2>{title}</h2>
        <span className="note">{note}</span>
        <span className="header-space" />
        <PlaneTools lasso={lasso} flat={view.picture !== "waterfall" && view.picture !== "space"} onLasso={setLasso} plots={shown} />
        {projection.status === "ready" && (
          <SaveMenu
            name={`${data.summary.id}-${view.picture}`}
            title={`${data.summary.title}: ${title}`}
            note={note}
            beside
            pictures={() => shown().map((plot) => plot.picture())}
            csv={() => csvOf(pointFields(projection.value), data.names)}
          />
        )}
      </header>
      <div className="trajectory-place">
        {projection.status === "failed" && <p className="note centre">{projection.error.message}</p>}
        {projection.status === "loading" && (
          <p className="note centre">
            {view.picture === "umap" ? "Placing every state beside its neighbours (UMAP); a large run takes minutes …" : "Projecting …"}
          </p>
        )}
        {projection.status === "ready" && (
          <Boundary key={view.picture} what={title}>
            <Suspense fallback={<p className="note centre">Loading …</p>}>
              <Picture projection={projection.value} data={data} chosen={chosen} step={step} lasso={lasso} plots={plots} />
            </Suspense>
          </Boundary>
        )}
      </div>
      <ProjectionControls data={data} />
    </section>
  );
}
