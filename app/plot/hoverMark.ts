import type {Selection} from "d3";
import type {Points} from "./field.ts";
import type {Palette} from "./palette.ts";
import type {Spot} from "./spot.ts";
import {pixelsOf, type Projector} from "./trajectoryMarks.ts";

interface HoverMarkProps {
  readonly palette: Palette;
  readonly points: Points;
  readonly dims: readonly [number, number];
  readonly hover: Spot | undefined;
  readonly projector: Projector;
}

/** The trajectory under the pointer as a line, and a ring about the state; nothing where the points have no such state. */
export function drawHoverMark(overlay: Selection<SVGGElement, unknown, null, undefined>, props: HoverMarkProps): void {
  overlay.selectAll(".hover").remove();
  const {hover, points, palette, projector} = props;
  if (!hover || hover.token >= points.tokens || hover.init >= points.inits || hover.step >= points.steps) return;
  const place = (step: number): [number, number] => pixelsOf(props, projector, step, hover.init, hover.token);
  const path = Array.from({length: points.steps}, (_, step) => place(step)).filter(([px]) => Number.isFinite(px));
  const [cx, cy] = place(hover.step);
  const group = overlay.append("g").attr("class", "hover").attr("pointer-events", "none");
  group
    .append("path")
    .attr("d", `M${path.join("L")}`)
    .attr("fill", "none")
    .attr("stroke", palette.accent)
    .attr("stroke-width", 1.25)
    .attr("stroke-opacity", 0.75);
  if (Number.isFinite(cx))
    group
      .append("circle")
      .attr("cx", cx)
      .attr("cy", cy)
      .attr("r", 5.5)
      .attr("fill", "none")
      .attr("stroke", palette.accent)
      .attr("stroke-width", 2);
}
