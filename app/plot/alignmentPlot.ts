import {scaleLinear, scaleLog} from "d3";
import {formatNumber, formatShare} from "./format.ts";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {svgPlot, type Svg} from "./svgPlot.ts";

export interface AlignmentRow {
  readonly name: string;
  readonly bins: readonly {readonly from: number; readonly to: number; readonly count: number}[];
  /** Said beside the row: how much lies above the line. */
  readonly note: string;
}

export interface AlignmentPlotProps extends Frame {
  readonly palette: Palette;
  readonly rows: readonly AlignmentRow[];
  /** The cosine at which a line stands. */
  readonly line: number;
}

const LEFT = 12;
const RIGHT = 16;
const BOTTOM = 36;
const HEAD = 24; // the row's name, above its bars
const FINEST = 1e-6; // where the axis ends: 1 to six digits
const TICKS = [-1, 0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];

/** Histograms of cosines, one below the other, on the logarithm of their distance from 1. */
export const alignmentPlot = (node: HTMLElement, first: AlignmentPlotProps): Plot<AlignmentPlotProps> =>
  svgPlot(node, first, drawAlignment);

/** From a cosine to pixels. */
type Across = (cosine: number) => number;

function drawAlignment(svg: Svg, props: AlignmentPlotProps): void {
  const {width, height, rows} = props;
  const away = scaleLog([2, FINEST / 2], [LEFT, width - RIGHT]); // half a decade for what is 1 as far as can be told
  const x: Across = (cosine) => away(Math.max(FINEST / 2, 1 - cosine));
  const room = (height - BOTTOM) / Math.max(1, rows.length);
  svg.attr("aria-label", `Histograms of cosines: ${rows.map(({name, note}) => `${name}, ${note}`).join("; ")}`);
  rows.forEach((row, i) => drawRow(svg, props, row, {x, base: (i + 1) * room, room}));
  drawAxis(svg, props, x);
}

/** One histogram, on its base line, with its name above. */
function drawRow(
  svg: Svg,
  {width, palette, line}: AlignmentPlotProps,
  {name, bins, note}: AlignmentRow,
  {x, base, room}: {x: Across; base: number; room: number}
): void {
  const y = scaleLinear([0, Math.max(1, ...bins.map(({count}) => count))], [0, room - HEAD - 6]);
  const total = bins.reduce((sum, {count}) => sum + count, 0);
  for (const {from, to, count} of bins) {
    if (count === 0) continue;
    const [left, right] = [x(from), x(to)];
    const bar = svg
      .append("rect")
      .attr("x", left + 0.5)
      .attr("width", Math.max(1, right - left - 1))
      .attr("y", base - y(count))
      .attr("height", y(count))
      .attr("fill", to <= line + 1e-9 ? palette.labels.orbit : palette.labels.converging);
    bar
      .append("title")
      .text(`${count} of ${total} tokens (${formatShare(count / total)}): cosine ${cosineText(from)} to ${cosineText(to)}`);
  }
  svg
    .append("path")
    .attr("d", `M${LEFT} ${base}H${width - RIGHT}`)
    .attr("stroke", palette.line);
  svg
    .append("path")
    .attr("d", `M${x(line)} ${base - room + HEAD}V${base}`)
    .attr("stroke", palette.ink)
    .attr("stroke-dasharray", "3 3")
    .attr("shape-rendering", "crispEdges");
  write(svg, name, {x: LEFT, y: base - room + 14, fill: palette.ink, weight: 600});
  write(svg, note, {x: LEFT + 12 + name.length * 7.2, y: base - room + 14, fill: palette.quiet});
}

function drawAxis(svg: Svg, {width, height, palette, line}: AlignmentPlotProps, x: Across): void {
  const foot = height - BOTTOM;
  for (const tick of TICKS) {
    const at = x(tick);
    const isLine = tick === line;
    svg
      .append("path")
      .attr("d", `M${at} ${foot}V${foot + 4}`)
      .attr("stroke", isLine ? palette.ink : palette.line)
      .attr("shape-rendering", "crispEdges");
    write(svg, formatTick(tick), {
      x: at,
      y: foot + 16,
      fill: isLine ? palette.ink : palette.quiet,
      anchor: tick === -1 ? "start" : "middle",
      size: 11
    });
  }
  write(svg, "1", {x: width - RIGHT, y: foot + 16, fill: palette.quiet, anchor: "end", size: 11});
  write(svg, "cosine with the end from the own start, spread out towards 1", {
    x: width - RIGHT,
    y: height - 5,
    fill: palette.quiet,
    anchor: "end"
  });
}

function write(
  svg: Svg,
  text: string,
  {
    x,
    y,
    fill,
    anchor = "start",
    weight = 400,
    size = 12
  }: {x: number; y: number; fill: string; anchor?: string; weight?: number; size?: number}
): void {
  svg
    .append("text")
    .attr("x", x)
    .attr("y", y)
    .attr("fill", fill)
    .attr("text-anchor", anchor)
    .attr("font-size", size)
    .attr("font-weight", weight)
    .text(text);
}

const formatTick = (cosine: number): string => String(cosine).replace("-", "−");

/** Cosines near 1 with as many nines as tell them apart. */
function cosineText(cosine: number): string {
  const away = 1 - cosine;
  return away > 0.1 ? formatNumber(cosine) : cosine.toFixed(Math.min(7, Math.ceil(-Math.log10(Math.max(1e-7, away))) + 1));
}
