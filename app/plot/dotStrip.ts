import {axisBottom, scaleLinear, select} from "d3";
import {formatNumber} from "./format.ts";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {styleAxis} from "./styleAxis.ts";

export interface StripRow {
  readonly name: string;
  readonly values: readonly {readonly value: number; readonly marked: boolean; readonly title: string}[];
}

export interface DotStripProps extends Frame {
  readonly palette: Palette;
  readonly rows: readonly StripRow[];
  readonly domain: readonly [number, number];
  readonly axis: string;
}

const LEFT = 90;
const RIGHT = 16;
const BOTTOM = 34;

/** A dot for every value, row by row; equal ones are spread a little so that their number can be seen. */
export function dotStrip(node: HTMLElement, first: DotStripProps): Plot<DotStripProps> {
  let props = first;
  const svg = select(node).append("svg").attr("role", "img").style("display", "block");

  function draw(): void {
    const {width, height, palette, rows, domain, axis} = props;
    const x = scaleLinear(domain, [LEFT, width - RIGHT]);
    const row = (height - BOTTOM) / Math.max(1, rows.length);
    svg.attr("width", width).attr("height", height).attr("aria-label", `${rows.map(({name}) => name).join(" and ")}: ${axis}`).attr("font-family", palette.font).selectAll("*").remove();
    const ticks = svg.append("g").attr("transform", `translate(0,${height - BOTTOM})`).call(axisBottom(x).ticks(6).tickSize(-(height - BOTTOM)).tickFormat((value) => formatNumber(Number(value))));
    styleAxis(ticks, palette);
    svg.append("text").attr("x", width - RIGHT).attr("y", height - 4).attr("text-anchor", "end").attr("font-size", 12).attr("fill", palette.quiet).text(axis);
    rows.forEach(({name, values}, i) => {
      const middle = (i + 0.5) * row;
      svg.append("text").attr("x", LEFT - 12).attr("y", middle).attr("dy", "0.35em").attr("text-anchor", "end").attr("font-size", 12).attr("fill", palette.ink).text(name);
      values.forEach(({value, marked, title}, k) => {
        const spread = (((k * 0.618) % 1) - 0.5) * row * 0.6; // the golden ratio fills evenly and always alike
        svg.append("circle").attr("cx", x(value)).attr("cy", middle + spread).attr("r", marked ? 4 : 2.5).attr("fill", marked ? palette.accent : palette.labels.converging).attr("fill-opacity", marked ? 1 : 0.5).append("title").text(title);
      });
    });
  }

  draw();
  return {
    update(next) {
      const changed = (["rows", "palette", "width", "height", "domain"] as const).some((key) => props[key] !== next[key]);
      props = next;
      if (changed) draw();
    },
    destroy: () => void svg.remove(),
    picture: () => svg.node()?.cloneNode(true) as SVGSVGElement
  };
}
