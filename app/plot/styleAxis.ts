import type {Selection} from "d3";
import type {Palette} from "./palette.ts";

/** Gives an axis made by d3 the quiet look: no domain line, thin grid, small grey figures. All inline, so that a saved picture keeps it. */
export function styleAxis(axis: Selection<SVGGElement, unknown, null, undefined>, {line, quiet, font}: Palette): void {
  axis.attr("font-family", font).attr("font-size", 11);
  axis.select(".domain").remove();
  axis.selectAll(".tick line").attr("stroke", line).attr("shape-rendering", "crispEdges");
  axis.selectAll(".tick text").attr("fill", quiet).style("font-variant-numeric", "tabular-nums");
}
