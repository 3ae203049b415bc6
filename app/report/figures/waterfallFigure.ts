import {create, drag, pointer, select, type D3DragEvent} from "d3";
import {beyondSpan} from "../../../api/contract/choices.ts";
import type {Plot} from "../../plot/plot.ts";
import {nearestIn, type Nearest} from "../../plot/nearest.ts";
import {canvasPen, svgPen} from "../../plot/pen.ts";
import type {Spot} from "../../plot/spot.ts";
import type {Figure, Gestures} from "../figure.ts";
import {FIRST_TURN} from "../reportView.ts";
import {pointsCsv, type RunFigures} from "../runFigures.ts";
import {allTokens, bundleOf, drawFrame, drawHover, drawMarks, type RunScene, type Sheet} from "./drawWaterfall.ts";
import {waterfallOf, type Waterfall} from "./waterfall.ts";

const MARGIN = 16;
const HIT = 10; // pixels

/** The trajectories of all tokens stacked by position, in PC1 and PC2; drag to turn it. */
export const waterfallFigure: Figure<RunFigures> = {
  id: "waterfall",
  height: ({names}) => 300 + 12 * Math.min(names.length - 1, 35),
  make: waterfallPlot,
  csv: pointsCsv
};

function waterfallPlot(node: HTMLElement, first: RunScene, gestures: Gestures): Plot<RunScene> {
  let scene = first;
  let waterfall: Waterfall;
  let nearest: Nearest;
  let frame = 0;
  const {under, canvas, over, clear, resize} = sheetsIn(node, first);
  listen(over, gestures, {
    sceneNow: () => scene,
    spotAt: (event) => spotIn(nearest, waterfall, pointer(event, over.node()))
  });

  function layOut(): void {
    waterfall = fallOf(scene);
    nearest = nearestIn(bundleOf(scene, waterfall, allTokens(scene)));
    resize(scene);
  }

  function paint(): void {
    const context = canvas.getContext("2d")!;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, scene.width, scene.height);
    under.selectAll("*").remove();
    drawFrame(under, scene, waterfall);
    drawMarks(canvasPen(context), scene, waterfall);
    drawHover(over, scene, waterfall);
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
      else if (before.view.hover !== hover) drawHover(over, scene, waterfall);
    },
    destroy() {
      cancelAnimationFrame(frame);
      clear();
    },
    picture() {
      const svg = sheet(scene);
      drawFrame(svg, scene, waterfall);
      drawMarks(svgPen(svg.append("g").node()!), scene, waterfall);
      return svg.node()!;
    }
  };
}

/** Frame, canvas of lines, and what listens, one over the other. */
function sheetsIn(node: HTMLElement, {data: {trained, lastStep}}: RunScene) {
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
    .attr("aria-label", `Waterfall of trajectories; arrow keys turn it${beyondSpan(trained, lastStep)}`);
  return {
    under,
    over,
    canvas: canvas.node()!,
    clear: () => void root.selectAll("*").remove(),
    resize({width, height}: RunScene): void {
      for (const layer of [under, over]) layer.attr("width", width).attr("height", height);
      canvas
        .attr("width", Math.round(width * devicePixelRatio))
        .attr("height", Math.round(height * devicePixelRatio))
        .style("width", `${width}px`)
        .style("height", `${height}px`);
    }
  };
}

interface Listening {
  readonly sceneNow: () => RunScene;
  readonly spotAt: (event: MouseEvent) => Spot | undefined;
}

const KEY_TURNS: Readonly<Record<string, readonly [azimuth: number, elevation: number]>> = {
  ArrowLeft: [-5, 0],
  ArrowRight: [5, 0],
  ArrowUp: [0, 5],
  ArrowDown: [0, -5]
};

/** Pointing, picking, and turning by drag and by keys. */
function listen(over: Sheet, {point, pick, turn}: Gestures, {sceneNow, spotAt}: Listening): void {
  over
    .on("pointermove", (event: PointerEvent) => void (event.buttons === 0 && point(spotAt(event), [event.clientX, event.clientY])))
    .on("pointerleave", (event: PointerEvent) => point(undefined, [event.clientX, event.clientY]))
    .on(
      "click",
      (event: MouseEvent) =>
        void (event.defaultPrevented || pick(spotAt(event)?.token, {extend: event.shiftKey || event.metaKey || event.ctrlKey}))
    )
    .on("dblclick", () => {
      const {azimuth, elevation} = sceneNow().view.turn;
      turn({azimuth: FIRST_TURN.azimuth - azimuth, elevation: FIRST_TURN.elevation - elevation});
    })
    .on("keydown", (event: KeyboardEvent) => {
      const by = KEY_TURNS[event.key];
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
}

function spotIn(nearest: Nearest, {projector: {x, y}}: Waterfall, [px, py]: [number, number]): Spot | undefined {
  const unit = 1 / (x(1) - x(0));
  return nearest((px - x(0)) * unit, (y(0) - py) * unit, HIT * unit);
}

/** An SVG that stands on its own. */
const sheet = ({width, height, data: {trained, lastStep}}: RunScene): Sheet =>
  create("svg")
    .attr("width", width)
    .attr("height", height)
    .attr("role", "img")
    .attr("aria-label", `Waterfall of trajectories: PC1 and PC2 by token position${beyondSpan(trained, lastStep)}`) as unknown as Sheet;

const fallOf = ({data: {points}, view: {turn}, width, height}: RunScene): Waterfall =>
  waterfallOf(points, turn, {width, height, margin: MARGIN});
