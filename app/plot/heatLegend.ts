import type {Selection} from "d3";
import type {AmountScale} from "./amountScale.ts";
import {formatNumber} from "./format.ts";
import type {Palette} from "./palette.ts";

let gradients = 0;

/** The colours' ramp with the values at its ends and in its middle. */
export function drawHeatLegend(
  group: Selection<SVGGElement, unknown, null, undefined>,
  scale: AmountScale,
  palette: Palette,
  {x, y, height}: {x: number; y: number; height: number}
): void {
  group.selectAll("*").remove();
  const id = `ramp-${++gradients}`;
  const gradient = group.append("defs").append("linearGradient").attr("id", id).attr("x1", 0).attr("x2", 0).attr("y1", 1).attr("y2", 0);
  const {low, high, kind} = scale;
  const at = (share: number): number => (kind === "log" ? low * (high / low) ** share : low + (high - low) * share);
  for (let i = 0; i <= 8; ++i)
    gradient
      .append("stop")
      .attr("offset", i / 8)
      .attr("stop-color", scale.ramp(scale.share(at(i / 8))));
  group
    .append("rect")
    .attr("x", x)
    .attr("y", y)
    .attr("width", 8)
    .attr("height", height)
    .attr("fill", `url(#${id})`)
    .attr("stroke", palette.line);
  for (const share of [0, 0.5, 1]) {
    group
      .append("text")
      .attr("x", x + 13)
      .attr("y", y + (1 - share) * height)
      .attr("dy", share === 1 ? "0.8em" : share === 0 ? "0em" : "0.35em")
      .attr("font-family", palette.font)
      .attr("font-size", 10)
      .attr("fill", palette.quiet)
      .text(formatNumber(at(share)));
  }
}
