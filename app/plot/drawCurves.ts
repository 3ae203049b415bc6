import {area, axisBottom, axisLeft, line, type Selection} from "d3";
import {curveScales, footOf, isDrawn, LEFT, RIGHT, TOP, valueOfCurve, type Curve, type CurveProps, type CurveScales} from "./curveProps.ts";
import {valueAt} from "./field.ts";
import {decadesIn} from "./decades.ts";
import {formatDecade, formatNumber} from "./format.ts";
import {styleAxis} from "./styleAxis.ts";
import {thinned} from "./thinned.ts";

type Group = Selection<SVGGElement, unknown, null, undefined>;

const MOST_MARKS = 24; // curves whose value at the cursor is marked

/** Both axes with their grids, and the name of the lower one. */
export function drawCurveAxes({gx, gy}: {gx: Group; gy: Group}, props: CurveProps, {x, y}: CurveScales): void {
  const {width, palette, scale, stepLabels, lastStep} = props;
  const foot = footOf(props);
  gx.attr("transform", `translate(0,${foot})`)
    .call(
      axisBottom(x)
        .ticks(Math.min(lastStep, Math.max(2, width / 60)))
        .tickSize(-(foot - TOP))
        .tickFormat((value) => (stepLabels && Number.isInteger(value) ? String(value) : ""))
    )
    .call(styleAxis, palette);
  gx.selectAll(".title")
    .data(stepLabels ? ["step"] : [])
    .join("text")
    .attr("class", "title")
    .attr("x", width - RIGHT)
    .attr("y", 29)
    .attr("text-anchor", "end")
    .attr("fill", palette.quiet)
    .attr("font-size", 12)
    .text(String);
  const axis = axisLeft(y)
    .tickSize(-(width - LEFT - RIGHT))
    .tickFormat((value) => (scale === "log" ? formatDecade : formatNumber)(Number(value)));
  gy.attr("transform", `translate(${LEFT},0)`)
    .call(scale === "log" ? axis.tickValues(logTicks(y.domain(), foot - TOP)) : axis.ticks(3))
    .call(styleAxis, palette);
}

/** The grey under the floor. */
export function drawFloor(shade: Selection<SVGRectElement, unknown, null, undefined>, props: CurveProps, {y}: CurveScales): void {
  const {width, palette, floor} = props;
  const foot = footOf(props);
  const under = floor !== undefined && Number.isFinite(floor) ? Math.min(foot, Math.max(TOP, y(floor))) : foot;
  shade
    .attr("x", LEFT)
    .attr("width", Math.max(0, width - LEFT - RIGHT))
    .attr("y", under)
    .attr("height", foot - under)
    .attr("fill", palette.faint)
    .attr("fill-opacity", 0.28);
}

export function drawCurveLines(lines: Group, props: CurveProps, {x, y}: CurveScales): void {
  const {curves} = props;
  lines
    .selectAll("path")
    .data(curves)
    .join("path")
    .attr("stroke", ({colour}) => colour)
    .attr("stroke-width", curves.length > 12 ? 1 : 1.5)
    .attr("stroke-opacity", curves.length > 40 ? 0.5 : 0.9)
    .attr("stroke-dasharray", ({dashed}) => (dashed ? "4 3" : null))
    .attr("d", (curve) => pathOf(curve, props, {x, y}));
}

/** A curve as a path, at no more steps than its pixels show. */
function pathOf(curve: Curve, props: CurveProps, {x, y}: CurveScales): string | null {
  const {steps} = curve.field ?? props.field;
  const at = (step: number): number => valueOfCurve(props, curve, step);
  const isPlaced = (value: number): boolean => isDrawn(value, props.scale);
  const columns = Math.ceil(Math.abs(x(steps) - x(0)) * (globalThis.devicePixelRatio || 1));
  return line<number>(x, (step) => y(at(step))).defined((step) => isPlaced(at(step)))(thinned(steps, columns, at, isPlaced));
}

/** The room between the two curves of the band, as a path; null where there is no band. */
export function bandPath({band, field, scale}: CurveProps, {x, y}: CurveScales): string | null {
  if (!band) return null;
  const [low, high] = band.map((token) => (step: number) => valueAt(field, step, 0, token));
  return area<number>(
    (step) => x(step),
    (step) => y(low(step)),
    (step) => y(high(step))
  ).defined((step) => isDrawn(low(step), scale) && Number.isFinite(high(step)))(Array.from({length: field.steps}, (_, step) => step));
}

/** The cursor, and the curves' values under it. */
export function drawCursor(marks: Group, props: CurveProps): void {
  const {palette, step, curves, field, scale} = props;
  marks.selectAll("*").remove();
  if (step === undefined) return;
  const {x, y} = curveScales(props);
  const now = Math.min(step, field.steps - 1);
  marks
    .append("line")
    .attr("x1", x(now))
    .attr("x2", x(now))
    .attr("y1", TOP)
    .attr("y2", footOf(props))
    .attr("stroke", palette.accent)
    .attr("stroke-width", 1.25);
  for (const curve of curves.slice(0, MOST_MARKS)) {
    const value = valueOfCurve(props, curve, now);
    if (isDrawn(value, scale))
      marks
        .append("circle")
        .attr("cx", x(now))
        .attr("cy", y(value))
        .attr("r", 2.75)
        .attr("fill", curve.colour)
        .attr("stroke", palette.paper);
  }
}

/** The curve nearest to a height, in pixels, at a step. */
export function nearestCurve(props: CurveProps, step: number, py: number): Curve | undefined {
  const {y} = curveScales(props);
  let best: Curve | undefined;
  let least = Infinity;
  for (const curve of props.curves) {
    const far = Math.abs(y(valueOfCurve(props, curve, step)) - py);
    if (far < least) [best, least] = [curve, far];
  }
  return best;
}

/** The powers of ten that have room; the ends of a domain that holds fewer than two. */
function logTicks([low, high]: readonly number[], pixels: number): number[] {
  const holdsTwo = Math.floor(Math.log10(high)) > Math.ceil(Math.log10(low));
  return holdsTwo ? decadesIn([low, high], pixels) : [low, Math.sqrt(low * high), high];
}
