import {axisBottom, range, scaleLinear, type Selection} from "d3";
import {fitting, shortened} from "./format.ts";
import {heatFrame, MARGIN, type HeatMapProps} from "./heatProps.ts";
import {styleAxis} from "./styleAxis.ts";

type Group = Selection<SVGGElement, unknown, null, undefined>;

const MOST_LETTERS = 11; // of a token beside its row
const NAME_END = MARGIN.left - 10; // pixels from the left, where it may begin
const LABEL_ROOM = 11; // pixels a row needs for its token's text
const FEW_CHOSEN = 3;

/** The axis of steps below the cells, and the tokens' texts beside them. */
export function drawHeatFrame({axis, rows}: {axis: Group; rows: Group}, props: HeatMapProps): void {
  drawStepAxis(axis, props);
  drawMade(rows, props);
  const {palette, field, names, chosen} = props;
  const {row} = heatFrame(props);
  const size = Math.min(12, Math.max(9, row * 0.8));
  const widthOf = measured(`600 ${size}px ${palette.font}`);
  rows
    .attr("font-family", palette.font)
    .attr("font-size", size)
    .selectAll<SVGTextElement, number>("text")
    .data(namedRows({tokens: field.tokens, chosen, row}), Number)
    .join("text")
    .attr("x", NAME_END)
    .attr("y", (token) => MARGIN.top + (token + 0.5) * row)
    .attr("dy", "0.35em")
    .attr("text-anchor", "end")
    .attr("fill", (token) => (chosen.includes(token) ? palette.ink : palette.quiet))
    .attr("font-weight", (token) => (chosen.includes(token) ? 600 : 400))
    .text((token) => fitting(shortened(names[token] ?? "", MOST_LETTERS), NAME_END, widthOf));
}

/** Pixels that a text takes in a font: some scripts' glyphs are as wide as ten letters. */
function measured(font: string): (text: string) => number {
  const context = document.createElement("canvas").getContext("2d")!;
  context.font = font;
  return (text) => context.measureText(text).width;
}

/** Rows with their token's text, none over another: the chosen ones where they are few, the last of them first, then every so many-th. */
export function namedRows({tokens, chosen, row}: {tokens: number; chosen: readonly number[]; row: number}): readonly number[] {
  const first = chosen.length <= FEW_CHOSEN ? chosen.filter((token) => token < tokens).reverse() : [];
  const kept: number[] = [];
  for (const token of [...first, ...range(0, tokens, Math.ceil(LABEL_ROOM / row))])
    if (kept.every((other) => Math.abs(token - other) * row >= LABEL_ROOM)) kept.push(token);
  return kept;
}

function drawStepAxis(axis: Group, props: HeatMapProps): void {
  const {palette, lastStep} = props;
  const {w, h, column} = heatFrame(props);
  const middle = scaleLinear([0, Math.max(1, lastStep)], [MARGIN.left + column / 2, MARGIN.left + w - column / 2]);
  axis
    .attr("transform", `translate(0,${MARGIN.top + h})`)
    .call(
      axisBottom(middle)
        .ticks(Math.min(lastStep, Math.max(2, w / 70)))
        .tickSize(4)
        .tickFormat((value) => (Number.isInteger(value) ? String(value) : ""))
    )
    .call(styleAxis, palette);
  axis
    .selectAll(".title")
    .data(["step"])
    .join("text")
    .attr("class", "title")
    .attr("x", MARGIN.left + w)
    .attr("y", 29)
    .attr("text-anchor", "end")
    .attr("fill", palette.quiet)
    .attr("font-size", 12)
    .text(String);
}

/** Told with what is drawn. */
export const madeWords = ({madeFrom, field}: HeatMapProps): string =>
  madeFrom !== undefined && madeFrom < field.tokens ? `, new ones from token ${madeFrom}` : "";

/** A line between the prompt's rows and those of tokens that the model made. */
function drawMade(rows: Group, props: HeatMapProps): void {
  const {madeFrom, palette, field} = props;
  const {w, row} = heatFrame(props);
  rows
    .selectAll("path.made")
    .data(madeFrom !== undefined && madeFrom < field.tokens ? [MARGIN.top + madeFrom * row] : [])
    .join("path")
    .attr("class", "made")
    .attr("d", (y) => `M${MARGIN.left - 78} ${y}H${MARGIN.left + w}`)
    .attr("stroke", palette.ink)
    .attr("stroke-width", 1.25)
    .attr("stroke-dasharray", "5 3");
}

/** The step looked at, the chosen tokens, and the state under the pointer. */
export function drawHeatMarks(marks: Group, props: HeatMapProps): void {
  const {step, chosen, hover, palette, field} = props;
  const {h, row, column} = heatFrame(props);
  marks.selectAll("*").remove();
  const cursor = MARGIN.left + Math.min(step, field.steps - 1) * column;
  const box = (x: number, y: number, width: number, height: number) =>
    marks.append("rect").attr("x", x).attr("y", y).attr("width", width).attr("height", height);
  box(cursor, MARGIN.top - 1.5, Math.max(2, column), h + 3)
    .attr("fill", "none")
    .attr("stroke", palette.accent)
    .attr("stroke-width", 1.5);
  for (const token of chosen)
    if (token < field.tokens) box(MARGIN.left - 5, MARGIN.top + token * row, 3, Math.max(2, row - 1)).attr("fill", palette.accent);
  if (hover && hover.token < field.tokens && hover.step < field.steps)
    box(MARGIN.left + hover.step * column - 1, MARGIN.top + hover.token * row - 1, Math.max(3, column) + 2, Math.max(3, row) + 2)
      .attr("fill", "none")
      .attr("stroke", palette.ink)
      .attr("stroke-width", 1.5);
}
