import type {Selection} from "d3";
import {drawLasso, tokensInside} from "./lasso.ts";
import type {Spot} from "./spot.ts";
import {bundleOf, type TrajectoryProps} from "./trajectoryProps.ts";
import type {PlaneScales} from "./zoomMemory.ts";

interface PlaneGestures {
  readonly propsNow: () => TrajectoryProps;
  readonly scales: () => PlaneScales;
  readonly spotAt: (event: MouseEvent) => Spot | undefined;
  /** Where a lasso is drawn. */
  readonly overlay: Selection<SVGGElement, unknown, null, undefined>;
}

/** Whether a press draws a lasso, and so does not move the picture. */
export const isLasso = (event: MouseEvent, {lasso}: Pick<TrajectoryProps, "lasso">): boolean => lasso || event.shiftKey;

/** Pointing, picking, and choosing by a lasso. */
export function listenToPlane(
  svg: Selection<SVGSVGElement, unknown, null, undefined>,
  {propsNow, scales, spotAt, overlay}: PlaneGestures
): void {
  let lassoed = false;
  svg
    .on("pointermove", (event: PointerEvent) => {
      if (event.buttons === 0) propsNow().onHover(spotAt(event), [event.clientX, event.clientY]);
    })
    .on("pointerleave", (event: PointerEvent) => propsNow().onHover(undefined, [event.clientX, event.clientY]))
    .on("pointerdown", (event: PointerEvent) => {
      lassoed = false;
      if (!isLasso(event, propsNow()) || event.button !== 0) return;
      drawLasso(svg.node() as SVGSVGElement, overlay, event, {
        colour: propsNow().palette.accent,
        done(corners) {
          lassoed = corners !== undefined;
          if (corners) propsNow().onLasso(tokensInside(bundleOf(propsNow(), "all"), scales(), corners));
        }
      });
    })
    .on("click", (event: MouseEvent) => {
      if (!event.defaultPrevented && !lassoed) propsNow().onPick(spotAt(event), event.shiftKey || event.metaKey || event.ctrlKey);
    });
}
