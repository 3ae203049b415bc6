import {extent, scaleLinear, scaleLog, type ScaleContinuousNumeric, type ScaleLinear} from "d3";
import {beyondNote, beyondSpan} from "../../api/contract/choices.ts";
import {drawBeyond, type TrainedProps} from "./beyond.ts";
import {formatShort} from "./format.ts";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {svgPlot, type Svg} from "./svgPlot.ts";

export interface RulePlotProps extends Frame, TrainedProps {
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

interface RuleScales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleContinuousNumeric<number, number>;
}

function drawRule(svg: Svg, props: RulePlotProps): void {
  const {width, height, palette, title, values, threshold, trained} = props;
  const points = values.flatMap((value, i) => (value === null ? [] : [{step: i + 1, value}]));
  const x = scaleLinear([1, Math.max(2, values.length)], [LEFT, width - RIGHT]);
  const y = valueScale([...points.map(({value}) => value), threshold], [height - BOTTOM, TOP]);
  const last = points.at(-1);
  const now = last ? `${last.value.toPrecision(3)} at step ${last.step}` : "no value";
  svg.attr("aria-label", `${title}: ${now}, threshold ${threshold}${beyondSpan(trained, values.length)}`).attr("font-size", 12);
  drawAxes(svg, props, {x, y});
  const frame = {left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM, words: TOP + 10};
  drawBeyond(svg.append("g"), {palette, trained, lastStep: values.length, x, ...frame});
  drawThreshold(svg, props, y(threshold));
  svg
    .append("path")
    .attr("d", points.map(({step, value}, i) => `${i === 0 ? "M" : "L"}${x(step)} ${y(value)}`).join(""))
    .attr("fill", "none")
    .attr("stroke", palette.labels.converging)
    .attr("stroke-width", 1.5);
  for (const {step, value} of points) {
    const dot = svg.append("circle").attr("cx", x(step)).attr("cy", y(value)).attr("r", 3).attr("fill", palette.labels.converging);
    dot.append("title").text(`step ${step}${beyondNote(trained, step)}: ${value.toPrecision(4)}`);
  }
}

function drawAxes(svg: Svg, {width, height, palette, values}: RulePlotProps, {x, y}: RuleScales): void {
  for (const tick of spaced(y)) {
    svg
      .append("path")
      .attr("d", `M${LEFT} ${y(tick)}H${width - RIGHT}`)
      .attr("stroke", palette.line);
    write(svg, palette, formatShort(tick), {x: LEFT - 6, y: y(tick), anchor: "end"}).attr("dy", "0.35em");
  }
  for (const tick of x.ticks(Math.min(10, values.length)).filter(Number.isInteger))
    write(svg, palette, String(tick), {x: x(tick), y: height - BOTTOM + 15, anchor: "middle"});
  write(svg, palette, "step", {x: (LEFT + width) / 2, y: height - 4, anchor: "middle"});
}

function drawThreshold(svg: Svg, {width, palette, threshold, exitWhen}: RulePlotProps, at: number): void {
  svg
    .append("path")
    .attr("d", `M${LEFT} ${at}H${width - RIGHT}`)
    .attr("stroke", palette.labels.orbit)
    .attr("stroke-dasharray", "5 4");
  const words = `${exitWhen === "below" ? "leaves below" : "leaves from"} ${threshold}`;
  write(svg, palette, words, {x: width - RIGHT, y: at - 5, anchor: "end"});
}

const write = (svg: Svg, {quiet}: Palette, text: string, {x, y, anchor}: {x: number; y: number; anchor: string}) =>
  svg.append("text").attr("x", x).attr("y", y).attr("text-anchor", anchor).attr("fill", quiet).text(text);

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
