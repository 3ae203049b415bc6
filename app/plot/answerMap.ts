import {pointer} from "d3";
import {beyondSpan, isBeyond} from "../../api/contract/choices.ts";
import type {TrainedProps} from "./beyond.ts";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {svgPlot, type Svg} from "./svgPlot.ts";

/** What an item was answered at each depth: 0 the right answer, 1 the first of its wrong ones, 2 the second … */
export type AnswerColumn = readonly number[];

export interface AnswerMapProps extends Frame, TrainedProps {
  readonly palette: Palette;
  readonly title: string;
  /** Depths, rising. */
  readonly steps: readonly number[];
  readonly columns: readonly AnswerColumn[];
  /** The item that is pointed at, by its place among the columns. */
  readonly onHover: (column: number | undefined, depth: number | undefined) => void;
  readonly onPick: (column: number) => void;
}

const LEFT = 46;
const RIGHT = 2;
const TOP = 2;
const BOTTOM = 18;
const SHADES = 4; // of wrong answers; what is beyond is drawn like the last

/** A colour for the right answer, and one for each different wrong one of an item. */
export const answerColours = ({labels, faint, dark}: Palette): readonly string[] => [
  labels.converging,
  labels.orbit,
  dark ? "#E8B84A" : "#B07A00",
  labels.slider,
  faint
];

/** Items from left to right, depths from the top down: which answer each was given. */
export const answerMap = (node: HTMLElement, first: AnswerMapProps): Plot<AnswerMapProps> => svgPlot(node, first, drawAnswers);

/** Pixels of one item across and one depth down. */
interface Cells {
  readonly cell: number;
  readonly row: number;
}

function drawAnswers(svg: Svg, props: AnswerMapProps): void {
  const {width, height, palette, title, steps, columns, trained} = props;
  const cells: Cells = {
    cell: (width - LEFT - RIGHT) / Math.max(1, columns.length),
    row: (height - TOP - BOTTOM) / Math.max(1, steps.length)
  };
  svg
    .attr("aria-label", `${title}: ${columns.length} items at ${steps.join(", ")} steps${beyondSpan(trained, Math.max(...steps))}`)
    .attr("font-size", 12)
    .style("cursor", "pointer");
  const colours = answerColours(palette);
  answerPaths(props, cells).forEach((path, shade) => {
    if (path) svg.append("path").attr("d", path).attr("fill", colours[shade]).attr("shape-rendering", "crispEdges");
  });
  drawTexts(svg, props, cells);
  drawTrainedEnd(svg, props, cells);
  followPointer(svg, props, cells);
}

/** A path for each shade: all its cells. */
function answerPaths({steps, columns}: AnswerMapProps, {cell, row}: Cells): string[] {
  const paths = Array.from({length: SHADES + 1}, () => "");
  steps.forEach((_, depth) => {
    for (let from = 0; from < columns.length; ) {
      const shade = Math.min(SHADES, columns[from][depth]);
      let to = from + 1; // neighbours of one colour are one piece
      while (to < columns.length && Math.min(SHADES, columns[to][depth]) === shade) ++to;
      paths[shade] +=
        `M${(LEFT + from * cell).toFixed(2)} ${(TOP + depth * row).toFixed(2)}h${((to - from) * cell).toFixed(2)}v${(row - 1).toFixed(2)}h${(-(to - from) * cell).toFixed(2)}z`;
      from = to;
    }
  });
  return paths;
}

/** The steps of each depth, and how many items there are. */
function drawTexts(svg: Svg, {width, height, palette, steps, columns}: AnswerMapProps, {row}: Cells): void {
  steps.forEach((step, depth) => {
    svg
      .append("text")
      .attr("x", LEFT - 8)
      .attr("y", TOP + (depth + 0.5) * row)
      .attr("dy", "0.35em")
      .attr("text-anchor", "end")
      .attr("fill", palette.quiet)
      .text(step);
  });
  for (const [at, anchor, text] of [
    [LEFT, "start", "items"],
    [width - RIGHT, "end", String(columns.length)]
  ] as const)
    svg
      .append("text")
      .attr("x", at)
      .attr("y", height - 4)
      .attr("text-anchor", anchor)
      .attr("fill", palette.quiet)
      .text(text);
}

/** A dashed line between the last trained depth and the first beyond it. */
function drawTrainedEnd(svg: Svg, {width, palette, steps, trained}: AnswerMapProps, {row}: Cells): void {
  const first = steps.findIndex((step) => isBeyond(trained, step));
  if (first < 0) return;
  svg
    .append("path")
    .attr("class", "trained-end")
    .attr("d", `M2 ${TOP + first * row - 0.5}H${width - RIGHT}`)
    .attr("stroke", palette.ink)
    .attr("stroke-dasharray", "3 2")
    .append("title")
    .text(beyondSpan(trained, Math.max(...steps)).slice(2));
}

/** A frame about the cell that is pointed at, which is told; a click picks its item. */
function followPointer(svg: Svg, {palette, steps, columns, onHover, onPick}: AnswerMapProps, {cell, row}: Cells): void {
  const cursor = svg.append("rect").attr("fill", "none").attr("stroke", palette.accent).attr("stroke-width", 2).attr("display", "none");
  const placeOf = (event: MouseEvent): readonly [number, number] | undefined => {
    const [px, py] = pointer(event, svg.node());
    const [column, depth] = [Math.floor((px - LEFT) / cell), Math.floor((py - TOP) / row)];
    return column >= 0 && column < columns.length && depth >= 0 && depth < steps.length ? [column, depth] : undefined;
  };
  svg
    .on("pointermove", (event: PointerEvent) => {
      const place = placeOf(event);
      cursor.attr("display", place ? null : "none");
      if (place)
        cursor
          .attr("x", LEFT + place[0] * cell)
          .attr("y", TOP + place[1] * row)
          .attr("width", Math.max(2, cell))
          .attr("height", row - 1);
      onHover(place?.[0], place?.[1]);
    })
    .on("pointerleave", () => {
      cursor.attr("display", "none");
      onHover(undefined, undefined);
    })
    .on("click", (event: MouseEvent) => {
      const place = placeOf(event);
      if (place) onPick(place[0]);
    });
}
