import {pointer, scaleLinear, select, type Selection} from "d3";
import {beyondSpan} from "../../api/contract/choices.ts";
import {drawEndLabels} from "./endLabels.ts";
import {drawHoverMark} from "./hoverMark.ts";
import {frameOf} from "./manyLines.ts";
import {nearestIn, type Nearest} from "./nearest.ts";
import {isLasso, listenToPlane} from "./planeGestures.ts";
import {planeFrame} from "./planeFrame.ts";
import type {Plot} from "./plot.ts";
import type {Spot} from "./spot.ts";
import {trajectoryLayers} from "./trajectoryLayers.ts";
import {boundsOf, equalDomains, unionOf} from "./trajectoryMarks.ts";
import {bundleOf, frontOf, overlayBundles, type TrajectoryProps} from "./trajectoryProps.ts";
import type {TrajectoryScene} from "./trajectoryScene.ts";
import {zoomMemory, type PlaneScales} from "./zoomMemory.ts";

export interface TrajectoryPlot extends Plot<TrajectoryProps> {
  /** Back to the whole picture. */
  fit(): void;
  /** To the chosen trajectories, and those drawn over them; to the whole picture where none is chosen. */
  fitChosen(): void;
  /** Zooms by a factor about the middle. */
  zoomBy(factor: number): void;
}

const MARGIN = {top: 8, right: 12, bottom: 38, left: 56};
const CHOSEN_RADIUS = 14; // pixels: chosen trajectories are easier to hit
const REST_RADIUS = 8;

/** Trajectories in two dimensions: canvases for the lines, SVG for axes, labels, hover and lasso. Units per pixel are equal on both axes. */
export function trajectoryPlot(node: HTMLElement, first: TrajectoryProps): TrajectoryPlot {
  let props = first;
  let frame = 0;
  let found: Findable;
  const sheets = sheetsIn(node);
  const {svg, overlay, layers} = sheets;
  const memory = zoomMemory(svg, first.zoom, {
    moves: (event) => !isLasso(event, props) && !event.button,
    onMove: schedule,
    onRest: (zoom) => props.onZoom?.(zoom)
  });
  const spotAt = (event: MouseEvent): Spot | undefined => spotIn(found, memory.scales(), pointer(event, svg.node()));
  listenToPlane(svg, {propsNow: () => props, scales: memory.scales, spotAt, overlay});

  function layOut(): void {
    memory.layOut({...wholeScales(props), margin: MARGIN, width: props.width, height: props.height});
    found = findableIn(props);
    sheets.resize(props);
  }

  const drawAxes = (): void => sheets.drawAxes(props, memory.scales());

  function schedule(): void {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      drawAxes();
      layers.paint(sceneOf(props, memory.scales()));
      drawHover();
    });
  }

  const drawHover = (): void => drawHoverMark(overlay, {...props, projector: memory.scales()});
  layOut();
  if (first.zoom) memory.show(first.zoom);
  schedule();
  return {
    update(next) {
      const before = props;
      props = next;
      const changed = (...keys: readonly (keyof TrajectoryProps)[]): boolean => keys.some((key) => before[key] !== next[key]);
      if (changed(...PLACED)) layOut();
      if (changed("basis")) memory.fit();
      else if (memory.differs(next.zoom) || (next.zoom && changed("width", "height", "points", "overlays"))) memory.show(next.zoom); // the same place, whatever the frame
      if (changed(...PLACED, "palette", "colourOf", "lasso")) schedule();
      else if (changed("step")) layers.paintStep(sceneOf(props, memory.scales()));
      if (changed("hover")) drawHover();
    },
    destroy() {
      cancelAnimationFrame(frame);
      sheets.destroy();
    },
    fit: memory.fit,
    fitChosen: () => memory.fitTo(boundsInFront(props)),
    zoomBy: memory.by,
    picture() {
      drawAxes();
      return sheets.picture(sceneOf(props, memory.scales()));
    }
  };
}

/** What decides where everything lies. */
const PLACED = [
  "points",
  "dims",
  "width",
  "height",
  "init",
  "chosen",
  "overlays",
  "axisTitles",
  "trained"
] as const satisfies readonly (keyof TrajectoryProps)[];

type Sheet = Selection<SVGSVGElement, unknown, null, undefined>;

/** The sheets of a plane, one over the other: axes, canvases of lines, and what is over them. */
function sheetsIn(node: HTMLElement) {
  const root = select(node).style("position", "relative").style("touch-action", "none");
  const sheet = (): Sheet => root.append("svg").style("position", "absolute").style("inset", "0").style("display", "block");
  const back = sheet().attr("aria-hidden", "true");
  const layers = trajectoryLayers(node);
  const svg = sheet().attr("role", "img").attr("aria-label", "Trajectories"); // named from its first moment, before anything is drawn
  const drawFrame = planeFrame(back);
  const labels = svg.append("g").attr("pointer-events", "none");
  const overlay = svg.append("g");
  return {
    svg,
    layers,
    overlay,
    drawAxes(props: TrajectoryProps, scales: PlaneScales): void {
      drawFrame({...props, margin: MARGIN, ...scales});
      drawEndLabels(labels, {...props, projector: scales}, MARGIN);
      svg.style("cursor", props.lasso ? "crosshair" : "grab");
    },
    resize({width, height, axisTitles, trained, points}: TrajectoryProps): void {
      svg.attr("aria-label", `Trajectories: ${axisTitles.join(" against ")}${beyondSpan(trained, points.steps - 1)}`);
      for (const layer of [back, svg]) layer.attr("width", width).attr("height", height);
      layers.resize(width, height);
    },
    destroy(): void {
      layers.destroy();
      root.selectAll("*").remove();
    },
    picture(scene: TrajectoryScene): SVGSVGElement {
      const copy = select(back.node()?.cloneNode(true) as SVGSVGElement).attr("aria-hidden", null);
      layers.copyTo(clipped(copy, scene), scene);
      copy.append(() => labels.node()?.cloneNode(true) as SVGGElement);
      return copy.node() as SVGSVGElement;
    }
  };
}

let pictures = 0; // names of clip paths: several pictures may stand in one document

/** A group that shows nothing outside the axes. */
function clipped(sheet: Sheet, scene: TrajectoryScene): SVGGElement {
  const id = `frame-${++pictures}`;
  const [x, y, width, height] = frameOf(scene);
  sheet.append("clipPath").attr("id", id).append("rect").attr("x", x).attr("y", y).attr("width", width).attr("height", height);
  return sheet.append("g").attr("clip-path", `url(#${id})`).node() as SVGGElement;
}

/** The nearest of the chosen trajectories, and of all. */
interface Findable {
  readonly chosen: Nearest;
  readonly all: Nearest;
}

const findableIn = (props: TrajectoryProps): Findable => ({
  chosen: nearestIn(bundleOf(props, "chosen")),
  all: nearestIn(bundleOf(props, "all"))
});

const boundsInFront = (props: TrajectoryProps) => unionOf([frontOf(props), ...overlayBundles(props)].map(boundsOf));

function spotIn({chosen, all}: Findable, {x, y}: PlaneScales, [px, py]: [number, number]): Spot | undefined {
  const unit = Math.abs(x.invert(1) - x.invert(0));
  const at = [x.invert(px), y.invert(py)] as const;
  return chosen(...at, CHOSEN_RADIUS * unit) ?? all(...at, REST_RADIUS * unit);
}

/** Scales that hold every trajectory. */
function wholeScales(props: TrajectoryProps): PlaneScales {
  const {width, height} = props;
  const inner = [Math.max(10, width - MARGIN.left - MARGIN.right), Math.max(10, height - MARGIN.top - MARGIN.bottom)] as const;
  const [xDomain, yDomain] = equalDomains(unionOf([bundleOf(props, "all"), ...overlayBundles(props)].map(boundsOf)), ...inner);
  return {x: scaleLinear(xDomain, [MARGIN.left, width - MARGIN.right]), y: scaleLinear(yDomain, [height - MARGIN.bottom, MARGIN.top])};
}

const sceneOf = (props: TrajectoryProps, projector: PlaneScales): TrajectoryScene => ({
  ...props,
  margin: MARGIN,
  projector,
  all: bundleOf(props, "all"),
  rest: bundleOf(props, "rest"),
  front: frontOf(props),
  over: overlayBundles(props)
});
