import type {Selection} from "d3";
import type {Points} from "./field.ts";
import type {Palette} from "./palette.ts";
import {pixelsOf, type Projector} from "./trajectoryMarks.ts";

interface EndLabelProps {
  readonly palette: Palette;
  readonly points: Points;
  readonly dims: readonly [number, number];
  readonly names: readonly string[];
  readonly chosen: readonly number[];
  readonly init: number | undefined;
  readonly projector: Projector;
  readonly width: number;
  readonly height: number;
}

const MAX_LABELS = 24;
const ROOM = {x: 24, y: 13}; // two labels closer than this would cover each other

/** The text of every chosen token beside its last state, where there is room for it. */
export function drawEndLabels(
  group: Selection<SVGGElement, unknown, null, undefined>,
  {palette, points, dims, names, chosen, init, projector, width, height}: EndLabelProps,
  margin: {left: number; right: number; top: number; bottom: number}
): void {
  const placed: {token: number; x: number; y: number}[] = [];
  for (const token of chosen.filter((known) => known < points.tokens).slice(0, MAX_LABELS)) {
    const [x, y] = pixelsOf({points, dims}, projector, points.steps - 1, Math.min(init ?? 0, points.inits - 1), token);
    const inside = x > margin.left && x < width - margin.right && y > margin.top && y < height - margin.bottom;
    const free = placed.every((other) => Math.abs(other.x - x) > ROOM.x || Math.abs(other.y - y) > ROOM.y);
    if (inside && free) placed.push({token, x, y});
  }
  group
    .attr("font-family", palette.font)
    .attr("font-size", 13)
    .attr("font-weight", 600)
    .selectAll("text")
    .data(placed)
    .join("text")
    .attr("x", ({x}) => x + (x > width - 90 ? -9 : 9))
    .attr("y", ({y}) => y - 7)
    .attr("text-anchor", ({x}) => (x > width - 90 ? "end" : "start"))
    .attr("fill", palette.ink)
    .attr("stroke", palette.paper)
    .attr("stroke-width", 3)
    .attr("paint-order", "stroke")
    .text(({token}) => names[token] ?? "");
}
