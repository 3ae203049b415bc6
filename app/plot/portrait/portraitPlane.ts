import {scaleLinear} from "d3";
import {beyondSpan} from "../../../api/contract/choices.ts";
import {decadeStride} from "../decades.ts";
import {initColour} from "../palette.ts";
import type {Frame, Plot} from "../plot.ts";
import {planeFrame} from "../planeFrame.ts";
import {equalDomains} from "../trajectoryMarks.ts";
import {svgPen} from "../pen.ts";
import type {PlaneScales} from "../zoomMemory.ts";
import {clipped, drawHead, HEAD, layeredPlot, type Group} from "./layered.ts";
import {drawOwn, drawTrainedEnd, linePath} from "./ownTrajectory.ts";
import {lastOf, ownPlace, pointAt, stepsOf, type PortraitData} from "./portraitData.ts";
import type {PortraitProps} from "./portraitProps.ts";
import {portraitWords} from "./portraitWords.ts";

const MARGIN = {top: HEAD + 4, right: 10, bottom: 36, left: 52};

/** The plane of a label: the orbit, the drift or the approach, the way before the label's window faded. */
export const portraitPlane = (node: HTMLElement, first: PortraitProps): Plot<PortraitProps> =>
  layeredPlot(node, first, {
    base(group, props, svg) {
      const {portrait, name, palette, width, height} = props;
      const words = portraitWords(portrait, name, props.trained);
      svg.attr("aria-label", `${words.title}: ${words.plane[0]}${beyondSpan(props.trained, lastOf(portrait))}`);
      drawHead(group, props, props.named ? words.title : words.plane[0], words.plane[1]);
      const scales = scalesOf(props);
      if (portrait.info.pattern === "converging") drawRings(group, props, scales);
      else
        planeFrame(group)({
          palette,
          width,
          height,
          axisTitles: axisTitles(portrait),
          margin: MARGIN,
          ...scales
        });
      const inside = clipped(group, MARGIN.left, MARGIN.top, width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom);
      drawOthers(inside, props, scales);
      drawCurve(inside, props, scales);
      drawOwn(inside, props, scales);
      drawTrainedEnd(inside, props, scales);
    },
    marks: drawNow
  });

const axisTitles = ({info}: PortraitData): [string, string] =>
  info.pattern === "orbit"
    ? ["first axis, share of the norm", "second axis"]
    : [info.great_circle ? "share of the norm" : "along the drift, share of the norm", "across"];

function scalesOf({portrait, width, height}: PortraitProps): PlaneScales {
  const {info, curve} = portrait;
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  const hold = (x: number, y: number): void => {
    if (!Number.isFinite(x + y)) return;
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
  };
  const whole = info.pattern === "converging";
  for (let place = 0; place < info.inits.length; ++place) {
    if (!whole && info.companions[place].relation === "apart") continue; // elsewhere: it would leave no room for the pattern
    for (const step of stepsOf(portrait)) if (whole || step >= info.window[0]) hold(...pointAt(portrait, step, place));
  }
  for (let i = 0; i + 1 < curve.length; i += 2) hold(curve[i], curve[i + 1]);
  if (whole) [x0, x1, y0, y1] = about0(x0, x1, y0, y1);
  const [across, down] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  if (isLine(portrait)) return lineScales([x0, x1], [y0, y1], {width, height});
  const [xd, yd] = equalDomains(
    [
      [x0, x1],
      [y0, y1]
    ],
    across,
    down
  );
  return {x: scaleLinear(xd, [MARGIN.left, width - MARGIN.right]), y: scaleLinear(yd, [height - MARGIN.bottom, MARGIN.top])};
}

/** Whether what was fitted is a line: a flip to and fro, or a straight drift. */
const isLine = ({info, curve}: PortraitData): boolean => info.pattern !== "converging" && curve.length === 4;

const MOST_MAGNIFIED = 8; // of what lies across a line: more would draw its noise as large as its motion

/** Of a line, what lies across it is drawn larger, so that there is something to see. */
function lineScales([x0, x1]: readonly [number, number], [y0, y1]: readonly [number, number], {width, height}: Frame): PlaneScales {
  const room = (x1 - x0) * 0.08 || 0.5;
  const reach = Math.max(Math.abs(y0), Math.abs(y1), (x1 - x0) / 2 / MOST_MAGNIFIED);
  return {
    x: scaleLinear([x0 - room, x1 + room], [MARGIN.left, width - MARGIN.right]),
    y: scaleLinear([-1.2 * reach, 1.2 * reach], [height - MARGIN.bottom, MARGIN.top])
  };
}

function about0(x0: number, x1: number, y0: number, y1: number): [number, number, number, number] {
  const reach = Math.max(Math.abs(x0), Math.abs(x1), Math.abs(y0), Math.abs(y1), 1);
  return [-reach, reach, -reach, reach];
}

const MANY_DECADES = -4; // powers of ten of the noise floor: every second ring has a name from there on

/** A ring for each decade of the distance to the end. */
function drawRings(group: Group, {portrait: {info}, palette, width, height}: PortraitProps, {x, y}: PlaneScales): void {
  const reach = x.domain()[1];
  const whole = Math.min(x(reach) - x(0), y(0) - MARGIN.top, height - MARGIN.bottom - y(0)); // a larger ring would lie over the head
  const rings = group.append("g").attr("fill", "none").attr("stroke", palette.line);
  const texts = group.append("g").attr("font-size", 11).attr("fill", palette.quiet);
  const first = Math.ceil(Math.log10(info.noise_floor));
  const named = decadeStride((x(1) - x(0)) * Math.SQRT1_2, first > MANY_DECADES ? 1 : 2); // names stand along a diagonal
  for (let power = first; power <= 1; ++power) {
    const radius = Math.log10(1 + 10 ** power / info.noise_floor);
    if (x(radius) - x(0) > whole + 2 || radius < reach / 12) continue;
    rings
      .append("circle")
      .attr("cx", x(0))
      .attr("cy", y(0))
      .attr("r", x(radius) - x(0));
    if (power % named === 0)
      texts
        .append("text")
        .attr("x", x(radius * Math.SQRT1_2) + 2)
        .attr("y", y(-radius * Math.SQRT1_2) + 10)
        .text(power >= -2 ? String(10 ** power) : `10${raised(power)}`);
  }
  texts
    .append("text")
    .attr("x", width - MARGIN.right)
    .attr("y", height - 8)
    .attr("text-anchor", "end")
    .text("distance to the end, share of the norm");
}

const DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (power: number): string => [...String(power)].map((sign) => (sign === "-" ? "⁻" : DIGITS[Number(sign)])).join("");

/** The way of the other initial states, by lightness, without the way there. */
function drawOthers(group: Group, {portrait, palette}: PortraitProps, {x, y}: PlaneScales): void {
  const {info} = portrait;
  const whole = info.pattern === "converging";
  for (let place = 0; place < info.inits.length; ++place) {
    if (place === ownPlace(portrait)) continue;
    const path = stepsOf(portrait)
      .filter((step) => whole || step >= info.window[0])
      .map((step) => pointAt(portrait, step, place));
    group
      .append("path")
      .attr("fill", "none")
      .attr("stroke", initColour(palette, info.inits[place], Math.max(...info.inits) + 1))
      .attr("stroke-opacity", 0.55)
      .attr("d", linePath(path, {x, y}));
    const dots = group.append("g").attr("fill", initColour(palette, info.inits[place], Math.max(...info.inits) + 1));
    if (path.length <= 400)
      svgPen(dots.node() as SVGGElement).dots(
        path.flatMap(([px, py]) => (Number.isFinite(px + py) ? [x(px), y(py)] : [])),
        {colour: initColour(palette, info.inits[place], Math.max(...info.inits) + 1), radius: 1.4, alpha: 0.7}
      );
  }
}

/** What was fitted: the closed curve, the circle, or an arrow along the drift. */
function drawCurve(group: Group, props: PortraitProps, scales: PlaneScales): void {
  const {portrait, palette} = props;
  const {info, curve} = portrait;
  if (curve.length < 4) return;
  const points = Array.from({length: curve.length / 2}, (_, i) => [curve[2 * i], curve[2 * i + 1]] as const);
  const drift = info.pattern === "slider";
  group
    .append("path")
    .attr("fill", "none")
    .attr("stroke", drift && !info.great_circle ? palette.labels.slider : palette.quiet)
    .attr("stroke-width", drift && !info.great_circle ? 6 : 1)
    .attr("stroke-opacity", drift && !info.great_circle ? 0.25 : 0.8)
    .attr("stroke-dasharray", drift && !info.great_circle ? null : "2 3")
    .attr("d", linePath(points, scales));
  if (!drift) return;
  const own = ownPlace(portrait);
  const [, to] = info.window;
  const [before, end] = [Math.max(info.window[0], to - 3), to].map((step) => pointAt(portrait, step, own));
  const from = info.great_circle ? before : points[0];
  const tip = info.great_circle ? end : points[1];
  const [dx, dy] = [scales.x(tip[0]) - scales.x(from[0]), scales.y(tip[1]) - scales.y(from[1])];
  const angle = (Math.atan2(dy, dx) * 180) / Math.PI;
  group
    .append("path")
    .attr("d", "M-12 -8L4 0L-12 8Z")
    .attr("fill", palette.labels.slider)
    .attr("transform", `translate(${scales.x(tip[0])},${scales.y(tip[1])}) rotate(${angle})`);
}

/** Where every initial state is at the step looked at. */
function drawNow(group: Group, props: PortraitProps): void {
  const {portrait, palette, step, width, height} = props;
  const {x, y} = scalesOf(props);
  for (let place = 0; place < portrait.info.inits.length; ++place) {
    const [px, py] = pointAt(portrait, step, place).map((value, k) => (k === 0 ? x(value) : y(value)));
    if (!(px > MARGIN.left && px < width - MARGIN.right && py > MARGIN.top && py < height - MARGIN.bottom)) continue;
    const own = place === ownPlace(portrait);
    group
      .append("circle")
      .attr("cx", px)
      .attr("cy", py)
      .attr("r", own ? 6 : 4)
      .attr("fill", "none")
      .attr("stroke", own ? palette.accent : palette.ink)
      .attr("stroke-width", own ? 2 : 1.25);
  }
}
