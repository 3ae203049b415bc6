import {pointer, scaleLinear, select, type ScaleLinear, type Selection} from "d3";
import {beyondSpan, trainedEnd} from "../../../api/contract/choices.ts";
import {coordinateAt, type Points} from "../../plot/field.ts";
import {formatNumber, formatShare} from "../../plot/format.ts";
import {nearestIn, type Nearest} from "../../plot/nearest.ts";
import type {Plot} from "../../plot/plot.ts";
import {svgPen} from "../../plot/pen.ts";
import {drawDiamonds, drawPaths, drawRings, drawStates, type Bundle, type ColourOf} from "../../plot/trajectoryMarks.ts";
import type {Figure, Gestures, Scene} from "../figure.ts";
import {logShare} from "../logShare.ts";
import {pointsCsv, type RunFigures} from "../runFigures.ts";
import type {Spot} from "../../plot/spot.ts";

const MOST_TOKENS = 3;
const HEAD = 20; // pixels above a panel
const GAP = 12;
const FOOT = 22;
const HIT = 10; // pixels
const ROOM = 1.2; // limits in units of the farthest state, as the authors draw them

type RunScene = Scene<RunFigures>;
type Sheet = Selection<SVGSVGElement, unknown, null, undefined>;

/** Six components of a few tokens as three panels each, every trajectory about its own mean. */
export const rotationsFigure: Figure<RunFigures> = {
  id: "rotations",
  height: (data, width) => heightOf(data, [], width),
  make: rotationsPlot,
  csv: pointsCsv
};

function rotationsPlot(node: HTMLElement, first: RunScene, {point, pick}: Gestures): Plot<RunScene> {
  let scene = first;
  let panels: readonly Panel[] = [];
  const svg = select(node)
    .append("svg")
    .style("display", "block")
    .attr("role", "img")
    .attr("aria-label", `Token rotations: six principal components${beyondSpan(first.data.trained, first.data.lastStep)}`);
  const spotAt = (event: MouseEvent): Spot | undefined => {
    const [px, py] = pointer(event, svg.node());
    const panel = panels.find(({left, top, size}) => px >= left && px < left + size && py >= top && py < top + size);
    return panel?.nearest(panel.x.invert(px), panel.y.invert(py), HIT * panel.unit);
  };
  svg
    .on("pointermove", (event: PointerEvent) => point(spotAt(event), [event.clientX, event.clientY]))
    .on("pointerleave", (event: PointerEvent) => point(undefined, [event.clientX, event.clientY]))
    .on("click", (event: MouseEvent) => {
      const spot = spotAt(event);
      if (spot) pick(spot.token, {extend: event.shiftKey});
    });
  const draw = (): void => {
    const height = heightOf(scene.data, scene.view.chosen, scene.width);
    node.style.height = `${height}px`;
    svg.attr("width", scene.width).attr("height", height).selectAll("*").remove();
    panels = drawPanels(svg, scene);
  };
  draw();
  return {
    update(next) {
      const before = scene;
      scene = next;
      const moved = (["chosen", "init", "step", "hover"] as const).some((key) => before.view[key] !== next.view[key]);
      if (moved || before.width !== next.width || before.palette !== next.palette) draw();
    },
    destroy: () => void svg.remove(),
    picture: () => svg.node()!.cloneNode(true) as SVGSVGElement
  };
}

interface Panel {
  readonly left: number;
  readonly top: number;
  readonly size: number;
  readonly nearest: Nearest;
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  /** Units of the picture in a pixel. */
  readonly unit: number;
}

/** The chosen tokens, else one of each label: the widest orbit, the fastest slider, the slowest to converge. */
function shownTokens({report: {verdicts}, names}: RunFigures, chosen: readonly number[]): number[] {
  if (chosen.length > 0) return chosen.filter((token) => token < names.length).slice(-MOST_TOKENS);
  const first = (pattern: string, by: (verdict: (typeof verdicts)[number]) => number | null): number[] =>
    verdicts
      .filter((verdict) => verdict.pattern === pattern && by(verdict) !== null)
      .sort((a, b) => by(b)! - by(a)!)
      .slice(0, 1)
      .map(({token}) => token);
  const picked = [
    ...first("orbit", ({amplitude}) => amplitude),
    ...first("slider", ({drift_speed}) => drift_speed),
    ...first("converging", ({rate}) => rate)
  ];
  const all = [...new Set([...picked, names.length - 1, 0])];
  return all
    .slice(0, Math.max(2, picked.length))
    .sort((a, b) => a - b)
    .slice(0, MOST_TOKENS);
}

const panelCount = ({data: {points}}: RunScene): number => Math.floor(Math.min(6, points.dims) / 2);

const rowHeight = (width: number): number => HEAD + (width - 2 * GAP) / 3 + FOOT;

const heightOf = (data: RunFigures, chosen: readonly number[], width: number): number =>
  Math.ceil(shownTokens(data, chosen).length * rowHeight(width));

function drawPanels(svg: Sheet, scene: RunScene): Panel[] {
  const {data, view, width, palette} = scene;
  const size = (width - 2 * GAP) / 3;
  return shownTokens(data, view.chosen).flatMap((token, row) => {
    const top = row * rowHeight(width) + HEAD;
    svg
      .append("text")
      .attr("x", 0)
      .attr("y", top - 7)
      .attr("font-family", palette.font)
      .attr("font-size", 12)
      .attr("font-weight", 600)
      .attr("fill", palette.ink)
      .text(titleOf(scene, token));
    const centred = centredPath(data.points, token);
    return Array.from({length: panelCount(scene)}, (_, panel) =>
      drawPanel(svg, scene, {centred, token, pair: [2 * panel, 2 * panel + 1], left: panel * (size + GAP), top, size})
    );
  });
}

function titleOf({data}: RunScene, token: number): string {
  const label = data.labelOf(token);
  return `“${data.names[token]}”, token ${token}${label ? `: ${label}` : ""}`;
}

/** The states of one token, each initial state's about their own mean over the steps. A copy, which keeps the token's index. */
function centredPath(points: Points, token: number): Points {
  const {steps, inits, tokens, dims} = points;
  const values = new Float32Array(points.values.length).fill(NaN);
  for (let init = 0; init < inits; ++init) {
    for (let k = 0; k < dims; ++k) {
      let mean = 0;
      for (let step = 0; step < steps; ++step) mean += coordinateAt(points, step, init, token, k) / steps;
      for (let step = 0; step < steps; ++step)
        values[((step * inits + init) * tokens + token) * dims + k] = coordinateAt(points, step, init, token, k) - mean;
    }
  }
  return {...points, values};
}

interface PanelPlace {
  readonly centred: Points;
  readonly token: number;
  readonly pair: readonly [number, number];
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

function drawPanel(svg: Sheet, scene: RunScene, {centred, token, pair, left, top, size}: PanelPlace): Panel {
  const {
    palette,
    data: {
      inits,
      lastStep,
      trained,
      report: {
        summary: {explained}
      }
    },
    view: {init, step, hover},
    stepColour
  } = scene;
  const bundle: Bundle = {points: centred, dims: pair, tokens: [token], inits: init === undefined ? [...Array(inits).keys()] : [init]};
  const reach = ROOM * (farthest(bundle) || 1);
  const x = scaleLinear([-reach, reach], [left, left + size]);
  const y = scaleLinear([-reach, reach], [top + size, top]);
  const frame = svg.append("g").attr("stroke", palette.line).attr("fill", "none");
  frame
    .append("rect")
    .attr("x", left + 0.5)
    .attr("y", top + 0.5)
    .attr("width", size - 1)
    .attr("height", size - 1);
  frame.append("path").attr("d", `M${x(0)} ${top}V${top + size}M${left} ${y(0)}H${left + size}`);
  const text = svg.append("g").attr("font-family", palette.font).attr("font-size", 11).attr("fill", palette.quiet);
  text
    .append("text")
    .attr("x", left)
    .attr("y", top + size + 14)
    .text(`PC${pair[0] + 1} ${formatShare(explained[pair[0]])} × PC${pair[1] + 1} ${formatShare(explained[pair[1]])}`);
  text
    .append("text")
    .attr("x", left + size)
    .attr("y", top + size + 14)
    .attr("text-anchor", "end")
    .text(`± ${formatNumber(reach)}`);
  const pen = svgPen(svg.append("g").node()!);
  const colourOf: ColourOf = (at) => stepColour(logShare(at, lastStep));
  const end = trainedEnd(trained, lastStep);
  drawPaths(pen, bundle, {x, y}, {colourOf, width: 1, alpha: 0.2, trained: end, from: Math.min(step, lastStep)});
  drawPaths(pen, bundle, {x, y}, {colourOf, width: 1, alpha: 0.7, trained: end, to: step});
  drawStates(pen, bundle, {x, y}, {colourOf, width: 2, to: step});
  drawRings(pen, bundle, {x, y}, {step: 0, colourOf, radius: 3.5, width: 1.5, fillOf: () => palette.paper});
  if (end !== undefined) drawDiamonds(pen, bundle, {x, y}, {step: end, colour: palette.ink, radius: 5, width: 1.25});
  if (hover?.token === token && bundle.inits.includes(hover.init) && hover.step <= lastStep)
    drawRings(
      pen,
      {...bundle, inits: [hover.init]},
      {x, y},
      {step: hover.step, colourOf: () => palette.accent, radius: 4.5, width: 2, fillOf: colourOf}
    );
  return {left, top, size, nearest: nearestIn(bundle), x, y, unit: (2 * reach) / size};
}

function farthest({points, dims: [i, j], tokens: [token], inits}: Bundle): number {
  let most = 0;
  for (const init of inits) {
    for (let step = 0; step < points.steps; ++step)
      most = Math.max(most, Math.abs(coordinateAt(points, step, init, token, i)), Math.abs(coordinateAt(points, step, init, token, j)));
  }
  return most;
}
