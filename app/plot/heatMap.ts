import {pointer, select, type Selection} from "d3";
import {beyondSpan} from "../../api/contract/choices.ts";
import {amountScale, type AmountScale} from "./amountScale.ts";
import {drawBeyond} from "./beyond.ts";
import {paintCells, pixelsOf} from "./cells.ts";
import {drawHeatFrame, drawHeatMarks, madeWords} from "./drawHeat.ts";
import {valueAt} from "./field.ts";
import {drawHeatLegend} from "./heatLegend.ts";
import {heatFrame, MARGIN, type HeatMapProps} from "./heatProps.ts";
import type {Plot} from "./plot.ts";
import type {Spot} from "./spot.ts";

const AXIS_NAME = 36; // pixels of "step", at the end of the axis

/** Tokens by steps for one init: a cell per state. The cursor is the step; chosen tokens are marked at the left. */
export function heatMap(node: HTMLElement, first: HeatMapProps): Plot<HeatMapProps> {
  let props = first;
  let scale: AmountScale;
  const {root, canvas, svg, groups, legend, beyond, marks} = sheetsIn(node);
  svg
    .on("pointermove", (event: PointerEvent) => props.onHover(spotIn(props, pointer(event, svg.node())), [event.clientX, event.clientY]))
    .on("pointerleave", (event: PointerEvent) => props.onHover(undefined, [event.clientX, event.clientY]))
    .on("click", (event: MouseEvent) => {
      const spot = spotIn(props, pointer(event, svg.node()));
      if (spot) props.onPick(spot, event.shiftKey || event.metaKey || event.ctrlKey);
    });

  function drawCells(): void {
    const {w, h} = heatFrame(props);
    scale = amountScale(props.field, props.kind, props.palette);
    const ratio = globalThis.devicePixelRatio || 1;
    const shown = (w * props.field.steps) / (props.lastStep + 1);
    paintHeat(canvas.node() as HTMLCanvasElement, props, scale, {columns: Math.ceil(ratio * shown), rows: Math.ceil(ratio * h)});
    canvas.style("left", `${MARGIN.left}px`).style("top", `${MARGIN.top}px`).style("width", `${shown}px`).style("height", `${h}px`);
  }

  function drawFrame(): void {
    const {width, height, palette, label, lastStep, trained} = props;
    svg
      .attr("width", width)
      .attr("height", height)
      .attr("aria-label", `${label}${madeWords(props)}${beyondSpan(trained, lastStep)}`);
    drawHeatFrame(groups, props);
    drawHeatLegend(legend, scale, palette, {x: width - MARGIN.right + 16, y: MARGIN.top, height: Math.min(heatFrame(props).h, 120)});
    drawBeyondCells(beyond, props);
  }

  const drawAll = (): void => {
    drawCells();
    drawFrame();
    drawHeatMarks(marks, props);
  };
  drawAll();

  return {
    update(next) {
      const before = props;
      props = next;
      if (DRAWN.some((key) => before[key] !== next[key])) return drawAll();
      if (before.chosen !== next.chosen) drawFrame();
      drawHeatMarks(marks, props);
    },
    destroy: () => void root.selectAll("*").remove(),
    picture: () => pictureOf(svg.node() as SVGSVGElement, props, scale)
  };
}

/** The canvas of cells, and over it what is drawn as lines and texts. */
function sheetsIn(node: HTMLElement) {
  const root = select(node).style("position", "relative");
  const canvas = root.append("canvas").style("position", "absolute").style("image-rendering", "pixelated");
  const svg = root.append("svg").style("position", "absolute").style("inset", "0").attr("role", "img").style("cursor", "pointer");
  const groups = {axis: svg.append("g"), rows: svg.append("g")};
  const legend = svg.append("g");
  const beyond = svg.append("g").attr("pointer-events", "none");
  const marks = svg.append("g").attr("pointer-events", "none");
  return {root, canvas, svg, groups, legend, beyond, marks};
}

/** The state under a place of the picture. */
function spotIn(props: HeatMapProps, [px, py]: [number, number]): Spot | undefined {
  const {row, column} = heatFrame(props);
  const step = Math.floor((px - MARGIN.left) / column);
  const token = Math.floor((py - MARGIN.top) / row);
  const inside = token >= 0 && token < props.field.tokens && px < props.width - MARGIN.right && step < props.field.steps;
  return inside ? {step: Math.max(0, step), init: props.init, token} : undefined;
}

/** Where the trained steps end: a line through the cells, hatching above them, words below. */
function drawBeyondCells(group: Selection<SVGGElement, unknown, null, undefined>, props: HeatMapProps): void {
  const {w, h, column} = heatFrame(props);
  const [left, right, bottom] = [MARGIN.left, MARGIN.left + w, MARGIN.top + h];
  drawBeyond(group, {
    ...props,
    x: (step) => left + (step + 1) * column,
    left,
    right,
    top: 0,
    bottom,
    strip: MARGIN.top - 1,
    words: bottom + 29,
    wordsRight: right - AXIS_NAME
  });
}

/** The drawing with its cells as a picture, every state of them. */
function pictureOf(svg: SVGSVGElement, props: HeatMapProps, scale: AmountScale): SVGSVGElement {
  const copy = select(svg.cloneNode(true) as SVGSVGElement);
  const canvas = svg.ownerDocument.createElement("canvas");
  paintHeat(canvas, props, scale, {columns: Infinity, rows: Infinity});
  const {w, h} = heatFrame(props);
  copy
    .insert("image", ":first-child")
    .attr("x", MARGIN.left)
    .attr("y", MARGIN.top)
    .attr("width", (w * props.field.steps) / (props.lastStep + 1))
    .attr("height", h)
    .attr("preserveAspectRatio", "none")
    .style("image-rendering", "pixelated")
    .attr("href", canvas.toDataURL());
  return copy.node() as SVGSVGElement;
}

/** What the cells and their frame depend on, the choice aside. */
const DRAWN = [
  "field",
  "kind",
  "init",
  "palette",
  "width",
  "height",
  "lastStep",
  "trained",
  "madeFrom",
  "names",
  "label"
] as const satisfies readonly (keyof HeatMapProps)[];

const SHADES = 1024; // neighbours are less than one level of any channel apart

/** A pixel for each state, and where a state takes less than a pixel of the screen, the states in the middle of those: what a browser would show of all. */
function paintHeat(
  canvas: HTMLCanvasElement,
  props: HeatMapProps,
  scale: AmountScale,
  most: {readonly columns: number; readonly rows: number}
): void {
  const {field, init} = props;
  const columns = Math.min(field.steps, most.columns);
  const rows = Math.min(field.tokens, most.rows);
  const pixels = pixelsOf(Array.from({length: SHADES + 1}, (_, i) => scale.ramp(i / SHADES)));
  const middles = Uint32Array.from({length: columns}, (_, column) => Math.floor(((column + 0.5) * field.steps) / columns));
  paintCells(canvas, {columns, rows}, (column, row) => {
    const token = Math.floor(((row + 0.5) * field.tokens) / rows);
    const share = scale.share(valueAt(field, middles[column], init, token));
    return Number.isNaN(share) ? 0 : pixels[Math.round(SHADES * share)];
  });
}
