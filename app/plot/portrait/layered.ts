import {select, type Selection} from "d3";
import {shortened} from "../format.ts";
import type {Palette} from "../palette.ts";
import type {Frame, Plot} from "../plot.ts";
import type {Svg} from "../svgPlot.ts";

export type Group = Selection<SVGGElement, unknown, null, undefined>;

/** What a plot of two layers draws: what stays while the step moves, and what moves with it. */
interface Layers<Props> {
  readonly base: (group: Group, props: Props, svg: Svg) => void;
  readonly marks: (group: Group, props: Props) => void;
}

/** A plot as SVG whose marks (by the step and the pointer) are drawn anew without the rest. */
export function layeredPlot<Props extends Frame & {readonly palette: Palette; readonly step: number}>(
  node: HTMLElement,
  first: Props,
  {base, marks}: Layers<Props>
): Plot<Props> & {readonly svg: Svg; now(): Props} {
  let props = first;
  const svg: Svg = select(node).append("svg").attr("role", "img").style("display", "block");
  const [below, above] = [svg.append("g"), svg.append("g").attr("pointer-events", "none")];
  const drawMarks = (): void => {
    above.selectAll("*").remove();
    marks(above, props);
  };
  const drawAll = (): void => {
    const {width, height, palette} = props;
    svg.attr("width", width).attr("height", height).attr("font-family", palette.font);
    below.selectAll("*").remove();
    base(below, props, svg);
    drawMarks();
  };
  drawAll();
  return {
    svg,
    now: () => props,
    update(next) {
      const changed = (Object.keys(next) as (keyof Props)[]).filter((key) => props[key] !== next[key]);
      props = next;
      if (changed.some((key) => key !== "step")) drawAll();
      else if (changed.length) drawMarks();
    },
    destroy: () => void svg.remove(),
    picture: () => svg.node()?.cloneNode(true) as SVGSVGElement
  };
}

let clips = 0; // several pictures may stand in one document

/** A group that shows nothing outside a rectangle. */
export function clipped(group: Group, x: number, y: number, width: number, height: number): Group {
  const id = `portrait-clip-${++clips}`;
  group
    .append("clipPath")
    .attr("id", id)
    .append("rect")
    .attr("x", x)
    .attr("y", y)
    .attr("width", Math.max(0, width))
    .attr("height", Math.max(0, height));
  return group.append("g").attr("clip-path", `url(#${id})`);
}

/** A pane's title and what it shows, cut to the room there is. */
export function drawHead(group: Group, {palette, width}: {palette: Palette; width: number}, title: string, note: string): void {
  const room = Math.floor((width - 8) / 6.1); // characters of the note's size, on average
  group.append("text").attr("x", 2).attr("y", 14).attr("font-size", 13).attr("font-weight", 600).attr("fill", palette.ink).text(title);
  group
    .append("text")
    .attr("x", 2)
    .attr("y", 31)
    .attr("font-size", 12)
    .attr("fill", palette.quiet)
    .text(shortened(note, room))
    .append("title")
    .text(note);
}

export const HEAD = 40; // pixels that a pane's head takes
