import {extent, scaleLinear, scaleLog, type ScaleContinuousNumeric} from "d3";
import {formatShort} from "./format.ts";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {svgPlot, type Svg} from "./svgPlot.ts";

export interface RulePlotProps extends Frame {
  readonly palette: Palette;
  readonly title: string;
  /** The rule's value after each step from 1 on; null where it has none. */
  readonly values: readonly (number | null)[];
  readonly threshold: number;
  /** Whether leaving is below the threshold or from it on. */
  readonly exitWhen: "below" | "reached";
}

const LEFT = 58;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 34;

/** An exit rule's value by step, and the threshold at which the loop is left. */
export const rulePlot = (node: HTMLElement, first: RulePlotProps): Plot<RulePlotProps> => svgPlot(node, first, drawRule);

function drawRule(svg: Svg, props: RulePlotProps): void {
  const {width, height, palette, title, values, threshold, exitWhen} = props;
  const points = values.flatMap((value, i) => (value === null ? [] : [{step: i + 1, value}]));
  const x = scaleLinear([1, Math.max(2, values.length)], [LEFT, width - RIGHT]);
  const y = valueScale([...points.map(({value}) => value), threshold], [height - BOTTOM, TOP]);
  const last = points.at(-1);
  svg
    .attr("aria-label", `${title}: ${last ? `${last.value.toPrecision(3)} at step ${last.step}` : "no value"}, threshold ${threshold}`)
    .attr("font-size", 12);
  for (const tick of spaced(y)) {
    svg
      .append("path")
      .attr("d", `M${LEFT} ${y(tick)}H${width - RIGHT}`)
      .attr("stroke", palette.line);
    svg
      .append("text")
      .attr("x", LEFT - 6)
      .attr("y", y(tick))
      .attr("dy", "0.35em")
      .attr("text-anchor", "end")
      .attr("fill", palette.quiet)
      .text(formatShort(tick));
  }
  svg
    .append("path")
    .attr("d", `M${LEFT} ${y(threshold)}H${width - RIGHT}`)
    .attr("stroke", palette.labels.orbit)
    .attr("stroke-dasharray", "5 4");
  svg
    .append("text")
    .attr("x", width - RIGHT)
    .attr("y", y(threshold) - 5)
    .attr("text-anchor", "end")
    .attr("fill", palette.quiet)
    .text(`${exitWhen === "below" ? "leaves below" : "leaves from"} ${threshold}`);
  svg
    .append("path")
    .attr("d", points.map(({step, value}, i) => `${i === 0 ? "M" : "L"}${x(step)} ${y(value)}`).join(""))
    .attr("fill", "none")
    .attr("stroke", palette.labels.converging)
    .attr("stroke-width", 1.5);
  for (const {step, value} of points) {
    const dot = svg.append("circle").attr("cx", x(step)).attr("cy", y(value)).attr("r", 3).attr("fill", palette.labels.converging);
    dot.append("title").text(`step ${step}: ${value.toPrecision(4)}`);
  }
  for (const tick of x.ticks(Math.min(10, values.length)).filter(Number.isInteger))
    svg
      .append("text")
      .attr("x", x(tick))
      .attr("y", height - BOTTOM + 15)
      .attr("text-anchor", "middle")
      .attr("fill", palette.quiet)
      .text(tick);
  svg
    .append("text")
    .attr("x", (LEFT + width) / 2)
    .attr("y", height - 4)
    .attr("text-anchor", "middle")
    .attr("fill", palette.quiet)
    .text("step");
}

/** Decades where all is positive, in proportion otherwise. */
function valueScale(values: readonly number[], range: readonly [number, number]): ScaleContinuousNumeric<number, number> {
  const [low = 0, high = 1] = extent(values);
  const ends = low < high ? [low, high] : [low - 1, high + 1];
  return low > 0 ? scaleLog([low / 1.5, high * 1.5], range).clamp(true) : scaleLinear(ends, range).nice();
}

const LEAST_GAP = 18; // pixels between two ticks' texts

/** Ticks of the scale, as many as there is room for. */
function spaced(y: ScaleContinuousNumeric<number, number>): number[] {
  const kept: number[] = [];
  for (const tick of y.ticks(5).sort((a, b) => roundness(b) - roundness(a)))
    if (kept.every((other) => Math.abs(y(other) - y(tick)) >= LEAST_GAP)) kept.push(tick);
  return kept;
}

/** Powers of ten first, then twos and fives. */
const roundness = (tick: number): number => {
  const digit = Math.round(tick / 10 ** Math.floor(Math.log10(Math.abs(tick) || 1)));
  return digit === 1 ? 2 : digit === 2 || digit === 5 ? 1 : 0;
};
