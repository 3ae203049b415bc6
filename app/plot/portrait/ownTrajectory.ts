import {line} from "d3";
import {trainedEnd} from "../../../api/contract/choices.ts";
import {svgPen} from "../pen.ts";
import {BEYOND} from "../trajectoryMarks.ts";
import type {PlaneScales} from "../zoomMemory.ts";
import type {Group} from "./layered.ts";
import {lastOf, ownPlace, pointAt, stepsOf} from "./portraitData.ts";
import {shaded, type PortraitProps} from "./portraitProps.ts";

export const linePath = (path: readonly (readonly [number, number])[], {x, y}: PlaneScales): string | null =>
  line<readonly [number, number]>(
    ([px]) => x(px),
    ([, py]) => y(py)
  ).defined(([px, py]) => Number.isFinite(px + py))(path);

/** The trajectory itself: faint before its window, then by phase or by step; an orbit with the segment that closes it. */
export function drawOwn(group: Group, props: PortraitProps, scales: PlaneScales): void {
  const {portrait, palette} = props;
  const {info} = portrait;
  const own = ownPlace(portrait);
  const before = info.pattern === "converging" ? [] : stepsOf(portrait).filter((step) => step <= info.window[0]);
  group
    .append("path")
    .attr("fill", "none")
    .attr("stroke", palette.faint)
    .attr("stroke-opacity", 0.7)
    .attr(
      "d",
      linePath(
        before.map((step) => pointAt(portrait, step, own)),
        scales
      )
    );
  drawPattern(group, props, scales);
  if (info.pattern === "orbit") drawClosing(group, props, scales);
}

/** Lines and dots of the label's window, in the colours of its steps; thinner and paler beyond the trained ones. */
function drawPattern(group: Group, {portrait, palette, trained}: PortraitProps, {x, y}: PlaneScales): void {
  const {info} = portrait;
  const own = ownPlace(portrait);
  const from = info.pattern === "converging" ? info.first_step : info.window[0];
  const end = trainedEnd(trained, lastOf(portrait)) ?? Infinity;
  const pen = svgPen(group.append("g").node() as SVGGElement);
  const shadeOf = shaded(portrait, palette);
  const shades = new Map<string, {colour: string; isBeyond: boolean; lines: number[]; dots: number[]}>();
  for (const step of stepsOf(portrait).filter((one) => one >= from)) {
    const [[px, py], [qx, qy]] = [pointAt(portrait, step - 1, own), pointAt(portrait, step, own)];
    const [colour, isBeyond] = [shadeOf(step), step > end];
    const key = `${colour} ${isBeyond}`;
    if (!shades.has(key)) shades.set(key, {colour, isBeyond, lines: [], dots: []});
    const {lines, dots} = shades.get(key)!;
    if (step > from && Number.isFinite(px + qx)) lines.push(x(px), y(py), x(qx), y(qy));
    dots.push(x(qx), y(qy));
  }
  const radius = info.pattern === "orbit" && (info.period ?? 0) < 2.05 ? 4 : 2.3;
  for (const {colour, isBeyond, lines} of shades.values())
    pen.segments(lines, {colour, width: isBeyond ? 1.6 * BEYOND.width : 1.6, alpha: isBeyond ? BEYOND.alpha : 0.85});
  for (const {colour, isBeyond, dots} of shades.values())
    pen.dots(dots, {colour, radius: isBeyond ? radius * 0.8 : radius, alpha: isBeyond ? BEYOND.alpha : 1});
}

/** From the last state back to the one a whole period before. */
function drawClosing(group: Group, {portrait, palette}: PortraitProps, scales: PlaneScales): void {
  const {info} = portrait;
  const own = ownPlace(portrait);
  const [from, to] = info.window;
  const whole = Math.round(info.period ?? 2);
  if (whole < 3 || to - whole + 1 < from) return;
  const [last, first] = [pointAt(portrait, to, own), pointAt(portrait, to - whole + 1, own)];
  group
    .append("path")
    .attr("fill", "none")
    .attr("stroke", palette.ink)
    .attr("stroke-width", 1.5)
    .attr("stroke-dasharray", "4 3")
    .attr("d", linePath([last, first], scales))
    .append("title")
    .text("closes the last turn");
}

/** A diamond at the state of the last trained step. */
export function drawTrainedEnd(group: Group, {portrait, palette, trained}: PortraitProps, {x, y}: PlaneScales): void {
  const end = trainedEnd(trained, lastOf(portrait));
  if (end === undefined) return;
  const [px, py] = pointAt(portrait, end, ownPlace(portrait));
  if (!Number.isFinite(px + py)) return;
  group
    .append("path")
    .attr("class", "trained-end")
    .attr("d", "M0 -5.5L5.5 0L0 5.5L-5.5 0Z")
    .attr("transform", `translate(${x(px)},${y(py)})`)
    .attr("fill", "none")
    .attr("stroke", palette.ink)
    .attr("stroke-width", 1.25)
    .append("title")
    .text(`step ${end}, the last trained one`);
}
