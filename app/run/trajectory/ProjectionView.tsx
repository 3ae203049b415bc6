import {lazy, Suspense, useMemo, useRef, useState, type ComponentType} from "react";
import {useKeys} from "../../state/keys.ts";
import {basisOf, PICTURE_TITLES} from "./pictureText.ts";
import {csvOf} from "../../plot/csv.ts";
import {useStore} from "../../state/store.ts";
import {useCompared} from "../compare/useComparisons.ts";
import type {Remote} from "../../source/remote.ts";
import {useProjection, pointFields, type Projection} from "./useProjection.ts";
import type {Projected} from "../../state/view.ts";
import {MaximiseButton} from "../MaximiseButton.tsx";
import type {PictureProps, ShownPlot, TrajectoryViewProps} from "./picture.ts";
import {Plane} from "./Plane.tsx";
import {PlaneTools} from "./PlaneTools.tsx";
import {ProjectionControls} from "./ProjectionControls.tsx";
import {Rotations} from "./Rotations.tsx";
import {Boundary} from "../../parts/Boundary.tsx";
import {SaveMenu} from "../../parts/SaveMenu.tsx";
import {PanelHead} from "../../parts/PanelHead.tsx";
import {Failed} from "../../parts/Failed.tsx";

interface ProjectionViewProps extends TrajectoryViewProps {
  readonly picture: Projected;
  /** Whether the chosen token has a picture of its label. */
  readonly hasPortrait: boolean;
}

const Space = lazy(async () => ({default: (await import("./Space.tsx")).Space})); // three.js is half the page's weight

const PICTURES: Readonly<Record<Projected, ComponentType<PictureProps>>> = {
  plane: Plane,
  umap: Plane,
  rotations: Rotations,
  waterfall: Space,
  space: Space
};

/** The trajectories of all tokens and inits in a projection, with what it is a projection of. */
export function ProjectionView({data, chosen, step, version, picture, hasPortrait}: ProjectionViewProps) {
  const stored = useStore((state) => state.view);
  const view = {...stored, picture};
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
  const title = PICTURE_TITLES[picture];
  const note = projection.status === "ready" ? basisOf(projection.value, data, chosen) : "";
  const shown = (): ShownPlot[] => plots.current.filter((plot) => plot !== null);
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
      <PanelHead title={title} note={note || undefined}>
        <PlaneTools lasso={lasso} flat={picture !== "waterfall" && picture !== "space"} onLasso={setLasso} plots={shown} />
        {projection.status === "ready" && (
          <SaveMenu
            name={`${data.summary.id}-${picture}`}
            title={`${data.summary.title}: ${title}`}
            note={note}
            beside
            pictures={() => shown().map((plot) => plot.picture())}
            csv={() => csvOf(pointFields(projection.value), data.names, {trained: data.trace.trained_steps})}
          />
        )}
        <MaximiseButton panel="trajectories" />
      </PanelHead>
      <div className="trajectory-place">
        <ProjectedPicture projection={projection} {...{picture, data, chosen, step, lasso, plots}} />
      </div>
      <ProjectionControls data={data} picture={picture} hasPortrait={hasPortrait} />
    </section>
  );
}

/** The picture, once its projection is there. */
function ProjectedPicture({projection, picture, ...props}: Omit<PictureProps, "projection"> & {readonly projection: Remote<Projection>}) {
  const Picture = PICTURES[picture];
  if (projection.status === "failed") return <Failed of={projection} place="centre" />;
  if (projection.status === "loading")
    return (
      <p className="note centre">
        {picture === "umap" ? "Placing every state beside its neighbours (UMAP); a large run takes minutes …" : "Projecting …"}
      </p>
    );
  return (
    <Boundary key={picture} what={PICTURE_TITLES[picture]}>
      <Suspense fallback={<p className="note centre">Loading …</p>}>
        <Picture picture={picture} projection={projection.value} {...props} />
      </Suspense>
    </Boundary>
  );
}
