import {useMemo, type RefObject} from "react";
import {tokenLabel} from "../../plot/format.ts";
import {trajectoryPlot, type TrajectoryPlot} from "../../plot/trajectoryPlot.ts";
import {usePicking} from "./usePicking.ts";
import {go, point, useStore} from "../../state/store.ts";
import {useColouring} from "../useColouring.ts";
import {useOverlays} from "./useOverlays.ts";
import {usePalette} from "../../state/useTheme.ts";
import type {Zoom} from "../../plot/spot.ts";
import {PlotMount} from "../../parts/PlotMount.tsx";
import type {PictureProps} from "./picture.ts";

interface TrajectoryMountProps extends PictureProps {
  readonly x: number;
  readonly y: number;
  readonly titles: readonly [string, string];
  readonly className: string;
  /** Its zoom is part of the view. */
  readonly keepsZoom?: boolean;
  /** Which of the picture's plots this is. */
  readonly index: number;
}

/** Where one of the picture's plots is put. */
const placeIn = (plots: PictureProps["plots"], index: number): RefObject<TrajectoryPlot | null> => ({
  get current() {
    return (plots.current[index] as TrajectoryPlot | undefined) ?? null;
  },
  set current(plot) {
    plots.current[index] = plot;
  }
});

const keepZoom = (zoom: Zoom | undefined): void => go({zoom}, {replace: true});

/** One plane of trajectories, with the page's selection. */
export function TrajectoryMount({
  picture,
  projection,
  data,
  chosen,
  step,
  lasso,
  plots,
  x,
  y,
  titles,
  className,
  keepsZoom = false,
  index
}: TrajectoryMountProps) {
  const palette = usePalette();
  const colourOf = useColouring(data);
  const hover = useStore((state) => state.hover);
  const init = useStore((state) => state.view.init);
  const basis = useStore(({view}) => [picture, view.fit, view.site, x, y, ...view.others].join());
  const dims = useMemo(() => [x, y] as const, [x, y]);
  const axisTitles = useMemo(() => titles, [titles[0], titles[1]]);
  const names = useMemo(() => data.names.map(tokenLabel), [data.names]);
  const {pick, surround} = usePicking(data.names.length);
  const zoom = useStore(({view}) => (keepsZoom ? view.zoom : undefined));
  const overlays = useOverlays(projection, chosen);
  const own = useMemo(() => placeIn(plots, index), [plots, index]);
  return (
    <PlotMount
      className={className}
      make={trajectoryPlot}
      plot={own}
      props={{
        palette,
        points: projection.points,
        dims,
        axisTitles,
        names,
        chosen,
        init,
        step,
        trained: data.trace.trained_steps,
        hover,
        colourOf,
        overlays,
        lasso,
        basis,
        onHover: point,
        onPick: pick,
        onLasso: surround,
        ...(keepsZoom && {zoom, onZoom: keepZoom})
      }}
    />
  );
}
