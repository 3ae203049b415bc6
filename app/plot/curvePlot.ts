import {area, axisBottom, axisLeft, line, pointer, scaleLinear, scaleLog, select} from "d3";
import {extentOf, valueAt, type Field} from "./field.ts";
import {formatDecade, formatNumber} from "./format.ts";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {styleAxis} from "./styleAxis.ts";

/** One curve over the steps: a trajectory, or anything else that has a value at each step. */
export interface Curve {
  readonly init: number;
  readonly token: number;
  readonly colour: string;
  readonly dashed?: boolean;
  /** Values of another field than the plot's own, as of a compared run. */
  readonly field?: Field;
}

export interface CurveProps extends Frame {
  readonly palette: Palette;
  readonly title: string;
  readonly field: Field;
  readonly curves: readonly Curve[];
  readonly scale: "log" | "linear";
  /** Fixed ends of the value axis; fitted to the curves when undefined. */
  readonly domain?: readonly [number, number];
  /** Where the cursor stands; none when undefined. */
  readonly step: number | undefined;
  readonly lastStep: number;
  /** Values below are rounding, not dynamics: greyed. */
  readonly floor?: number;
  /** Two curves, as indices of `token` in the field, between which the room is tinted: quartiles about a median. */
  readonly band?: readonly [low: number, high: number];
  /** The step axis carries figures; off for all but the lowest of a stack. */
  readonly stepLabels: boolean;
  readonly onHover: (step: number | undefined, curve: Curve | undefined, at: readonly [number, number]) => void;
  readonly onPick: (step: number) => void;
}

const LEFT = 44;
const RIGHT = 10;
const TOP = 20;

/** Curves by step on a linear or a log scale, with a cursor at the step looked at. */
export function curvePlot(node: HTMLElement, first: CurveProps): Plot<CurveProps> {
  let props = first;
  const svg = select(node).append("svg").attr("role", "img").style("display", "block").style("cursor", "pointer");
  const shade = svg.append("rect");
  const gx = svg.append("g");
  const gy = svg.append("g");
  const title = svg.append("text");
  const tint = svg.append("path").attr("stroke", "none");
  const lines = svg.append("g").attr("fill", "none");
  const marks = svg.append("g").attr("pointer-events", "none");

  const bottom = (): number => (props.stepLabels ? 32 : 8);
  const xScale = () => scaleLinear([0, Math.max(1, props.lastStep)], [LEFT, props.width - RIGHT]);
  const yScale = () => {
    const range = [props.height - bottom(), TOP];
    const [low, high] = props.domain ?? domainOf(props);
    return props.scale === "log" ? scaleLog([low, high], range).clamp(true) : scaleLinear([low, high], range).nice(4);
  };

  const stepAt = (event: MouseEvent): number =>
    Math.min(props.field.steps - 1, Math.max(0, Math.round(xScale().invert(pointer(event, svg.node())[0]))));
  svg
    .on("pointermove", (event: PointerEvent) => {
      const step = stepAt(event);
      props.onHover(step, nearestCurve(step, pointer(event, svg.node())[1]), [event.clientX, event.clientY]);
    })
    .on("pointerleave", (event: PointerEvent) => props.onHover(undefined, undefined, [event.clientX, event.clientY]))
    .on("click", (event: MouseEvent) => props.onPick(stepAt(event)));

  function nearestCurve(step: number, py: number): Curve | undefined {
    const y = yScale();
    let best: Curve | undefined;
    let least = Infinity;
    for (const curve of props.curves) {
      const far = Math.abs(y(valueOfCurve(props, curve, step)) - py);
      if (far < least) [best, least] = [curve, far];
    }
    return best;
  }

  function draw(): void {
    const {width, height, palette, curves, scale, floor, stepLabels, field} = props;
    const [x, y] = [xScale(), yScale()];
    svg.attr("width", width).attr("height", height).attr("aria-label", `${props.title} by step`);
    title.attr("x", LEFT).attr("y", 12).attr("font-family", palette.font).attr("font-size", 12).attr("fill", palette.ink).text(props.title);
    gx.attr("transform", `translate(0,${height - bottom()})`)
      .call(
        axisBottom(x)
          .ticks(Math.min(props.lastStep, Math.max(2, width / 60)))
          .tickSize(-(height - bottom() - TOP))
          .tickFormat((value) => (stepLabels && Number.isInteger(value) ? String(value) : ""))
      )
      .call(styleAxis, palette);
    gx.selectAll(".title")
      .data(stepLabels ? ["step"] : [])
      .join("text")
      .attr("class", "title")
      .attr("x", width - RIGHT)
      .attr("y", 29)
      .attr("text-anchor", "end")
      .attr("fill", palette.quiet)
      .attr("font-size", 12)
      .text(String);
    const axis = axisLeft(y)
      .tickSize(-(width - LEFT - RIGHT))
      .tickFormat((value) => (scale === "log" ? formatDecade : formatNumber)(Number(value)));
    gy.attr("transform", `translate(${LEFT},0)`)
      .call(scale === "log" ? axis.tickValues(decadesIn(y.domain())) : axis.ticks(3))
      .call(styleAxis, palette);
    const under = floor !== undefined && Number.isFinite(floor) ? Math.min(height - bottom(), Math.max(TOP, y(floor))) : height - bottom();
    shade
      .attr("x", LEFT)
      .attr("width", Math.max(0, width - LEFT - RIGHT))
      .attr("y", under)
      .attr("height", height - bottom() - under)
      .attr("fill", palette.faint)
      .attr("fill-opacity", 0.28);
    const defined = (value: number): boolean => Number.isFinite(value) && (scale !== "log" || value > 0);
    const path = line<number>(
      (_, step) => x(step),
      (value) => y(value)
    ).defined(defined);
    tint
      .attr("fill", curves[0]?.colour ?? null)
      .attr("fill-opacity", 0.22)
      .attr("d", bandPath());
    lines
      .selectAll("path")
      .data(curves)
      .join("path")
      .attr("stroke", ({colour}) => colour)
      .attr("stroke-width", curves.length > 12 ? 1 : 1.5)
      .attr("stroke-opacity", curves.length > 40 ? 0.5 : 0.9)
      .attr("stroke-dasharray", ({dashed}) => (dashed ? "4 3" : null))
      .attr("d", (curve) => path(Array.from({length: (curve.field ?? field).steps}, (_, step) => valueOfCurve(props, curve, step))));
    drawMarks();
  }

  function bandPath(): string | null {
    const {band, field, scale} = props;
    if (!band) return null;
    const [x, y] = [xScale(), yScale()];
    const [low, high] = band.map((token) => (step: number) => valueAt(field, step, 0, token));
    const defined = (step: number): boolean =>
      Number.isFinite(low(step)) && Number.isFinite(high(step)) && (scale !== "log" || low(step) > 0);
    return area<number>(
      (step) => x(step),
      (step) => y(low(step)),
      (step) => y(high(step))
    ).defined(defined)(Array.from({length: field.steps}, (_, step) => step));
  }

  function drawMarks(): void {
    const {palette, step, curves, field, height} = props;
    const [x, y] = [xScale(), yScale()];
    marks.selectAll("*").remove();
    if (step === undefined) return;
    const now = Math.min(step, field.steps - 1);
    marks
      .append("line")
      .attr("x1", x(now))
      .attr("x2", x(now))
      .attr("y1", TOP)
      .attr("y2", height - bottom())
      .attr("stroke", palette.accent)
      .attr("stroke-width", 1.25);
    for (const curve of curves.slice(0, 24)) {
      const value = valueOfCurve(props, curve, now);
      if (Number.isFinite(value) && (props.scale !== "log" || value > 0))
        marks
          .append("circle")
          .attr("cx", x(now))
          .attr("cy", y(value))
          .attr("r", 2.75)
          .attr("fill", curve.colour)
          .attr("stroke", palette.paper);
    }
  }

  draw();
  return {
    update(next) {
      const before = props;
      props = next;
      const same = (
        ["field", "curves", "scale", "domain", "palette", "width", "height", "lastStep", "floor", "band", "title", "stepLabels"] as const
      ).every((key) => before[key] === next[key]);
      if (!same) draw();
      else if (before.step !== next.step) drawMarks();
    },
    destroy: () => void svg.remove(),
    picture: () => svg.node()?.cloneNode(true) as SVGSVGElement
  };
}

const valueOfCurve = ({field}: CurveProps, curve: Curve, step: number): number => {
  const own = curve.field ?? field;
  return step < own.steps ? valueAt(own, step, curve.init, curve.token) : NaN;
};

/** Ends of the value axis that hold every drawn curve; a log axis spans at most ten decades, a flat curve gets room. */
export function domainOf(props: CurveProps): [number, number] {
  const tinted = (props.band ?? []).map((token): Curve => ({init: 0, token, colour: ""}));
  const values = [...props.curves, ...tinted].flatMap((curve) =>
    Array.from({length: (curve.field ?? props.field).steps}, (_, step) => valueOfCurve(props, curve, step))
  );
  const log = props.scale === "log";
  const [low, high] = extentOf({values}, {positive: log}) ?? (log ? [0.1, 1] : [0, 1]);
  if (low === high) return log ? [low / 2, high * 2] : [low - 0.5, high + 0.5];
  return log ? [Math.max(low / 1.15, high / 1e10), high * 1.15] : [low, high];
}

/** Powers of ten within a domain, thinned to at most five; the ends where it holds fewer than two. */
function decadesIn([low, high]: number[]): number[] {
  const [from, to] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  if (to - from < 1) return [low, Math.sqrt(low * high), high];
  const every = Math.ceil((to - from + 1) / 5);
  return Array.from({length: to - from + 1}, (_, i) => from + i)
    .filter((power) => (to - power) % every === 0)
    .map((power) => 10 ** power);
}
