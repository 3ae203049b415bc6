import {axisBottom, axisLeft, pointer, scaleLinear, select, type ScaleLinear} from "d3";
import {beyondSpan} from "../../../api/contract/choices.ts";
import {drawBeyond} from "../beyond.ts";
import {paintCells, pixelsOf} from "../cells.ts";
import {amountColour} from "../palette.ts";
import type {Plot} from "../plot.ts";
import {styleAxis} from "../styleAxis.ts";
import {drawHead, HEAD, layeredPlot, type Group} from "./layered.ts";
import {lastOf, type PortraitData} from "./portraitData.ts";
import type {PortraitProps} from "./portraitProps.ts";
import {portraitWords} from "./portraitWords.ts";

const MARGIN = {top: HEAD + 2, right: 10, bottom: 32, left: 52};
const SHADES = 32;
const STRIP = 4; // pixels of hatching along an axis

/** The distance of every step to every other, near ones dark: stripes beside the diagonal are a period. */
export function recurrenceMap(node: HTMLElement, first: PortraitProps): Plot<PortraitProps> {
  const root = select(node).style("position", "relative");
  const canvas = root.append("canvas").style("position", "absolute").style("image-rendering", "pixelated");
  const plot = layeredPlot(node, first, {
    base(group, props, svg) {
      const words = portraitWords(props.portrait, props.name).recurrence;
      svg.attr("aria-label", `${words.join(", ")}${beyondSpan(props.trained, lastOf(props.portrait))}`).style("position", "relative");
      drawHead(group, props, ...words);
      const {side} = frameOf(props);
      paint(canvas.node() as HTMLCanvasElement, props);
      canvas.style("left", `${MARGIN.left}px`).style("top", `${MARGIN.top}px`).style("width", `${side}px`).style("height", `${side}px`);
      drawAxes(group, props);
      drawBeyondBoth(group, props);
    },
    marks: drawCross
  });
  const stepAt = (event: MouseEvent): number | undefined => {
    const {portrait} = plot.now();
    const {side, across} = frameOf(plot.now());
    const [px, py] = pointer(event, plot.svg.node());
    const inside = px >= MARGIN.left && px <= MARGIN.left + side && py >= MARGIN.top && py <= MARGIN.top + side;
    const last = portrait.info.recurrence_from + portrait.recurrenceSteps - 1;
    return inside ? Math.min(last, Math.max(portrait.info.recurrence_from, Math.round(across.invert(px)))) : undefined;
  };
  plot.svg
    .style("cursor", "pointer")
    .on("pointermove", (event: PointerEvent) => plot.now().onHover(stepAt(event), [event.clientX, event.clientY]))
    .on("pointerleave", (event: PointerEvent) => plot.now().onHover(undefined, [event.clientX, event.clientY]))
    .on("click", (event: MouseEvent) => {
      const step = stepAt(event);
      if (step !== undefined) plot.now().onPick(step);
    });
  return {
    ...plot,
    destroy() {
      plot.destroy();
      canvas.remove();
    },
    picture() {
      const copy = select(plot.picture());
      const {side} = frameOf(plot.now());
      copy
        .insert("image", ":first-child")
        .attr("x", MARGIN.left)
        .attr("y", MARGIN.top)
        .attr("width", side)
        .attr("height", side)
        .style("image-rendering", "pixelated")
        .attr("href", (canvas.node() as HTMLCanvasElement).toDataURL());
      return copy.node() as SVGSVGElement;
    }
  };
}

function drawAxes(group: Group, props: PortraitProps): void {
  const {side, scale, across} = frameOf(props);
  const ticks = Math.max(2, Math.round(side / 50));
  group
    .append("g")
    .attr("transform", `translate(0,${MARGIN.top + side})`)
    .call(axisBottom(across).ticks(ticks).tickSize(4).tickFormat(whole))
    .call(styleAxis, props.palette);
  group
    .append("g")
    .attr("transform", `translate(${MARGIN.left},0)`)
    .call(axisLeft(scale).ticks(ticks).tickSize(4).tickFormat(whole))
    .call(styleAxis, props.palette);
}

/** Where the trained steps end, along both axes. */
function drawBeyondBoth(group: Group, props: PortraitProps): void {
  const {side, across} = frameOf(props);
  const {left, top} = MARGIN;
  const shared = {
    ...props,
    lastStep: lastOf(props.portrait),
    x: (step: number) => across(step + 0.5),
    left,
    right: left + side,
    top: top - STRIP,
    bottom: top + side,
    strip: STRIP
  };
  const words = side > 160 ? top + side + 28 : undefined; // they are longer than a smaller map is wide, and stand beneath the course
  drawBeyond(group.append("g"), {...shared, words});
  const mirrored = group.append("g").attr("transform", `matrix(0,1,1,0,${left - top},${top - left})`); // about the diagonal
  drawBeyond(mirrored, shared);
}

/** The step looked at. */
function drawCross(group: Group, props: PortraitProps): void {
  const {portrait, step, palette} = props;
  const {side, scale, across} = frameOf(props);
  if (step < portrait.info.recurrence_from) return;
  const {left, top} = MARGIN;
  group
    .append("path")
    .attr("d", `M${across(step)} ${top}v${side}M${left} ${scale(step)}h${side}`)
    .attr("stroke", palette.accent)
    .attr("stroke-width", 1.25);
}

const whole = (value: number | {valueOf(): number}): string => (Number.isInteger(Number(value)) ? String(value) : "");

interface MapFrame {
  readonly side: number;
  readonly across: ScaleLinear<number, number>;
  /** Downwards. */
  readonly scale: ScaleLinear<number, number>;
}

function frameOf({portrait, width, height}: PortraitProps): MapFrame {
  const side = Math.max(10, Math.floor(Math.min(width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom)));
  const {recurrenceSteps, info} = portrait;
  const domain = [info.recurrence_from - 0.5, info.recurrence_from + recurrenceSteps - 0.5];
  return {
    side,
    across: scaleLinear(domain, [MARGIN.left, MARGIN.left + side]),
    scale: scaleLinear(domain, [MARGIN.top, MARGIN.top + side])
  };
}

function paint(canvas: HTMLCanvasElement, {portrait, palette}: PortraitProps): void {
  const {recurrence, recurrenceSteps: size} = portrait;
  const pixels = pixelsOf(Array.from({length: SHADES + 1}, (_, i) => amountColour(palette, 1 - i / SHADES)));
  const most = largestInWindow(portrait);
  paintCells(canvas, {columns: size, rows: size}, (j, i) => pixels[Math.round(SHADES * Math.min(1, recurrence[i * size + j] / most))]);
}

/** The farthest that two states of the window are apart: what came before may lie much farther away. */
function largestInWindow({recurrence, recurrenceSteps: size, info}: PortraitData): number {
  const first = Math.max(0, info.window[0] - info.recurrence_from);
  let most = 0;
  for (let i = first; i < size; ++i) for (let j = first; j < i; ++j) most = Math.max(most, recurrence[i * size + j]);
  return most || 1;
}
