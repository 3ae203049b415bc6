import type {Selection} from "d3";
import {Vector3, type Camera} from "three";
import {beyondSpan, trainedEnd} from "../../../api/contract/choices.ts";
import {screenOf} from "./spacePoints.ts";
import type {SpaceProps} from "./spaceProps.ts";

export interface SpaceLabels {
  /** The drawing in words. */
  readonly text: string;
}

const MAX_LABELS = 40;
const LABEL_ROOM = 13; // pixels between two labels
const LETTER = 7; // pixels of a letter of an axis title, at most

type Sheet = Selection<SVGSVGElement, unknown, null, undefined>;

/** Over the lines: the box's three axes with their titles, the ends of the chosen trajectories, where their trained steps end, the hover. */
export function drawSpaceLabels(svg: Sheet, props: SpaceProps, camera: Camera): SpaceLabels {
  svg.selectAll("*").remove();
  const {axisTitles, trained, space, palette} = props;
  const text = `Trajectories in three dimensions: ${axisTitles.join(", ")}${beyondSpan(trained, space.points.steps - 1)}`;
  svg.attr("aria-label", text).attr("font-family", palette.font);
  drawBoxAxes(svg, props, camera);
  drawChosenEnds(svg, props, camera);
  drawHover(svg, props, camera);
  return {text};
}

function drawBoxAxes(svg: Sheet, {palette, space, axisTitles, width, height}: SpaceProps, camera: Camera): void {
  const corner = new Vector3(...space.low);
  for (let axis = 0; axis < 3; ++axis) {
    const end = corner.clone().setComponent(axis, space.high[axis]);
    const [a, b] = [corner, end].map((place) => pixels(place, camera, width, height));
    svg
      .append("line")
      .attr("x1", a[0])
      .attr("y1", a[1])
      .attr("x2", b[0])
      .attr("y2", b[1])
      .attr("stroke", palette.faint)
      .attr("stroke-width", 1);
    write(svg, axisTitles[axis], [Math.min(b[0], width - LETTER * axisTitles[axis].length), Math.max(12, b[1])], {
      fill: palette.quiet,
      paper: palette.paper,
      size: 12,
      weight: 400
    });
  }
}

/** Of each chosen token its text at the last state, a ring at the step looked at, and a diamond at the last trained step. */
function drawChosenEnds(svg: Sheet, props: SpaceProps, camera: Camera): void {
  const {palette, space, names, chosen, init, step, trained} = props;
  const last = space.points.steps - 1;
  const end = trainedEnd(trained, last);
  const own = Math.min(init ?? 0, space.points.inits - 1);
  const taken: (readonly [number, number])[] = [];
  for (const token of chosen.filter((known) => known < space.points.tokens).slice(0, MAX_LABELS)) {
    const {x, y} = screenOf(props, camera, {step: last, init: own, token});
    if (taken.some(([ox, oy]) => Math.abs(ox - x) < 2 * LABEL_ROOM && Math.abs(oy - y) < LABEL_ROOM)) continue;
    taken.push([x, y]);
    write(svg, names[token] ?? "", [x + 8, y - 6], {fill: palette.ink, paper: palette.paper, size: 13, weight: 600});
    drawRing(svg, screenOf(props, camera, {step: Math.min(step, last), init: own, token}), palette.accent, 4);
    if (end !== undefined) drawDiamond(svg, screenOf(props, camera, {step: end, init: own, token}), palette.ink);
  }
}

function drawHover(svg: Sheet, props: SpaceProps, camera: Camera): void {
  const {palette, space, hover} = props;
  const last = space.points.steps - 1;
  if (!hover || hover.token >= space.points.tokens || hover.step > last || hover.init >= space.points.inits) return;
  const path = Array.from({length: last + 1}, (_, s) => {
    const {x, y} = screenOf(props, camera, {...hover, step: s});
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  svg
    .append("path")
    .attr("class", "hover")
    .attr("d", `M${path.join("L")}`)
    .attr("fill", "none")
    .attr("stroke", palette.accent)
    .attr("stroke-width", 1.25);
  drawRing(svg, screenOf(props, camera, hover), palette.accent, 5.5);
}

const drawRing = (svg: Sheet, {x, y}: Vector3, colour: string, radius: number): void =>
  void svg
    .append("circle")
    .attr("cx", x)
    .attr("cy", y)
    .attr("r", radius)
    .attr("fill", "none")
    .attr("stroke", colour)
    .attr("stroke-width", 2);

const drawDiamond = (svg: Sheet, {x, y}: Vector3, colour: string): void =>
  void svg
    .append("path")
    .attr("class", "trained-end")
    .attr("d", `M${x} ${y - 5}l5 5l-5 5l-5 -5Z`)
    .attr("fill", "none")
    .attr("stroke", colour)
    .attr("stroke-width", 1.25);

function pixels(place: Vector3, camera: Camera, width: number, height: number): [number, number] {
  const {x, y} = place.clone().project(camera);
  return [((x + 1) / 2) * width, ((1 - y) / 2) * height];
}

function write(
  svg: Selection<SVGSVGElement, unknown, null, undefined>,
  text: string,
  [x, y]: readonly [number, number],
  {fill, paper, size, weight}: {fill: string; paper: string; size: number; weight: number}
): void {
  svg
    .append("text")
    .attr("x", x)
    .attr("y", y)
    .attr("font-size", size)
    .attr("font-weight", weight)
    .attr("fill", fill)
    .attr("stroke", paper)
    .attr("stroke-width", 3)
    .attr("paint-order", "stroke")
    .text(text);
}
