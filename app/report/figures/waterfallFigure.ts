import {create, drag, pointer, select, type D3DragEvent, type Selection} from "d3";
import {formatShare} from "../../plot/format.ts";
import type {Plot} from "../../plot/plot.ts";
import {nearestIn, type Nearest} from "../../plot/nearest.ts";
import {canvasPen, svgPen, type Pen} from "../../plot/pen.ts";
import {drawPaths, pixelsOf, type Bundle, type ColourOf} from "../../plot/trajectoryMarks.ts";
import type {Figure, Gestures, Scene} from "../figure.ts";
import {logShare} from "../logShare.ts";
import {FIRST_TURN} from "../reportView.ts";
import {pointsCsv, type RunFigures} from "../runFigures.ts";
import {waterfallOf, type Waterfall} from "./waterfall.ts";

const MARGIN = 16;
const LABEL_ROOM = 12; // pixels from one token's text to the next
const HIT = 10; // pixels

type RunScene = Scene<RunFigures>;

/** The trajectories of all tokens stacked by position, in PC1 and PC2; drag to turn it. */
export const waterfallFigure: Figure<RunFigures> = {
  id: "waterfall",
  height: ({names}) => 300 + 12 * Math.min(names.length - 1, 35),
  make: waterfallPlot,
  csv: pointsCsv
};

function waterfallPlot(node: HTMLElement, first: RunScene, {point, pick, turn}: Gestures): Plot<RunScene> {
  let scene = first;
  let waterfall: Waterfall;
  let nearest: Nearest;
  let frame = 0;
  const root = select(node).style("position", "relative");
  const under: Sheet = root.append("svg").style("position", "absolute").style("inset", "0");
  const canvas = root.append("canvas").style("position", "absolute").style("inset", "0");
  const over: Sheet = root
    .append("svg")
    .style("position", "absolute")
    .style("inset", "0")
    .style("touch-action", "pan-y")
    .style("cursor", "grab")
    .attr("role", "img")
    .attr("tabindex", 0)
    .attr("aria-label", "Waterfall of trajectories; arrow keys turn it");

  const spotAt = (event: MouseEvent) => {
    const [px, py] = pointer(event, over.node());
    const {x, y} = waterfall.projector;
    const unit = 1 / (x(1) - x(0));
    return nearest((px - x(0)) * unit, (y(0) - py) * unit, HIT * unit);
  };
  over
    .on("pointermove", (event: PointerEvent) => void (event.buttons === 0 && point(spotAt(event), [event.clientX, event.clientY])))
    .on("pointerleave", (event: PointerEvent) => point(undefined, [event.clientX, event.clientY]))
    .on(
      "click",
      (event: MouseEvent) =>
        void (event.defaultPrevented || pick(spotAt(event)?.token, {extend: event.shiftKey || event.metaKey || event.ctrlKey}))
    )
    .on("dblclick", () =>
      turn({azimuth: FIRST_TURN.azimuth - scene.view.turn.azimuth, elevation: FIRST_TURN.elevation - scene.view.turn.elevation})
    )
    .on("keydown", (event: KeyboardEvent) => {
      const by = {ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5]}[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation(); // the page's own arrows walk along the prompt
      turn({azimuth: by[0], elevation: by[1]});
    })
    .call(
      drag<SVGSVGElement, unknown>().on("drag", ({dx, dy}: D3DragEvent<SVGSVGElement, unknown, unknown>) =>
        turn({azimuth: -dx / 3, elevation: dy / 3})
      )
    );

  function layOut(): void {
    const {width, height} = scene;
    waterfall = fallOf(scene);
    nearest = nearestIn(bundleOf(scene, waterfall, allTokens(scene)));
    for (const layer of [under, over]) layer.attr("width", width).attr("height", height);
    canvas
      .attr("width", Math.round(width * devicePixelRatio))
      .attr("height", Math.round(height * devicePixelRatio))
      .style("width", `${width}px`)
      .style("height", `${height}px`);
  }

  function paint(): void {
    const context = canvas.node()!.getContext("2d")!;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, scene.width, scene.height);
    under.selectAll("*").remove();
    drawFrame(under, scene, waterfall);
    drawMarks(canvasPen(context), scene, waterfall);
    drawHover();
  }

  function drawHover(): void {
    over.selectAll("*").remove();
    const {
      view: {hover},
      palette
    } = scene;
    if (!hover || hover.step > scene.data.lastStep) return;
    const place = (step: number) => pixelsOf({points: waterfall.points, dims: [0, 1]}, waterfall.projector, step, hover.init, hover.token);
    over
      .append("path")
      .attr("d", `M${Array.from({length: waterfall.points.steps}, (_, step) => place(step).join(",")).join("L")}`)
      .attr("fill", "none")
      .attr("stroke", palette.accent)
      .attr("stroke-width", 1.25);
    const [cx, cy] = place(hover.step);
    over
      .append("circle")
      .attr("cx", cx)
      .attr("cy", cy)
      .attr("r", 5.5)
      .attr("fill", "none")
      .attr("stroke", palette.accent)
      .attr("stroke-width", 2);
  }

  const schedule = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(paint);
  };

  layOut();
  schedule();
  return {
    update(next: RunScene) {
      const before = scene;
      scene = next;
      const {turn: nowTurn, chosen, init, step, hover} = next.view;
      const moved = before.view.turn !== nowTurn || before.width !== next.width || before.view.init !== init;
      if (moved) layOut();
      if (moved || before.palette !== next.palette || before.view.chosen !== chosen || before.view.step !== step) schedule();
      else if (before.view.hover !== hover) drawHover();
    },
    destroy() {
      cancelAnimationFrame(frame);
      root.selectAll("*").remove();
    },
    picture() {
      const svg = sheet(scene);
      drawFrame(svg, scene, waterfall);
      drawMarks(svgPen(svg.append("g").node()!), scene, waterfall);
      return svg.node()!;
    }
  };
}

/** An SVG that stands on its own. */
const sheet = ({width, height}: RunScene): Sheet =>
  create("svg")
    .attr("width", width)
    .attr("height", height)
    .attr("role", "img")
    .attr("aria-label", "Waterfall of trajectories: PC1 and PC2 by token position") as unknown as Sheet;

type Sheet = Selection<SVGSVGElement, unknown, null, undefined>;

const fallOf = ({data: {points}, view: {turn}, width, height}: RunScene): Waterfall =>
  waterfallOf(points, turn, {width, height, margin: MARGIN});

const allTokens = ({data: {points}}: RunScene): number[] => [...Array(points.tokens).keys()];

const bundleOf = ({view: {init}, data: {inits}}: RunScene, {points}: Waterfall, tokens: readonly number[]): Bundle => ({
  points,
  dims: [0, 1],
  tokens,
  inits: init === undefined ? [...Array(inits).keys()] : [init]
});

/** The ground plane with its two components, the axis along which nothing moves, and the tokens' texts. */
function drawFrame(svg: Sheet, scene: RunScene, {placeOf, projector}: Waterfall): void {
  const {
    palette,
    data: {
      names,
      report: {
        summary: {explained}
      }
    },
    view: {chosen},
    height
  } = scene;
  const bottom = names.length - 1;
  const group = svg.append("g").attr("font-family", palette.font).attr("font-size", 11).attr("fill", palette.quiet);
  const line = (from: readonly [number, number], to: readonly [number, number], colour: string) =>
    group.append("line").attr("x1", from[0]).attr("y1", from[1]).attr("x2", to[0]).attr("y2", to[1]).attr("stroke", colour);
  const corners = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1]
  ].map(([x, y]) => placeOf(x, y, bottom));
  corners.forEach((corner, i) => line(corner, corners[(i + 1) % 4], palette.line));
  line(placeOf(0, 0, 0), placeOf(0, 0, bottom), palette.faint);
  for (const [k, [x, y]] of [
    [1, 0],
    [0, 1]
  ].entries()) {
    const [to, beyond] = [placeOf(x, y, bottom), placeOf(1.16 * x, 1.16 * y, bottom)];
    line(placeOf(0, 0, bottom), to, palette.faint);
    group
      .append("text")
      .attr("x", beyond[0])
      .attr("y", beyond[1])
      .attr("dy", "0.35em")
      .attr("text-anchor", "middle")
      .text(`PC${k + 1} ${formatShare(explained[k])}`);
  }
  const labelsEnd = projector.x(-1.3);
  let last = -Infinity;
  names.forEach((name, token) => {
    const y = placeOf(0, 0, token)[1];
    if (!chosen.includes(token) && y - last < LABEL_ROOM) return;
    last = y;
    group
      .append("text")
      .attr("x", labelsEnd)
      .attr("y", Math.min(height - 4, y))
      .attr("dy", "0.35em")
      .attr("text-anchor", "end")
      .attr("fill", chosen.includes(token) ? palette.ink : palette.quiet)
      .attr("font-weight", chosen.includes(token) ? 600 : 400)
      .text(name.length > 12 ? `${name.slice(0, 11)}…` : name);
  });
}

function drawMarks(pen: Pen, scene: RunScene, waterfall: Waterfall): void {
  const {
    palette,
    view: {chosen, step},
    data: {lastStep},
    stepColour
  } = scene;
  const colourOf: ColourOf = (at) => stepColour(logShare(at, lastStep));
  const all = allTokens(scene);
  if (chosen.length)
    drawPaths(
      pen,
      bundleOf(
        scene,
        waterfall,
        all.filter((token) => !chosen.includes(token))
      ),
      waterfall.projector,
      {colourOf: () => palette.faint, width: 0.8, alpha: 0.45}
    );
  const bundle = bundleOf(scene, waterfall, chosen.length ? chosen : all);
  drawPaths(pen, bundle, waterfall.projector, {colourOf, width: chosen.length ? 1.6 : 1, alpha: 0.2, from: Math.min(step, lastStep)});
  drawPaths(pen, bundle, waterfall.projector, {colourOf, width: chosen.length ? 1.6 : 1, alpha: 0.9, to: step});
}
