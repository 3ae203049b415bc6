import {select, type Selection} from "d3";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";

export type Svg = Selection<SVGSVGElement, unknown, null, undefined>;

/** A plot that is one SVG drawing, made anew whenever something that it shows has changed. `draw` finds it empty, in its size and type, and names it. */
export function svgPlot<Props extends Frame & {readonly palette: Palette}>(
  node: HTMLElement,
  first: Props,
  draw: (svg: Svg, props: Props) => void
): Plot<Props> {
  let props = first;
  const svg: Svg = select(node).append("svg").attr("role", "img").style("display", "block");
  const drawAnew = (): void => {
    const {width, height, palette} = props;
    svg.attr("width", width).attr("height", height).attr("font-family", palette.font).selectAll("*").remove();
    draw(svg, props);
  };
  drawAnew();
  return {
    update(next) {
      const changed = (Object.keys(next) as (keyof Props)[]).some((key) => props[key] !== next[key]);
      props = next;
      if (changed) drawAnew();
    },
    destroy: () => void svg.remove(),
    picture: () => svg.node()?.cloneNode(true) as SVGSVGElement
  };
}
