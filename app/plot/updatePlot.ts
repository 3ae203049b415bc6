import {axisBottom, axisLeft, extent, line, pointer, scaleLinear, scaleLog, type ScaleContinuousNumeric, type ScaleLinear} from "d3";
import {formatDecade, formatNumber, formatShare} from "./format.ts";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {styleAxis} from "./styleAxis.ts";
import {svgPlot, type Svg} from "./svgPlot.ts";

/** One quantity of a training run; what was not measured at an update has no point. */
export interface UpdateLine {
  readonly name: string;
  readonly colour: string;
  /** In order. */
  readonly points: readonly {readonly update: number; readonly value: number}[];
}

export interface UpdatePlotProps extends Frame {
  readonly palette: Palette;
  readonly title: string;
  readonly lines: readonly UpdateLine[];
  /** `share` is linear from 0 to 1, in percent. */
  readonly scale: "linear" | "log" | "share";
  /** The axis ends here, or at the last point. */
  readonly updates: number;
  /** The save that is looked at; none when undefined. */
  readonly cursor: number | undefined;
  readonly onHover: (update: number | undefined) => void;
  readonly onPick: (update: number) => void;
}

const LEFT = 52;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 34;
const MOST_POINTS = 600; // of a line: there are no more pixels

/** Curves by training update. */
export const updatePlot = (node: HTMLElement, first: UpdatePlotProps): Plot<UpdatePlotProps> => svgPlot(node, first, drawUpdates);

interface Scales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleContinuousNumeric<number, number>;
}

function drawUpdates(svg: Svg, props: UpdatePlotProps): void {
  const {palette, title, lines, cursor, width, height} = props;
  const scales = scalesOf(props);
  svg.attr("aria-label", `${title} by update: ${lines.map(({name}) => name).join(", ")}`).attr("font-size", 12);
  drawAxes(svg, scales, props);
  for (const {name, colour, points} of lines) drawLine(svg, thinnedLine(points), {...scales, name, colour});
  if (cursor !== undefined) drawRule(svg, scales.x(cursor), {height, colour: palette.accent});
  const shade = drawRule(svg, LEFT, {height, colour: palette.quiet}).attr("display", "none");
  const updateAt = (event: MouseEvent): number =>
    Math.min(scales.x.domain()[1], Math.max(0, Math.round(scales.x.invert(pointer(event, svg.node())[0]))));
  svg
    .on("pointermove", (event: PointerEvent) => {
      const update = updateAt(event);
      shade.attr("display", null).attr("transform", `translate(${Math.min(width - RIGHT, scales.x(update)) - LEFT},0)`);
      props.onHover(update);
    })
    .on("pointerleave", () => {
      shade.attr("display", "none");
      props.onHover(undefined);
    })
    .on("click", (event: MouseEvent) => props.onPick(updateAt(event)));
}

function scalesOf({lines, scale, updates, width, height}: UpdatePlotProps): Scales {
  const points = lines.flatMap((one) => one.points);
  const last = points.reduce((most, {update}) => Math.max(most, update), Math.max(1, updates));
  const range = [height - BOTTOM, TOP];
  const x = scaleLinear([0, last], [LEFT, width - RIGHT]);
  if (scale === "share") return {x, y: scaleLinear([0, 1], range)};
  const values = points.map(({value}) => value).filter((value) => scale === "linear" || value > 0);
  const [low = scale === "log" ? 0.1 : 0, high = 1] = extent(values);
  if (scale === "log") return {x, y: scaleLog([low / 1.15, Math.max(high, low * 1.2) * 1.15], range).clamp(true)};
  return {x, y: scaleLinear([Math.min(0, low), Math.max(high, low + 1e-9)], range).nice(4)};
}

function drawAxes(svg: Svg, {x, y}: Scales, {width, height, palette, scale}: UpdatePlotProps): void {
  svg
    .append("g")
    .attr("transform", `translate(0,${height - BOTTOM})`)
    .call(
      axisBottom(x)
        .ticks(Math.max(2, width / 90))
        .tickFormat((update) => (Number.isInteger(update) ? String(update) : ""))
        .tickSize(-(height - BOTTOM - TOP))
    )
    .call(styleAxis, palette);
  const format = scale === "share" ? formatShare : scale === "log" ? formatDecade : formatNumber;
  const axis = axisLeft(y)
    .tickFormat((value) => format(Number(value)))
    .tickSize(-(width - LEFT - RIGHT));
  svg
    .append("g")
    .attr("transform", `translate(${LEFT},0)`)
    .call(scale === "log" ? axis.tickValues(evenTicks(y)) : axis.ticks(4))
    .call(styleAxis, palette);
  svg
    .append("text")
    .attr("x", width - RIGHT)
    .attr("y", height - 4)
    .attr("text-anchor", "end")
    .attr("fill", palette.quiet)
    .text("update");
}

/** Both ends of a log axis and what lies between them. */
function evenTicks(y: ScaleContinuousNumeric<number, number>): number[] {
  const [low, high] = y.domain();
  return [0, 1, 2, 3].map((i) => low * (high / low) ** (i / 3));
}

interface LineStyle extends Scales {
  readonly name: string;
  readonly colour: string;
}

function drawLine(svg: Svg, points: UpdateLine["points"], {x, y, name, colour}: LineStyle): void {
  const place = line<UpdateLine["points"][number]>(
    ({update}) => x(update),
    ({value}) => y(value)
  );
  svg
    .append("path")
    .attr("d", place(points))
    .attr("fill", "none")
    .attr("stroke", colour)
    .attr("stroke-width", 1.5)
    .append("title")
    .text(name);
  const [only] = points;
  if (points.length === 1) svg.append("circle").attr("cx", x(only.update)).attr("cy", y(only.value)).attr("r", 3).attr("fill", colour);
}

const drawRule = (svg: Svg, at: number, {height, colour}: {readonly height: number; readonly colour: string}) =>
  svg
    .append("line")
    .attr("x1", at)
    .attr("x2", at)
    .attr("y1", TOP)
    .attr("y2", height - BOTTOM)
    .attr("stroke", colour)
    .attr("stroke-width", 1.25);

/** A long line by the smallest and the largest value of every few updates, so that no spike is lost. */
function thinnedLine(points: UpdateLine["points"]): UpdateLine["points"] {
  if (points.length <= MOST_POINTS) return points;
  const size = Math.ceil((2 * points.length) / MOST_POINTS);
  const kept: UpdateLine["points"][number][] = [];
  for (let i = 0; i < points.length; i += size) {
    const part = points.slice(i, i + size);
    const least = part.reduce((a, b) => (b.value < a.value ? b : a));
    const most = part.reduce((a, b) => (b.value > a.value ? b : a));
    kept.push(...[...new Set([least, most])].sort((a, b) => a.update - b.update));
  }
  return kept;
}
