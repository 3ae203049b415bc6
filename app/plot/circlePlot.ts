import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {svgPlot, type Svg} from "./svgPlot.ts";
import {complexPlane, drawSequence, drawUnitCircle, type Eigenvalues} from "./unitCircle.ts";

export interface CircleProps extends Frame {
  readonly palette: Palette;
  /** Of the chosen token's own block: dots. */
  readonly own: Eigenvalues;
  /** Of the whole sequence: squares. */
  readonly sequence: Eigenvalues;
  readonly label: string;
}

const MARGIN = 14;

/** Eigenvalues in the complex plane with the unit circle. */
export const circlePlot = (node: HTMLElement, first: CircleProps): Plot<CircleProps> => svgPlot(node, first, drawCircle);

function drawCircle(svg: Svg, {width, height, palette, own, sequence, label}: CircleProps): void {
  const plane = complexPlane([...own, ...sequence], {width, height}, MARGIN);
  const {x, y} = plane;
  svg.attr("aria-label", label);
  drawUnitCircle(svg, plane, palette);
  drawSequence(svg, sequence, {...plane, stroke: palette.quiet});
  for (const [re, im] of own)
    svg
      .append("circle")
      .attr("cx", x(re))
      .attr("cy", y(im))
      .attr("r", 3.5)
      .attr("fill", Math.hypot(re, im) < 1 ? palette.labels.converging : palette.labels.orbit);
}
