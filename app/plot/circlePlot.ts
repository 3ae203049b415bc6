import {scaleLinear} from "d3";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {svgPlot, type Svg} from "./svgPlot.ts";

export interface CircleProps extends Frame {
  readonly palette: Palette;
  /** Eigenvalues [re, im] of the chosen token's own block: dots. */
  readonly own: readonly (readonly [number, number])[];
  /** Eigenvalues of the whole sequence: squares. */
  readonly sequence: readonly (readonly [number, number])[];
  readonly label: string;
}

const MARGIN = 14;

/** Eigenvalues in the complex plane with the unit circle: inside it a direction contracts, on it nothing does. */
export const circlePlot = (node: HTMLElement, first: CircleProps): Plot<CircleProps> => svgPlot(node, first, drawCircle);

function drawCircle(svg: Svg, {width, height, palette, own, sequence, label}: CircleProps): void {
  const reach = 1.08 * Math.max(1, ...[...own, ...sequence].map(([re, im]) => Math.hypot(re, im)));
  const half = Math.min(width, height) / 2 - MARGIN;
  const x = scaleLinear([-reach, reach], [width / 2 - half, width / 2 + half]);
  const y = scaleLinear([-reach, reach], [height / 2 + half, height / 2 - half]);
  svg.attr("aria-label", label).attr("font-size", 11);
  const lines = svg.append("g").attr("fill", "none").attr("stroke", palette.line);
  lines.append("path").attr("d", `M${x(-reach)} ${y(0)}H${x(reach)}M${x(0)} ${y(-reach)}V${y(reach)}`);
  lines
    .append("circle")
    .attr("cx", x(0))
    .attr("cy", y(0))
    .attr("r", x(1) - x(0))
    .attr("stroke", palette.quiet);
  const text = svg.append("g").attr("fill", palette.quiet);
  text
    .append("text")
    .attr("x", x(reach) + 4)
    .attr("y", y(0))
    .attr("dy", "0.35em")
    .text("real");
  text
    .append("text")
    .attr("x", x(0) + 4)
    .attr("y", y(reach) + 4)
    .text("imaginary");
  text
    .append("text")
    .attr("x", x(Math.SQRT1_2) + 5)
    .attr("y", y(Math.SQRT1_2))
    .text("modulus 1");
  for (const [re, im] of sequence)
    svg
      .append("rect")
      .attr("x", x(re) - 4)
      .attr("y", y(im) - 4)
      .attr("width", 8)
      .attr("height", 8)
      .attr("fill", "none")
      .attr("stroke", palette.quiet);
  for (const [re, im] of own)
    svg
      .append("circle")
      .attr("cx", x(re))
      .attr("cy", y(im))
      .attr("r", 3.5)
      .attr("fill", Math.hypot(re, im) < 1 ? palette.labels.converging : palette.labels.orbit);
}
