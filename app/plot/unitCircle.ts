import {scaleLinear, type ScaleLinear} from "d3";
import type {Palette} from "./palette.ts";
import type {Frame} from "./plot.ts";
import type {Svg} from "./svgPlot.ts";

/** Eigenvalues [re, im]. */
export type Eigenvalues = readonly (readonly [number, number])[];

/** The complex plane about 0, as wide as it is high in its own units. */
export interface ComplexPlane {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  /** Half its side, in its own units. */
  readonly reach: number;
}

const ROOM = 1.1; // beyond the largest modulus, or the unit circle

/** A plane that shows these eigenvalues and the unit circle, `margin` pixels within the frame. */
export function complexPlane(values: Eigenvalues, {width, height}: Frame, margin: number): ComplexPlane {
  const reach = ROOM * Math.max(1, ...values.map(([re, im]) => Math.hypot(re, im)));
  const half = Math.min(width, height) / 2 - margin;
  return {
    reach,
    x: scaleLinear([-reach, reach], [width / 2 - half, width / 2 + half]),
    y: scaleLinear([-reach, reach], [height / 2 + half, height / 2 - half])
  };
}

/** Both axes and the unit circle, with their names: inside it a direction contracts, on it nothing does. */
export function drawUnitCircle(svg: Svg, {x, y, reach}: ComplexPlane, palette: Palette): void {
  const lines = svg.append("g").attr("stroke", palette.line).attr("fill", "none");
  lines.append("path").attr("d", `M${x(-reach)} ${y(0)}H${x(reach)}M${x(0)} ${y(-reach)}V${y(reach)}`);
  lines
    .append("circle")
    .attr("cx", x(0))
    .attr("cy", y(0))
    .attr("r", x(1) - x(0))
    .attr("stroke", palette.quiet);
  const text = svg.append("g").attr("font-family", palette.font).attr("font-size", 11).attr("fill", palette.quiet);
  const write = (words: string, at: readonly [number, number], anchor = "start") =>
    text.append("text").attr("x", at[0]).attr("y", at[1]).attr("text-anchor", anchor).text(words);
  write("real", [x(reach), y(0) - 6], "end");
  write("imaginary", [x(0) + 6, y(reach) + 10]);
  write("modulus 1", [x(Math.SQRT1_2) + 4, y(Math.SQRT1_2) - 4]);
}

/** Eigenvalues of the whole sequence: squares. */
export function drawSequence(svg: Svg, values: Eigenvalues, {x, y, stroke}: ComplexPlane & {readonly stroke: string}): void {
  const marks = svg.append("g").attr("fill", "none").attr("stroke", stroke);
  for (const [re, im] of values)
    marks
      .append("rect")
      .attr("x", x(re) - 4)
      .attr("y", y(im) - 4)
      .attr("width", 8)
      .attr("height", 8);
}
