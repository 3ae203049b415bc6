import {axisLeft, pointer, scaleLinear, select, type Selection} from "d3";
import {tokenLabel} from "./format.ts";
import {amountColour, type Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {styleAxis} from "./styleAxis.ts";
import {changesIn, type WaveCell, type WaveTable} from "./waveCells.ts";

/** A cell by its place in the table. */
export interface WaveSpot {
  readonly iteration: number;
  readonly column: number;
}

export interface WavePlotProps extends Frame {
  readonly palette: Palette;
  readonly title: string;
  readonly table: WaveTable;
  readonly hover: WaveSpot | undefined;
  readonly onHover: (spot: WaveSpot | undefined) => void;
}

const MARGIN = {top: 30, right: 8, bottom: 8, left: 40};
const LARGEST = {width: 64, height: 24};
const WRITTEN = {width: 15, height: 13}; // pixels that a token's text needs

/** Positions by iterations: the deeper, the stronger; a dot where the token changed, a line where the frozen ones end, stripes where the wave has left. */
export function wavePlot(node: HTMLElement, first: WavePlotProps): Plot<WavePlotProps> {
  let props = first;
  const root = select(node).style("position", "relative");
  const canvas = root.append("canvas").style("position", "absolute");
  const svg = root.append("svg").style("position", "absolute").style("inset", "0").attr("role", "img");
  const frame = svg.append("g");
  const marks = svg.append("g").attr("pointer-events", "none");

  svg
    .on("pointermove", (event: PointerEvent) => props.onHover(spotAt(props, pointer(event, svg.node()))))
    .on("pointerleave", () => props.onHover(undefined));

  const drawAll = (): void => {
    const {width, height, palette, title, table} = props;
    const described = `${title}: ${table.rows.length - 1} iterations, ${table.columns} positions, ${changesIn(table)} changes of a token`;
    svg.attr("width", width).attr("height", height).attr("font-family", palette.font).attr("aria-label", described);
    paint(canvas.node() as HTMLCanvasElement, props);
    drawFrame(frame, props);
    drawMark(marks, props);
  };
  drawAll();
  return {
    update(next) {
      const before = props;
      props = next;
      if ((["table", "palette", "width", "height", "title"] as const).some((key) => before[key] !== next[key])) drawAll();
      else if (before.hover !== next.hover) drawMark(marks, props);
    },
    destroy: () => void root.selectAll("*").remove(),
    picture() {
      const copy = select(svg.node()?.cloneNode(true) as SVGSVGElement);
      copy
        .insert("image", ":first-child")
        .attr("width", props.width)
        .attr("height", props.height)
        .attr("href", (canvas.node() as HTMLCanvasElement).toDataURL());
      return copy.node() as SVGSVGElement;
    }
  };
}

interface Cells {
  readonly w: number;
  readonly h: number;
}

const cellsOf = ({width, height, table}: WavePlotProps): Cells => ({
  w: Math.min(LARGEST.width, Math.max(1, width - MARGIN.left - MARGIN.right) / Math.max(1, table.columns)),
  h: Math.min(LARGEST.height, Math.max(1, height - MARGIN.top - MARGIN.bottom) / Math.max(1, table.rows.length))
});

function spotAt(props: WavePlotProps, [x, y]: readonly [number, number]): WaveSpot | undefined {
  const {w, h} = cellsOf(props);
  const spot = {iteration: Math.floor((y - MARGIN.top) / h), column: Math.floor((x - MARGIN.left) / w)};
  return props.table.rows[spot.iteration]?.[spot.column] ? spot : undefined;
}

function paint(canvas: HTMLCanvasElement, props: WavePlotProps): void {
  const {width, height, palette, table} = props;
  const {w, h} = cellsOf(props);
  const scale = globalThis.devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = height * scale;
  select(canvas).style("width", `${width}px`).style("height", `${height}px`);
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.scale(scale, scale);
  const deepest = Math.max(1, ...table.rows.flatMap((row) => row.map(({steps}) => steps)));
  const gap = w > 4 && h > 4 ? 1 : 0;
  const written = w >= WRITTEN.width && h >= WRITTEN.height;
  const size = Math.min(12, h - 3);
  context.font = `${size}px ${palette.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  table.rows.forEach((row, iteration) =>
    row.forEach((cell, column) => {
      const box: Box = {x: MARGIN.left + column * w, y: MARGIN.top + iteration * h, width: w - gap, height: h - gap};
      const share = cell.steps / deepest;
      context.fillStyle = cell.state === "done" ? palette.paper : amountColour(palette, 0.06 + 0.94 * share);
      context.fillRect(box.x, box.y, box.width, box.height);
      if (cell.state === "done") stripe(context, box, amountColour(palette, 0.25 + 0.4 * share));
      if (written && cell.state !== "done") {
        const deep = share > 0.6;
        context.fillStyle = deep ? palette.paper : palette.ink;
        context.fillText(fitted(context, tokenLabel(cell.text), box.width - 4), box.x + box.width / 2, box.y + box.height / 2);
      }
      if (cell.changed) dot(context, box, palette);
    })
  );
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Slanting lines within a box. */
function stripe(context: CanvasRenderingContext2D, {x, y, width, height}: Box, colour: string): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = -height; at < width; at += 4) {
    context.moveTo(x + at, y + height);
    context.lineTo(x + at + height, y);
  }
  context.stroke();
  context.restore();
}

function dot(context: CanvasRenderingContext2D, {x, y, width, height}: Box, palette: Palette): void {
  const radius = Math.max(0.8, Math.min(3, Math.min(width, height) / 5));
  context.beginPath();
  context.arc(x + width - radius - 1, y + radius + 1, radius, 0, 2 * Math.PI);
  context.fillStyle = palette.labels.orbit;
  context.fill();
  context.strokeStyle = palette.paper;
  context.lineWidth = 0.75;
  context.stroke();
}

function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  let shown = text;
  while (shown.length > 1 && context.measureText(shown).width > room) shown = shown.slice(0, -1);
  return shown;
}

/** The iterations' axis, and the line between frozen tokens and those that may change. */
function drawFrame(group: Selection<SVGGElement, unknown, null, undefined>, props: WavePlotProps): void {
  const {palette, table} = props;
  const {w, h} = cellsOf(props);
  group.selectAll("*").remove();
  if (table.rows.length === 0) return;
  const last = table.rows.length - 1;
  const y = scaleLinear([0, Math.max(1, last)], [MARGIN.top + h / 2, MARGIN.top + (Math.max(1, last) + 0.5) * h]);
  group
    .append("g")
    .attr("transform", `translate(${MARGIN.left - 2},0)`)
    .call(
      axisLeft(y)
        .ticks(Math.min(last, 8))
        .tickSize(4)
        .tickFormat((value) => (Number.isInteger(value) && Number(value) <= last ? String(value) : ""))
    )
    .call(styleAxis, palette);
  const heads = [
    ["iteration", 2, "start"],
    [`position ${table.first} to ${table.first + table.columns - 1} →`, MARGIN.left, "start"]
  ] as const;
  heads.forEach(([text, x, anchor], i) =>
    group
      .append("text")
      .attr("x", x)
      .attr("y", i === 0 ? 11 : 24)
      .attr("text-anchor", anchor)
      .attr("font-size", 12)
      .attr("fill", palette.quiet)
      .text(text)
  );
  const ends = table.rows.map((row) => row.filter(({state}) => state !== "open").length);
  group
    .append("path")
    .attr(
      "d",
      ends
        .map(
          (end, i) => `${i === 0 ? "M" : "H"}${MARGIN.left + end * w - 0.5}${i === 0 ? ` ${MARGIN.top}` : ""}V${MARGIN.top + (i + 1) * h}`
        )
        .join("")
    )
    .attr("fill", "none")
    .attr("stroke", palette.ink)
    .attr("stroke-width", 1.5);
}

function drawMark(group: Selection<SVGGElement, unknown, null, undefined>, props: WavePlotProps): void {
  const {hover, palette} = props;
  group.selectAll("*").remove();
  if (!hover) return;
  const {w, h} = cellsOf(props);
  group
    .append("rect")
    .attr("x", MARGIN.left + hover.column * w - 1)
    .attr("y", MARGIN.top + hover.iteration * h - 1)
    .attr("width", w + 1)
    .attr("height", h + 1)
    .attr("fill", "none")
    .attr("stroke", palette.accent)
    .attr("stroke-width", 1.5);
}

/** What a cell is, in words. */
export function cellWords({first, rows}: WaveTable, {iteration, column}: WaveSpot, rule: string): string {
  const cell: WaveCell | undefined = rows[iteration]?.[column];
  if (!cell) return "";
  const before = rows[iteration - 1]?.[column];
  const state = {open: "may change", frozen: "frozen, its state goes on", done: "frozen, done"}[cell.state];
  return (
    `Iteration ${iteration}, position ${first + column}: “${tokenLabel(cell.text)}” after ${cell.steps} steps, ${state}` +
    (cell.changed && before ? `; was “${tokenLabel(before.text)}”` : "") +
    (cell.value === null ? "" : `; ${rule} ${cell.value.toPrecision(3)}`)
  );
}
