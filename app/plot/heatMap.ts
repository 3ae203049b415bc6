import {axisBottom, pointer, scaleLinear, select, type Selection} from "d3";
import type {Spot} from "./spot.ts";
import {amountScale, type AmountScale, type ScaleKind} from "./amountScale.ts";
import {valueAt, type Field} from "./field.ts";
import {formatNumber} from "./format.ts";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {styleAxis} from "./styleAxis.ts";

export interface HeatMapProps extends Frame {
  readonly palette: Palette;
  readonly field: Field;
  readonly kind: ScaleKind;
  readonly init: number;
  readonly step: number;
  /** Steps on the axis; more than the field has while a run grows. */
  readonly lastStep: number;
  readonly names: readonly string[];
  readonly chosen: readonly number[];
  readonly hover: Spot | undefined;
  readonly label: string;
  readonly onHover: (spot: Spot | undefined, at: readonly [number, number]) => void;
  readonly onPick: (spot: Spot, extend: boolean) => void;
}

const MARGIN = {top: 4, right: 72, bottom: 34, left: 84};
const LABEL_ROOM = 11; // pixels a row needs for its token's text
const MAX_ROW = 36;

/** Tokens by steps for one init: a cell per state. The cursor is the step; chosen tokens are marked at the left. */
export function heatMap(node: HTMLElement, first: HeatMapProps): Plot<HeatMapProps> {
  let props = first;
  let scale: AmountScale;
  const root = select(node).style("position", "relative");
  const canvas = root.append("canvas").style("position", "absolute").style("image-rendering", "pixelated");
  const svg = root.append("svg").style("position", "absolute").style("inset", "0").attr("role", "img").style("cursor", "pointer");
  const axis = svg.append("g");
  const rows = svg.append("g");
  const legend = svg.append("g");
  const marks = svg.append("g").attr("pointer-events", "none");

  const frameOf = ({width, height, field, lastStep}: HeatMapProps): {w: number; h: number; row: number; column: number} => {
    const w = Math.max(10, width - MARGIN.left - MARGIN.right);
    const row = Math.min(MAX_ROW, Math.max(1, height - MARGIN.top - MARGIN.bottom) / field.tokens);
    return {w, h: row * field.tokens, row, column: w / (lastStep + 1)};
  };

  const spotAt = (event: MouseEvent): Spot | undefined => {
    const [px, py] = pointer(event, svg.node());
    const {row, column} = frameOf(props);
    const step = Math.floor((px - MARGIN.left) / column);
    const token = Math.floor((py - MARGIN.top) / row);
    const inside = token >= 0 && token < props.field.tokens && px < props.width - MARGIN.right && step < props.field.steps;
    return inside ? {step: Math.max(0, step), init: props.init, token} : undefined;
  };
  svg
    .on("pointermove", (event: PointerEvent) => props.onHover(spotAt(event), [event.clientX, event.clientY]))
    .on("pointerleave", (event: PointerEvent) => props.onHover(undefined, [event.clientX, event.clientY]))
    .on("click", (event: MouseEvent) => {
      const spot = spotAt(event);
      if (spot) props.onPick(spot, event.shiftKey || event.metaKey || event.ctrlKey);
    });

  function drawCells(): void {
    const {field, init, kind, palette} = props;
    const {w, h} = frameOf(props);
    scale = amountScale(field, kind, palette);
    const element = canvas.node() as HTMLCanvasElement;
    element.width = field.steps;
    element.height = field.tokens;
    canvas
      .style("left", `${MARGIN.left}px`)
      .style("top", `${MARGIN.top}px`)
      .style("width", `${(w * field.steps) / (props.lastStep + 1)}px`)
      .style("height", `${h}px`);
    const context = element.getContext("2d") as CanvasRenderingContext2D;
    for (let token = 0; token < field.tokens; ++token) {
      for (let step = 0; step < field.steps; ++step) {
        const colour = scale.colour(valueAt(field, step, init, token));
        if (!colour) continue;
        context.fillStyle = colour;
        context.fillRect(step, token, 1, 1);
      }
    }
  }

  function drawFrame(): void {
    const {width, height, palette, field, names, lastStep, label, chosen} = props;
    const {w, h, row, column} = frameOf(props);
    svg.attr("width", width).attr("height", height).attr("aria-label", label);
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
    const every = Math.max(1, Math.ceil(LABEL_ROOM / row));
    const shown =
      field.tokens === 0
        ? []
        : [...Array(field.tokens).keys()].filter((token) => token % every === 0 || (chosen.includes(token) && chosen.length <= 3));
    rows
      .attr("font-family", palette.font)
      .attr("font-size", Math.min(12, Math.max(9, row * 0.8)))
      .selectAll<SVGTextElement, number>("text")
      .data(shown, Number)
      .join("text")
      .attr("x", MARGIN.left - 10)
      .attr("y", (token) => MARGIN.top + (token + 0.5) * row)
      .attr("dy", "0.35em")
      .attr("text-anchor", "end")
      .attr("fill", (token) => (chosen.includes(token) ? palette.ink : palette.quiet))
      .attr("font-weight", (token) => (chosen.includes(token) ? 600 : 400))
      .text((token) => shorten(names[token] ?? ""));
    drawLegend(legend, scale, palette, {x: width - MARGIN.right + 16, y: MARGIN.top, height: Math.min(h, 120)});
  }

  function drawMarks(): void {
    const {step, chosen, hover, palette, field} = props;
    const {h, row, column} = frameOf(props);
    marks.selectAll("*").remove();
    const cursor = MARGIN.left + Math.min(step, field.steps - 1) * column;
    marks
      .append("rect")
      .attr("x", cursor)
      .attr("y", MARGIN.top - 1.5)
      .attr("width", Math.max(2, column))
      .attr("height", h + 3)
      .attr("fill", "none")
      .attr("stroke", palette.accent)
      .attr("stroke-width", 1.5);
    for (const token of chosen) {
      if (token < field.tokens)
        marks
          .append("rect")
          .attr("x", MARGIN.left - 5)
          .attr("y", MARGIN.top + token * row)
          .attr("width", 3)
          .attr("height", Math.max(2, row - 1))
          .attr("fill", palette.accent);
    }
    if (hover && hover.token < field.tokens && hover.step < field.steps) {
      marks
        .append("rect")
        .attr("x", MARGIN.left + hover.step * column - 1)
        .attr("y", MARGIN.top + hover.token * row - 1)
        .attr("width", Math.max(3, column) + 2)
        .attr("height", Math.max(3, row) + 2)
        .attr("fill", "none")
        .attr("stroke", palette.ink)
        .attr("stroke-width", 1.5);
    }
  }

  const drawAll = (): void => {
    drawCells();
    drawFrame();
    drawMarks();
  };
  drawAll();

  return {
    update(next) {
      const before = props;
      props = next;
      const same = (["field", "kind", "init", "palette", "width", "height", "lastStep", "names", "label"] as const).every(
        (key) => before[key] === next[key]
      );
      if (!same) return drawAll();
      if (before.chosen !== next.chosen) drawFrame();
      drawMarks();
    },
    destroy: () => void root.selectAll("*").remove(),
    picture() {
      const copy = select(svg.node()?.cloneNode(true) as SVGSVGElement);
      const {w, h} = frameOf(props);
      copy
        .insert("image", ":first-child")
        .attr("x", MARGIN.left)
        .attr("y", MARGIN.top)
        .attr("width", (w * props.field.steps) / (props.lastStep + 1))
        .attr("height", h)
        .attr("preserveAspectRatio", "none")
        .style("image-rendering", "pixelated")
        .attr("href", (canvas.node() as HTMLCanvasElement).toDataURL());
      return copy.node() as SVGSVGElement;
    }
  };
}

const shorten = (text: string): string => (text.length > 11 ? `${text.slice(0, 10)}…` : text);

let gradients = 0;

function drawLegend(
  group: Selection<SVGGElement, unknown, null, undefined>,
  scale: AmountScale,
  palette: Palette,
  {x, y, height}: {x: number; y: number; height: number}
): void {
  group.selectAll("*").remove();
  const id = `ramp-${++gradients}`;
  const gradient = group.append("defs").append("linearGradient").attr("id", id).attr("x1", 0).attr("x2", 0).attr("y1", 1).attr("y2", 0);
  const {low, high, kind} = scale;
  const at = (share: number): number => (kind === "log" ? low * (high / low) ** share : low + (high - low) * share);
  for (let i = 0; i <= 8; ++i)
    gradient
      .append("stop")
      .attr("offset", i / 8)
      .attr("stop-color", scale.colour(at(i / 8)) ?? palette.paper);
  group
    .append("rect")
    .attr("x", x)
    .attr("y", y)
    .attr("width", 8)
    .attr("height", height)
    .attr("fill", `url(#${id})`)
    .attr("stroke", palette.line);
  for (const share of [0, 0.5, 1]) {
    group
      .append("text")
      .attr("x", x + 13)
      .attr("y", y + (1 - share) * height)
      .attr("dy", share === 1 ? "0.8em" : share === 0 ? "0em" : "0.35em")
      .attr("font-family", palette.font)
      .attr("font-size", 10)
      .attr("fill", palette.quiet)
      .text(formatNumber(at(share)));
  }
}
