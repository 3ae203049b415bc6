import {axisBottom, axisLeft, pointer, scaleLinear, select, type ScaleLinear} from "d3";
import {amountColour} from "../palette.ts";
import type {Plot} from "../plot.ts";
import {styleAxis} from "../styleAxis.ts";
import {drawHead, HEAD, layeredPlot} from "./layered.ts";
import type {PortraitData} from "./portraitData.ts";
import type {PortraitProps} from "./portraitPlane.ts";
import {portraitWords} from "./portraitWords.ts";

const MARGIN = {top: HEAD + 2, right: 10, bottom: 32, left: 52};
const SHADES = 32;

/** The distance of every step to every other, near ones dark: stripes beside the diagonal are a period. */
export function recurrenceMap(node: HTMLElement, first: PortraitProps): Plot<PortraitProps> {
  const root = select(node).style("position", "relative");
  const canvas = root.append("canvas").style("position", "absolute").style("image-rendering", "pixelated");
  const plot = layeredPlot(node, first, {
    base(group, props, svg) {
      const {palette, portrait} = props;
      const words = portraitWords(portrait, props.name);
      const {side, scale, across} = frameOf(props);
      svg.attr("aria-label", words.recurrence.join(", ")).style("position", "relative");
      drawHead(group, props, ...words.recurrence);
      paint(canvas.node() as HTMLCanvasElement, props);
      canvas.style("left", `${MARGIN.left}px`).style("top", `${MARGIN.top}px`).style("width", `${side}px`).style("height", `${side}px`);
      const ticks = Math.max(2, Math.round(side / 50));
      group
        .append("g")
        .attr("transform", `translate(0,${MARGIN.top + side})`)
        .call(axisBottom(across).ticks(ticks).tickSize(4).tickFormat(whole))
        .call(styleAxis, palette);
      group
        .append("g")
        .attr("transform", `translate(${MARGIN.left},0)`)
        .call(axisLeft(scale).ticks(ticks).tickSize(4).tickFormat(whole))
        .call(styleAxis, palette);
    },
    marks(group, props) {
      const {portrait, step, palette} = props;
      const {side, scale, across} = frameOf(props);
      if (step < portrait.info.recurrence_from) return;
      const cross = group.append("g").attr("stroke", palette.accent).attr("stroke-width", 1.25);
      cross
        .append("line")
        .attr("x1", across(step))
        .attr("x2", across(step))
        .attr("y1", MARGIN.top)
        .attr("y2", MARGIN.top + side);
      cross
        .append("line")
        .attr("y1", scale(step))
        .attr("y2", scale(step))
        .attr("x1", MARGIN.left)
        .attr("x2", MARGIN.left + side);
    }
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
  const shades = Array.from({length: SHADES + 1}, (_, i) => amountColour(palette, 1 - i / SHADES));
  const most = largestInWindow(portrait);
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  for (let i = 0; i < size; ++i)
    for (let j = 0; j < size; ++j) {
      context.fillStyle = shades[Math.round(SHADES * Math.min(1, recurrence[i * size + j] / most))];
      context.fillRect(j, i, 1, 1);
    }
}

/** The farthest that two states of the window are apart: what came before may lie much farther away. */
function largestInWindow({recurrence, recurrenceSteps: size, info}: PortraitData): number {
  const first = Math.max(0, info.window[0] - info.recurrence_from);
  let most = 0;
  for (let i = first; i < size; ++i) for (let j = first; j < i; ++j) most = Math.max(most, recurrence[i * size + j]);
  return most || 1;
}
