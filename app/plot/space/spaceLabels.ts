import type {Selection} from "d3";
import {Vector3, type Camera} from "three";
import {screenOf} from "./spacePoints.ts";
import type {SpaceProps} from "./spaceProps.ts";

export interface SpaceLabels {
  /** The drawing in words. */
  readonly text: string;
}

const MAX_LABELS = 40;
const LABEL_ROOM = 13; // pixels between two labels

/** Over the lines: the box's three axes with their titles, the ends of the chosen trajectories, the hover. */
export function drawSpaceLabels(svg: Selection<SVGSVGElement, unknown, null, undefined>, props: SpaceProps, camera: Camera): SpaceLabels {
  const {palette, space, axisTitles, names, chosen, init, step, hover, width, height} = props;
  svg.selectAll("*").remove();
  const text = `Trajectories in three dimensions: ${axisTitles.join(", ")}`;
  svg.attr("aria-label", text).attr("font-family", palette.font);
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
    write(svg, axisTitles[axis], [Math.min(b[0], width - 6 * axisTitles[axis].length), Math.max(12, b[1])], {
      fill: palette.quiet,
      paper: palette.paper,
      size: 12,
      weight: 400
    });
  }
  const ends = init === undefined ? 0 : init;
  const last = space.points.steps - 1;
  const taken: (readonly [number, number])[] = [];
  for (const token of chosen.filter((known) => known < space.points.tokens).slice(0, MAX_LABELS)) {
    const {x, y} = screenOf(props, camera, {step: last, init: Math.min(ends, space.points.inits - 1), token});
    if (taken.some(([ox, oy]) => Math.abs(ox - x) < 2 * LABEL_ROOM && Math.abs(oy - y) < LABEL_ROOM)) continue;
    taken.push([x, y]);
    write(svg, names[token] ?? "", [x + 8, y - 6], {fill: palette.ink, paper: palette.paper, size: 13, weight: 600});
    const now = screenOf(props, camera, {step: Math.min(step, last), init: Math.min(ends, space.points.inits - 1), token});
    svg
      .append("circle")
      .attr("cx", now.x)
      .attr("cy", now.y)
      .attr("r", 4)
      .attr("fill", "none")
      .attr("stroke", palette.accent)
      .attr("stroke-width", 2);
  }
  if (hover && hover.token < space.points.tokens && hover.step <= last && hover.init < space.points.inits) {
    const path = Array.from({length: last + 1}, (_, s) => {
      const {x, y} = screenOf(props, camera, {...hover, step: s});
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    });
    const {x, y} = screenOf(props, camera, hover);
    svg
      .append("path")
      .attr("class", "hover")
      .attr("d", `M${path.join("L")}`)
      .attr("fill", "none")
      .attr("stroke", palette.accent)
      .attr("stroke-width", 1.25);
    svg
      .append("circle")
      .attr("cx", x)
      .attr("cy", y)
      .attr("r", 5.5)
      .attr("fill", "none")
      .attr("stroke", palette.accent)
      .attr("stroke-width", 2);
  }
  return {text};
}

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
