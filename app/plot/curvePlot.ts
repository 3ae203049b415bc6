import {pointer, select, type Selection} from "d3";
import {beyondSpan} from "../../api/contract/choices.ts";
import {drawBeyond} from "./beyond.ts";
import {curveScales, footOf, LEFT, RIGHT, TOP, type CurveProps, type CurveScales} from "./curveProps.ts";
import {bandPath, drawCurveAxes, drawCurveLines, drawCursor, drawFloor, nearestCurve} from "./drawCurves.ts";
import {textWidth} from "./format.ts";
import type {Plot} from "./plot.ts";

const AXIS_NAME = 36; // pixels of "step", at the end of the lowest axis

/** Curves by step on a linear or a log scale, with a cursor at the step looked at. */
export function curvePlot(node: HTMLElement, first: CurveProps): Plot<CurveProps> {
  let props = first;
  const svg = select(node).append("svg").attr("role", "img").style("display", "block").style("cursor", "pointer");
  const shade = svg.append("rect");
  const [gx, gy] = [svg.append("g"), svg.append("g")];
  const beyond = svg.append("g");
  const title = svg.append("text");
  const tint = svg.append("path").attr("stroke", "none");
  const lines = svg.append("g").attr("fill", "none");
  const marks = svg.append("g").attr("pointer-events", "none");

  const stepAt = (event: MouseEvent): number =>
    Math.min(props.field.steps - 1, Math.max(0, Math.round(curveScales(props).x.invert(pointer(event, svg.node())[0]))));
  svg
    .on("pointermove", (event: PointerEvent) => {
      const step = stepAt(event);
      props.onHover(step, nearestCurve(props, step, pointer(event, svg.node())[1]), [event.clientX, event.clientY]);
    })
    .on("pointerleave", (event: PointerEvent) => props.onHover(undefined, undefined, [event.clientX, event.clientY]))
    .on("click", (event: MouseEvent) => props.onPick(stepAt(event)));

  function draw(): void {
    const {width, height, palette, curves, lastStep, trained} = props;
    const scales = curveScales(props);
    svg
      .attr("width", width)
      .attr("height", height)
      .attr("aria-label", `${props.title} by step${beyondSpan(trained, lastStep)}`);
    title
      .attr("x", Math.max(0, Math.min(LEFT, width - textWidth(props.title))))
      .attr("y", 12)
      .attr("font-family", palette.font)
      .attr("font-size", 12)
      .attr("fill", palette.ink)
      .text(props.title);
    drawCurveAxes({gx, gy}, props, scales);
    drawFloor(shade, props, scales);
    drawBeyondCurves(beyond, props, scales);
    tint
      .attr("fill", curves[0]?.colour ?? null)
      .attr("fill-opacity", 0.22)
      .attr("d", bandPath(props, scales));
    drawCurveLines(lines, props, scales);
    drawCursor(marks, props);
  }

  draw();
  return {
    update(next) {
      const before = props;
      props = next;
      if (DRAWN.some((key) => before[key] !== next[key])) draw();
      else if (before.step !== next.step) drawCursor(marks, props);
    },
    destroy: () => void svg.remove(),
    picture: () => svg.node()?.cloneNode(true) as SVGSVGElement
  };
}

/** What the curves depend on, the cursor aside. */
const DRAWN = [
  "field",
  "curves",
  "scale",
  "domain",
  "palette",
  "width",
  "height",
  "lastStep",
  "trained",
  "floor",
  "band",
  "title",
  "stepLabels"
] as const satisfies readonly (keyof CurveProps)[];

/** Where the trained steps end; the words stand beside the name of the axis, which the lowest of a stack has. */
function drawBeyondCurves(group: Selection<SVGGElement, unknown, null, undefined>, props: CurveProps, {x}: CurveScales): void {
  const [bottom, right] = [footOf(props), props.width - RIGHT];
  const words = props.stepLabels ? {words: bottom + 29, wordsRight: right - AXIS_NAME} : {};
  drawBeyond(group, {...props, x, left: LEFT, right, top: TOP, bottom, ...words});
}
