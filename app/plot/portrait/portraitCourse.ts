import {beyondSpan} from "../../../api/contract/choices.ts";
import {axisBottom, axisLeft, line, pointer, scaleLinear, scaleLog, type ScaleContinuousNumeric} from "d3";
import {drawBeyond} from "../beyond.ts";
import {decadesIn} from "../decades.ts";
import {formatDecade, formatNumber} from "../format.ts";
import {initColour} from "../palette.ts";
import type {Plot} from "../plot.ts";
import {svgPen} from "../pen.ts";
import {styleAxis} from "../styleAxis.ts";
import {clipped, drawHead, HEAD, layeredPlot, type Group} from "./layered.ts";
import {alongAt, fittedAt, ownPlace, stepsOf, type PortraitData} from "./portraitData.ts";
import {shaded, type PortraitProps} from "./portraitProps.ts";
import {portraitWords} from "./portraitWords.ts";

const MARGIN = {top: HEAD + 2, right: 10, bottom: 32, left: 52};
const STRIP = 0.24; // of the height, for what a line leaves over
const GAP = 12;
const MOST_PERIODS = 60; // lines closer than this many to a picture are a tint

interface Scales {
  readonly x: ScaleContinuousNumeric<number, number>;
  readonly y: ScaleContinuousNumeric<number, number>;
  /** Lower end of the picture of the course itself. */
  readonly foot: number;
}

/** The motion unrolled over the steps: an orbit's first axis, a slider's way, the distance to the end; with the fit and its window. */
export function portraitCourse(node: HTMLElement, first: PortraitProps): Plot<PortraitProps> {
  const plot = layeredPlot(node, first, {
    base(group, props, svg) {
      const words = portraitWords(props.portrait, props.name);
      svg.attr("aria-label", `${words.course.join(", ")}${beyondSpan(props.trained, props.lastStep)}`);
      drawHead(group, props, ...words.course);
      drawCourse(group, props, scalesOf(props));
    },
    marks(group, props) {
      const {x, y, foot} = scalesOf(props);
      const {palette, portrait, step} = props;
      group
        .append("line")
        .attr("x1", x(step))
        .attr("x2", x(step))
        .attr("y1", MARGIN.top)
        .attr("y2", props.height - MARGIN.bottom)
        .attr("stroke", palette.accent)
        .attr("stroke-width", 1.25);
      const value = alongAt(portrait, step, ownPlace(portrait));
      if (Number.isFinite(value) && (portrait.info.pattern !== "converging" || value > 0))
        group
          .append("circle")
          .attr("cx", x(step))
          .attr("cy", Math.min(foot, y(value)))
          .attr("r", 4)
          .attr("fill", "none")
          .attr("stroke", palette.accent)
          .attr("stroke-width", 2);
    }
  });
  const stepAt = (event: MouseEvent): number => {
    const {portrait} = plot.now();
    const last = portrait.info.first_step + portrait.steps - 1;
    return Math.min(
      last,
      Math.max(portrait.info.first_step, Math.round(scalesOf(plot.now()).x.invert(pointer(event, plot.svg.node())[0])))
    );
  };
  plot.svg
    .style("cursor", "pointer")
    .on("pointermove", (event: PointerEvent) => plot.now().onHover(stepAt(event), [event.clientX, event.clientY]))
    .on("pointerleave", (event: PointerEvent) => plot.now().onHover(undefined, [event.clientX, event.clientY]))
    .on("click", (event: MouseEvent) => plot.now().onPick(stepAt(event)));
  return plot;
}

const isLog = ({info}: PortraitData): boolean => info.pattern === "converging";

function scalesOf({portrait, width, height, lastStep}: PortraitProps): Scales {
  const {info} = portrait;
  const x = scaleLinear([0, Math.max(1, lastStep)], [MARGIN.left, width - MARGIN.right]);
  const bottom = height - MARGIN.bottom;
  const foot = info.pattern === "slider" ? MARGIN.top + (bottom - MARGIN.top) * (1 - STRIP) - GAP : bottom;
  const values: number[] = [];
  for (let place = 0; place < info.inits.length; ++place) {
    if (info.companions[place].relation === "apart" && place !== ownPlace(portrait)) continue;
    for (const step of stepsOf(portrait)) if (isLog(portrait) || step >= info.window[0]) values.push(alongAt(portrait, step, place));
  }
  const finite = values.filter((value) => Number.isFinite(value) && (!isLog(portrait) || value > 0));
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (isLog(portrait)) {
    const end = finite.length ? Math.max(low, high * 1e-10) : 0.1;
    return {x, foot, y: scaleLog([Math.min(end, info.noise_floor) / 1.5, finite.length ? high * 1.3 : 1], [foot, MARGIN.top]).clamp(true)};
  }
  const room = (high - low) * 0.06 || 0.5;
  return {x, foot, y: scaleLinear([low - room, high + room], [foot, MARGIN.top])};
}

function drawCourse(group: Group, props: PortraitProps, {x, y, foot}: Scales): void {
  const {portrait, palette, width, height} = props;
  const {info} = portrait;
  const bottom = height - MARGIN.bottom;
  group
    .append("rect")
    .attr("x", x(info.window[0]))
    .attr("width", Math.max(0, x(info.window[1]) - x(info.window[0])))
    .attr("y", MARGIN.top)
    .attr("height", foot - MARGIN.top)
    .attr("fill", palette.labels[info.pattern])
    .attr("fill-opacity", 0.06);
  const steps = axisBottom(x)
    .ticks(Math.min(props.lastStep, Math.max(2, width / 80)))
    .tickSize(4)
    .tickFormat((value) => (Number.isInteger(Number(value)) ? String(value) : ""));
  const values = axisLeft(y)
    .tickSize(-(width - MARGIN.left - MARGIN.right))
    .tickFormat((value) => (isLog(portrait) ? formatDecade : formatNumber)(Number(value)));
  group.append("g").attr("transform", `translate(0,${bottom})`).call(steps).call(styleAxis, palette);
  group
    .append("g")
    .attr("transform", `translate(${MARGIN.left},0)`)
    .call(isLog(portrait) ? values.tickValues(decadesIn(y.domain(), foot - MARGIN.top)) : values.ticks(4))
    .call(styleAxis, palette);
  group
    .append("text")
    .attr("x", width - MARGIN.right)
    .attr("y", height - 4)
    .attr("text-anchor", "end")
    .attr("font-size", 12)
    .attr("fill", palette.quiet)
    .text("step");
  if (isLog(portrait)) shadeFloor(group, props, {x, y, foot});
  if (info.pattern === "orbit") drawPeriods(group, props, {x, y, foot});
  drawBeyond(group.append("g"), {
    ...props,
    x,
    left: MARGIN.left,
    right: width - MARGIN.right,
    top: MARGIN.top,
    bottom,
    words: height - 4,
    wordsRight: width - MARGIN.right - 36
  });
  const inside = clipped(group, MARGIN.left, MARGIN.top, width - MARGIN.left - MARGIN.right, foot - MARGIN.top);
  drawLines(inside, props, {x, y, foot});
  if (info.pattern === "slider") drawResidual(group, props, {x, y, foot});
}

function shadeFloor(group: Group, {portrait: {info}, palette, width}: PortraitProps, {y, foot}: Scales): void {
  const at = Math.min(foot, y(info.noise_floor));
  group
    .append("rect")
    .attr("x", MARGIN.left)
    .attr("width", width - MARGIN.left - MARGIN.right)
    .attr("y", at)
    .attr("height", Math.max(0, foot - at))
    .attr("fill", palette.faint)
    .attr("fill-opacity", 0.28);
}

/** A line wherever a new turn begins. */
function drawPeriods(group: Group, {portrait: {info}, palette, lastStep}: PortraitProps, {x, foot}: Scales): void {
  const period = info.period ?? NaN;
  if (!(period > 0) || lastStep / period > MOST_PERIODS) return;
  const marks = group.append("g").attr("stroke", palette.faint).attr("stroke-opacity", 0.6);
  for (let turn = Math.ceil((info.window[0] - info.phase_step) / period); info.phase_step + turn * period <= info.window[1]; ++turn) {
    const at = x(info.phase_step + turn * period);
    marks.append("line").attr("x1", at).attr("x2", at).attr("y1", MARGIN.top).attr("y2", foot);
  }
}

function drawLines(group: Group, {portrait, palette}: PortraitProps, {x, y}: Scales): void {
  const {info} = portrait;
  const own = ownPlace(portrait);
  const log = isLog(portrait);
  const defined = (value: number): boolean => Number.isFinite(value) && (!log || value > 0);
  const path = (valueAt: (step: number) => number): string | null =>
    line<number>(x, (step) => y(valueAt(step))).defined((step) => defined(valueAt(step)))(stepsOf(portrait));
  for (let place = 0; place < info.inits.length; ++place) {
    if (place === own) continue;
    group
      .append("path")
      .attr("fill", "none")
      .attr("stroke", initColour(palette, info.inits[place], Math.max(...info.inits) + 1))
      .attr("stroke-opacity", 0.6)
      .attr(
        "d",
        path((step) => alongAt(portrait, step, place))
      );
  }
  const pen = svgPen(group.append("g").node() as SVGGElement);
  const byColour = new Map<string, number[]>();
  const shadeOf = shaded(portrait, palette);
  for (const step of stepsOf(portrait).slice(1)) {
    const [before, now] = [alongAt(portrait, step - 1, own), alongAt(portrait, step, own)];
    if (!defined(before) || !defined(now)) continue;
    const colour = !log && step <= info.window[0] ? palette.faint : shadeOf(step);
    const segments = byColour.get(colour) ?? [];
    segments.push(x(step - 1), y(before), x(step), y(now));
    byColour.set(colour, segments);
  }
  for (const [colour, segments] of byColour) pen.segments(segments, {colour, width: 1.8, alpha: 0.95});
  group
    .append("path")
    .attr("fill", "none")
    .attr("stroke", palette.ink)
    .attr("stroke-width", 1.25)
    .attr("stroke-dasharray", "5 3")
    .attr("stroke-opacity", info.pattern === "orbit" ? 0.35 : 0.9)
    .attr(
      "d",
      path((step) => fittedAt(portrait, step))
    );
}

/** What the fitted line leaves over, in a strip of its own. */
function drawResidual(group: Group, {portrait, palette, width, height}: PortraitProps, {x, foot}: Scales): void {
  const own = ownPlace(portrait);
  const left = stepsOf(portrait)
    .map((step) => [step, alongAt(portrait, step, own) - fittedAt(portrait, step)] as const)
    .filter(([, value]) => Number.isFinite(value));
  const most = Math.max(1e-12, ...left.map(([, value]) => Math.abs(value)));
  const y = scaleLinear([-most, most], [height - MARGIN.bottom, foot + GAP]);
  group
    .append("g")
    .attr("transform", `translate(${MARGIN.left},0)`)
    .call(
      axisLeft(y)
        .tickValues([-most, 0, most])
        .tickSize(-(width - MARGIN.left - MARGIN.right))
        .tickFormat((value) => formatNumber(Number(value)))
    )
    .call(styleAxis, palette);
  svgPen(group.append("g").node() as SVGGElement).dots(
    left.flatMap(([step, value]) => [x(step), y(value)]),
    {colour: palette.labels.slider, radius: 1.8}
  );
}
