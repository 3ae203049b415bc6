import {useCallback, useMemo, type RefObject} from "react";
import type {Points} from "../plot/field.ts";
import {tokenLabel} from "../plot/format.ts";
import {trajectoryPlot, type TrajectoryPlot} from "../plot/trajectoryPlot.ts";
import {choose} from "../selection.ts";
import {go, point, useStore} from "../store.ts";
import {useColouring} from "../useColouring.ts";
import {useOverlays} from "../useOverlays.ts";
import type {Projection} from "../useProjection.ts";
import {usePalette} from "../useTheme.ts";
import type {Spot} from "../view.ts";
import {PlotMount} from "./PlotMount.tsx";
import type {PictureProps} from "./TrajectoryView.tsx";

export interface TrajectoryMountProps extends Omit<PictureProps, "projection"> {
  readonly points: Points;
  /** The axes that the points were made with, to place other runs; undefined for UMAP. */
  readonly basisOfRun: Projection["basis"];
  readonly centred: boolean;
  readonly x: number;
  readonly y: number;
  readonly titles: readonly [string, string];
  readonly className: string;
  /** Which of the picture's plots this is. */
  readonly index: number;
}

/** One plane of trajectories, with the page's selection. */
export function TrajectoryMount({basisOfRun, centred, data, chosen, step, lasso, plots, points, x, y, titles, className, index}: TrajectoryMountProps) {
  const palette = usePalette();
  const colourOf = useColouring(data);
  const hover = useStore((state) => state.hover);
  const init = useStore((state) => state.view.init);
  const basis = useStore(({view}) => [view.picture, view.fit, view.site, x, y].join());
  const dims = useMemo(() => [x, y] as const, [x, y]);
  const axisTitles = useMemo(() => titles, [titles[0], titles[1]]);
  const names = useMemo(() => data.names.map(tokenLabel), [data.names]);
  const count = data.names.length;
  const pick = useCallback(
    (spot: Spot | undefined, extend: boolean): void => {
      if (spot) choose(spot.token, count, {extend});
      else if (!extend) go({tokens: []});
    },
    [count]
  );
  const surround = useCallback((tokens: readonly number[]): void => go({tokens}), []);
  const overlays = useOverlays(basisOfRun, centred);
  const own = useMemo(
    (): RefObject<TrajectoryPlot | null> => ({
      get current() {
        return (plots.current[index] as TrajectoryPlot | undefined) ?? null;
      },
      set current(plot) {
        plots.current[index] = plot;
      }
    }),
    [plots, index]
  );
  return (
    <PlotMount className={className} make={trajectoryPlot} plot={own} props={{palette, points, dims, axisTitles, names, chosen, init, step, hover, colourOf, overlays, lasso, basis, onHover: point, onPick: pick, onLasso: surround}} />
  );
}
