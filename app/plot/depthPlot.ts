import {
  axisBottom,
  axisLeft,
  line,
  pointer,
  scaleLinear,
  scaleLog,
  symbol,
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  type ScaleLinear,
  type ScaleLogarithmic
} from "d3";
import {beyondSpan} from "../../api/contract/choices.ts";
import {drawBeyond, type TrainedProps} from "./beyond.ts";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {styleAxis} from "./styleAxis.ts";
import {svgPlot, type Svg} from "./svgPlot.ts";

/** A share of items after so many steps. */
export interface DepthPoint {
  /** Of a position, on average. */
  readonly steps: number;
  /** From 0 to 1. */
  readonly share: number;
  /** Standard error; null where it is not known. */
  readonly error: number | null;
  /** What it is, in words. */
  readonly name: string;
}

export interface DepthLine {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly DepthPoint[];
}

/** One way of running the model that is no depth: `rule` leaves early, `cache` keeps less. */
export interface DepthMark extends DepthPoint {
  readonly kind: "rule" | "cache";
}

export interface DepthPlotProps extends Frame, TrainedProps {
  readonly palette: Palette;
  readonly title: string;
  readonly lines: readonly DepthLine[];
  readonly marks: readonly DepthMark[];
  readonly onHover: (point: DepthPoint | undefined) => void;
}

const LEFT = 46;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 34;
const REACH = 24; // pixels from a point within which the pointer reads it
const SHAPES = {rule: symbolDiamond, cache: symbolSquare} as const;

/** Shares by steps on a log axis, each with its standard error: a line for each task, and marks for rules and caches. */
export const depthPlot = (node: HTMLElement, first: DepthPlotProps): Plot<DepthPlotProps> => svgPlot(node, first, drawDepths);

interface Scales {
  readonly x: ScaleLogarithmic<number, number>;
  readonly y: ScaleLinear<number, number>;
}

function drawDepths(svg: Svg, props: DepthPlotProps): void {
  const {palette, title, lines, marks, trained, width, height} = props;
  const points = [...lines.flatMap((one) => one.points), ...marks];
  const {x, y} = scalesOf(points, props);
  const [, lastStep] = x.domain();
  svg.attr("aria-label", `${title}: ${lines.map((one) => one.name).join(", ")}${beyondSpan(trained, lastStep)}`).attr("font-size", 12);
  drawAxes(svg, {x, y}, props);
  const ends = {left: x.range()[0], right: width - RIGHT, top: TOP, bottom: height - BOTTOM};
  drawBeyond(svg.append("g"), {palette, trained, lastStep, x, ...ends, words: TOP + 12});
  for (const {points: own, colour} of lines) drawLine(svg, own, {x, y, colour, paper: palette.paper});
  drawErrors(svg, marks, {x, y, colour: palette.quiet});
  for (const mark of marks)
    drawPoints(svg, [mark], {x, y, shape: symbol(SHAPES[mark.kind], 64)(), fill: palette.paper, stroke: palette.ink});
  followPointer(svg, points, {x, y, props});
}

function scalesOf(points: readonly DepthPoint[], {width, height}: Frame): Scales {
  const steps = points.map((point) => point.steps);
  const low = Math.min(...points.map(({share, error}) => share - (error ?? 0)), 1);
  return {
    x: scaleLog([Math.min(...steps, 1), Math.max(...steps, 2)], [LEFT + 8, width - RIGHT]).base(2),
    y: scaleLinear([Math.max(0, Math.floor(low * 10 - 0.5) / 10), 1], [height - BOTTOM, TOP])
  };
}

function drawAxes(svg: Svg, {x, y}: Scales, {width, height, palette}: DepthPlotProps): void {
  const [least, most] = x.domain();
  svg
    .append("g")
    .attr("transform", `translate(0,${height - BOTTOM})`)
    .call(
      axisBottom(x)
        .tickValues(powersOfTwo(least, most, Math.max(2, width / 46)))
        .tickFormat(String)
        .tickSize(-(height - BOTTOM - TOP))
    )
    .call(styleAxis, palette);
  svg
    .append("g")
    .attr("transform", `translate(${LEFT},0)`)
    .call(
      axisLeft(y)
        .ticks(5)
        .tickFormat((share) => `${Math.round(100 * Number(share))} %`)
        .tickSize(-(width - LEFT - RIGHT))
    )
    .call(styleAxis, palette);
  svg
    .append("text")
    .attr("x", width - RIGHT)
    .attr("y", height - 4)
    .attr("text-anchor", "end")
    .attr("fill", palette.quiet)
    .text("steps of a token");
}

function drawLine(
  svg: Svg,
  points: readonly DepthPoint[],
  {x, y, colour, paper}: Scales & {readonly colour: string; readonly paper: string}
): void {
  drawErrors(svg, points, {x, y, colour});
  svg
    .append("path")
    .attr(
      "d",
      line<DepthPoint>(
        (point) => x(point.steps),
        (point) => y(point.share)
      )(points)
    )
    .attr("fill", "none")
    .attr("stroke", colour)
    .attr("stroke-width", 1.75);
  drawPoints(svg, points, {x, y, shape: symbol(symbolCircle, 38)(), fill: colour, stroke: paper});
}

/** A ring about the point that is nearest to the pointer, which is told. */
function followPointer(
  svg: Svg,
  points: readonly DepthPoint[],
  {x, y, props: {palette, onHover}}: Scales & {readonly props: DepthPlotProps}
): void {
  const ring = svg
    .append("circle")
    .attr("r", 8)
    .attr("fill", "none")
    .attr("stroke", palette.accent)
    .attr("stroke-width", 2)
    .attr("display", "none");
  svg
    .on("pointermove", (event: PointerEvent) => {
      const [px, py] = pointer(event, svg.node());
      const near = nearestOf(points, ({steps: at, share}) => Math.hypot(x(at) - px, y(share) - py));
      ring.attr("display", near ? null : "none");
      if (near) ring.attr("cx", x(near.steps)).attr("cy", y(near.share));
      onHover(near);
    })
    .on("pointerleave", () => {
      ring.attr("display", "none");
      onHover(undefined);
    });
}

function drawErrors(svg: Svg, points: readonly DepthPoint[], {x, y, colour}: Scales & {readonly colour: string}): void {
  svg
    .append("path")
    .attr(
      "d",
      points
        .filter(({error}) => error !== null && error > 0)
        .map(({steps, share, error}) => {
          const [at, high, low] = [x(steps), y(Math.min(1, share + error!)), y(Math.max(0, share - error!))];
          return `M${at} ${high}V${low}M${at - 3} ${high}h6M${at - 3} ${low}h6`;
        })
        .join("") || null
    )
    .attr("fill", "none")
    .attr("stroke", colour)
    .attr("stroke-opacity", 0.7);
}

function drawPoints(
  svg: Svg,
  points: readonly DepthPoint[],
  {x, y, shape, fill, stroke}: Scales & {readonly shape: string | null; readonly fill: string; readonly stroke: string}
): void {
  for (const {steps, share, name} of points)
    svg
      .append("path")
      .attr("d", shape)
      .attr("transform", `translate(${x(steps)},${y(share)})`)
      .attr("fill", fill)
      .attr("stroke", stroke)
      .attr("stroke-width", 1.5)
      .append("title")
      .text(name);
}

function nearestOf(points: readonly DepthPoint[], distance: (point: DepthPoint) => number): DepthPoint | undefined {
  let best: DepthPoint | undefined;
  let least = REACH;
  for (const point of points) {
    const far = distance(point);
    if (far < least) [best, least] = [point, far];
  }
  return best;
}

/** Powers of two within the ends, thinned to at most so many. */
function powersOfTwo(least: number, most: number, count: number): number[] {
  const [from, to] = [Math.ceil(Math.log2(least)), Math.floor(Math.log2(most))];
  const every = Math.ceil((to - from + 1) / count);
  return Array.from({length: to - from + 1}, (_, i) => from + i)
    .filter((power) => (power - from) % every === 0)
    .map((power) => 2 ** power);
}
