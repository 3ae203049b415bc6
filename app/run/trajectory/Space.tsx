import {useMemo} from "react";
import {tokenLabel} from "../../plot/format.ts";
import {componentSpace, waterfallSpace} from "../../plot/space/spacePoints.ts";
import {spacePlot, type SpacePlot} from "../../plot/space/spacePlot.ts";
import {axisTitle} from "./pictureText.ts";
import {usePicking} from "./usePicking.ts";
import {point, useStore} from "../../state/store.ts";
import {useOverlays} from "./useOverlays.ts";
import {useColouring} from "../useColouring.ts";
import {usePalette} from "../../state/useTheme.ts";
import {PlotMount} from "../../parts/PlotMount.tsx";
import {TrajectoryLegend} from "./TrajectoryLegend.tsx";
import type {PictureProps} from "./picture.ts";

/** Three dimensions: the first three components, or the waterfall of two components and the token's place. */
export function Space({picture, projection, data, chosen, step, lasso, plots}: PictureProps) {
  const palette = usePalette();
  const colourOf = useColouring(data);
  const hover = useStore((state) => state.hover);
  const {init, fit, site, others} = useStore((state) => state.view);
  const {points, explained} = projection;
  const falls = picture === "waterfall";
  const overlays = useOverlays(projection, chosen);
  const space = useMemo(
    () => (falls || points.dims < 3 ? waterfallSpace(points, overlays) : componentSpace(points, overlays)),
    [points, falls, overlays]
  );
  const axisTitles = useMemo(
    () =>
      (falls
        ? [axisTitle(picture, 0, explained), "token", axisTitle(picture, 1, explained)]
        : [0, 1, 2].map((k) => axisTitle(picture, k, explained))) as [string, string, string],
    [falls, picture, explained]
  );
  const names = useMemo(() => data.names.map(tokenLabel), [data.names]);
  const {pick, surround} = usePicking(data.names.length);
  const own = useMemo(
    () => ({
      get current() {
        return (plots.current[0] as SpacePlot | undefined) ?? null;
      },
      set current(plot: SpacePlot | null) {
        plots.current = plot ? [plot] : [];
      }
    }),
    [plots]
  );
  return (
    <>
      <PlotMount
        className="fill"
        make={spacePlot}
        plot={own}
        props={{
          palette,
          space,
          axisTitles,
          names,
          chosen,
          init,
          step,
          trained: data.trace.trained_steps,
          hover,
          colourOf,
          lasso,
          basis: [picture, fit, site, ...others].join(),
          onHover: point,
          onPick: pick,
          onLasso: surround
        }}
      />
      <TrajectoryLegend data={data} ends={false} />
    </>
  );
}
