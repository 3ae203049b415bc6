import {axisBottom, axisLeft, pointer, polygonContains, scaleLinear, select, zoom, zoomIdentity, type D3ZoomEvent, type ScaleLinear, type Selection, type ZoomTransform} from "d3";
import type {Spot} from "../view.ts";
import {formatNumber} from "./format.ts";
import {coordinateAt, type Points} from "./field.ts";
import {nearestIn, type Nearest} from "./nearest.ts";
import type {Palette} from "./palette.ts";
import {canvasPen, svgPen} from "./pen.ts";
import type {Frame, Plot} from "./plot.ts";
import {drawEndLabels} from "./endLabels.ts";
import {styleAxis} from "./styleAxis.ts";
import {drawChosen, drawRest, type TrajectoryScene} from "./trajectoryScene.ts";
import {boundsOf, equalDomains, pixelsOf, type Bundle, type ColourOf, type Projector} from "./trajectoryMarks.ts";

export interface TrajectoryProps extends Frame {
  readonly palette: Palette;
  readonly points: Points;
  /** Which dimensions of the points lie on x and y. */
  readonly dims: readonly [number, number];
  readonly axisTitles: readonly [string, string];
  /** Names of the tokens, for the labels at the ends of the chosen trajectories. */
  readonly names: readonly string[];
  /** Tokens drawn in colour with the rest faint; when empty, all are. */
  readonly chosen: readonly number[];
  /** The only init drawn; all when undefined. */
  readonly init: number | undefined;
  /** Chosen trajectories are drawn up to here in full, then faintly. */
  readonly step: number;
  readonly hover: Spot | undefined;
  readonly colourOf: ColourOf;
  /** Drags draw a lasso instead of moving the picture. */
  readonly lasso: boolean;
  /** Another basis or another run: the zoom starts anew. */
  readonly basis: string;
  readonly onHover: (spot: Spot | undefined, at: readonly [number, number]) => void;
  readonly onPick: (spot: Spot | undefined, extend: boolean) => void;
  readonly onLasso: (tokens: readonly number[]) => void;
}

export interface TrajectoryPlot extends Plot<TrajectoryProps> {
  /** Back to the whole picture. */
  fit(): void;
  /** Zooms by a factor about the middle. */
  zoomBy(factor: number): void;
}

const MARGIN = {top: 8, right: 12, bottom: 38, left: 56};
const CHOSEN_RADIUS = 14; // pixels: chosen trajectories are easier to hit
const REST_RADIUS = 8;

/** Trajectories in two dimensions: canvas for the lines, SVG for axes, hover and lasso. Units per pixel are equal on both axes. */
export function trajectoryPlot(node: HTMLElement, first: TrajectoryProps): TrajectoryPlot {
  let props = first;
  let transform: ZoomTransform = zoomIdentity;
  let x: ScaleLinear<number, number>;
  let y: ScaleLinear<number, number>;
  let nearest: {chosen: Nearest; rest: Nearest};
  let frame = 0;

  const root = select(node).style("position", "relative").style("touch-action", "none");
  const back = root.append("svg").style("position", "absolute").style("inset", "0").style("display", "block").attr("aria-hidden", "true");
  const canvases = ["rest", "chosen"].map(() => root.append("canvas").style("position", "absolute").style("inset", "0").style("pointer-events", "none"));
  const svg = root.append("svg").style("position", "absolute").style("inset", "0").style("display", "block").attr("role", "img");
  const gx = back.append("g");
  const gy = back.append("g");
  const titles = back.append("g");
  const labels = svg.append("g").attr("pointer-events", "none");
  const overlay = svg.append("g");

  const zooming = zoom<SVGSVGElement, unknown>()
    .scaleExtent([0.5, 2000])
    .filter((event: MouseEvent) => (event.type === "wheel" ? true : !props.lasso && !event.shiftKey && !event.button))
    .on("zoom", (event: D3ZoomEvent<SVGSVGElement, unknown>) => {
      transform = event.transform;
      schedule();
    });
  svg.call(zooming).on("dblclick.zoom", () => fit());

  svg
    .on("pointermove", (event: PointerEvent) => {
      if (event.buttons === 0) props.onHover(spotAt(event), [event.clientX, event.clientY]);
    })
    .on("pointerleave", (event: PointerEvent) => props.onHover(undefined, [event.clientX, event.clientY]))
    .on("click", (event: MouseEvent) => {
      if (!event.defaultPrevented && !lassoing) props.onPick(spotAt(event), event.shiftKey || event.metaKey || event.ctrlKey);
    });
  let lassoing = false;
  svg.on("pointerdown", (event: PointerEvent) => {
    lassoing = false;
    if ((props.lasso || event.shiftKey) && event.button === 0) drawLasso(event);
  });

  function drawLasso(down: PointerEvent): void {
    const corners: [number, number][] = [pointer(down, svg.node())];
    const line = overlay.append("path").attr("fill", props.palette.accent).attr("fill-opacity", 0.12).attr("stroke", props.palette.accent);
    const move = (event: PointerEvent): void => {
      corners.push(pointer(event, svg.node()));
      lassoing ||= corners.length > 4;
      line.attr("d", `M${corners.map((corner) => corner.join(",")).join("L")}Z`);
    };
    const up = (): void => {
      removeEventListener("pointermove", move);
      line.remove();
      if (lassoing) props.onLasso(tokensIn(corners));
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up, {once: true});
  }

  function tokensIn(corners: [number, number][]): number[] {
    const {points, dims: [i, j]} = props;
    const {inits} = bundleOf(props, "all");
    const projector = projectorNow();
    const found: number[] = [];
    for (let token = 0; token < points.tokens; ++token) {
      const inside = inits.some((init) => {
        for (let step = 0; step < points.steps; ++step) {
          if (polygonContains(corners, [projector.x(coordinateAt(points, step, init, token, i)), projector.y(coordinateAt(points, step, init, token, j))])) return true;
        }
        return false;
      });
      if (inside) found.push(token);
    }
    return found;
  }

  function spotAt(event: MouseEvent): Spot | undefined {
    const [px, py] = pointer(event, svg.node());
    const [zx, zy] = [transform.rescaleX(x), transform.rescaleY(y)];
    const unit = Math.abs(zx.invert(1) - zx.invert(0));
    const at = [zx.invert(px), zy.invert(py)] as const;
    return nearest.chosen(...at, CHOSEN_RADIUS * unit) ?? nearest.rest(...at, REST_RADIUS * unit);
  }

  function projectorNow(): Projector {
    const [zx, zy] = [transform.rescaleX(x), transform.rescaleY(y)];
    return {x: zx, y: zy};
  }

  function layOut(): void {
    const {width, height} = props;
    const inner = [Math.max(10, width - MARGIN.left - MARGIN.right), Math.max(10, height - MARGIN.top - MARGIN.bottom)] as const;
    const [xDomain, yDomain] = equalDomains(boundsOf(bundleOf(props, "all")), ...inner);
    x = scaleLinear(xDomain, [MARGIN.left, width - MARGIN.right]);
    y = scaleLinear(yDomain, [height - MARGIN.bottom, MARGIN.top]);
    nearest = {chosen: nearestIn(bundleOf(props, "chosen")), rest: nearestIn(bundleOf(props, "all"))};
    for (const layer of [back, svg]) layer.attr("width", width).attr("height", height);
    for (const canvas of canvases) {
      canvas.attr("width", Math.round(width * devicePixelRatio)).attr("height", Math.round(height * devicePixelRatio)).style("width", `${width}px`).style("height", `${height}px`);
    }
  }

  function sceneNow(): TrajectoryScene {
    return {...props, margin: MARGIN, projector: projectorNow(), rest: bundleOf(props, "rest"), bundle: bundleOf(props, props.chosen.length ? "chosen" : "all")};
  }

  function paint(layer: 0 | 1, draw: typeof drawRest): void {
    const canvas = canvases[layer].node() as HTMLCanvasElement;
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, props.width, props.height);
    context.save();
    context.beginPath();
    context.rect(MARGIN.left, MARGIN.top, props.width - MARGIN.left - MARGIN.right, props.height - MARGIN.top - MARGIN.bottom);
    context.clip();
    draw(canvasPen(context), sceneNow());
    context.restore();
  }

  function drawFrame(): void {
    const {width, height, palette, axisTitles} = props;
    const {x: zx, y: zy} = projectorNow() as {x: ScaleLinear<number, number>; y: ScaleLinear<number, number>};
    const ticks = (length: number): number => Math.max(2, Math.round(length / 90));
    gx.attr("transform", `translate(0,${height - MARGIN.bottom})`).call(axisBottom(zx).ticks(ticks(width)).tickSize(-(height - MARGIN.top - MARGIN.bottom)).tickFormat((value) => formatNumber(Number(value)))).call(styleAxis, palette);
    gy.attr("transform", `translate(${MARGIN.left},0)`).call(axisLeft(zy).ticks(ticks(height)).tickSize(-(width - MARGIN.left - MARGIN.right)).tickFormat((value) => formatNumber(Number(value)))).call(styleAxis, palette);
    drawTitles(titles, [
      {text: axisTitles[0], transform: `translate(${width - MARGIN.right},${height - 6})`},
      {text: axisTitles[1], transform: `translate(12,${MARGIN.top}) rotate(-90)`}
    ], palette);
    svg.attr("aria-label", `Trajectories: ${axisTitles.join(" against ")}`);
  }

  function drawHover(): void {
    overlay.selectAll(".hover").remove();
    const {hover, points, palette} = props;
    if (!hover || hover.token >= points.tokens || hover.init >= points.inits || hover.step >= points.steps) return;
    const projector = projectorNow();
    const path = Array.from({length: points.steps}, (_, step) => pixelsOf(props, projector, step, hover.init, hover.token).join(",")).join("L");
    const [cx, cy] = pixelsOf(props, projector, hover.step, hover.init, hover.token);
    const group = overlay.append("g").attr("class", "hover").attr("pointer-events", "none");
    group.append("path").attr("d", `M${path}`).attr("fill", "none").attr("stroke", palette.accent).attr("stroke-width", 1.25).attr("stroke-opacity", 0.75);
    group.append("circle").attr("cx", cx).attr("cy", cy).attr("r", 5.5).attr("fill", "none").attr("stroke", palette.accent).attr("stroke-width", 2);
  }

  function schedule(): void {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      drawFrame();
      paint(0, drawRest);
      paint(1, drawChosen);
      drawEndLabels(labels, {...props, projector: projectorNow()}, MARGIN);
      drawHover();
    });
  }

  function fit(): void {
    svg.call(zooming.transform, zoomIdentity);
  }

  layOut();
  schedule();

  return {
    update(next) {
      const before = props;
      props = next;
      const moved = (["points", "dims", "width", "height", "init", "chosen"] as const).some((key) => before[key] !== next[key]);
      if (moved) layOut();
      svg.style("cursor", next.lasso ? "crosshair" : "grab");
      zooming.translateExtent([[-next.width, -next.height], [2 * next.width, 2 * next.height]]);
      if (before.basis !== next.basis) fit();
      if (moved || before.palette !== next.palette || before.colourOf !== next.colourOf || before.axisTitles !== next.axisTitles) schedule();
      else if (before.step !== next.step) paint(1, drawChosen);
      if (before.hover !== next.hover) drawHover();
    },
    destroy() {
      cancelAnimationFrame(frame);
      root.selectAll("*").remove();
    },
    fit,
    zoomBy: (factor) => svg.call(zooming.scaleBy, factor),
    picture() {
      const copy = select(back.node()?.cloneNode(true) as SVGSVGElement).attr("aria-hidden", null);
      const id = `frame-${++pictures}`;
      copy.append("clipPath").attr("id", id).append("rect").attr("x", MARGIN.left).attr("y", MARGIN.top).attr("width", props.width - MARGIN.left - MARGIN.right).attr("height", props.height - MARGIN.top - MARGIN.bottom);
      const lines = copy.append("g").attr("clip-path", `url(#${id})`);
      for (const draw of [drawRest, drawChosen]) draw(svgPen(lines.node() as SVGGElement), sceneNow());
      copy.append(() => labels.node()?.cloneNode(true) as SVGGElement);
      return copy.node() as SVGSVGElement;
    }
  };
}

let pictures = 0; // names of clip paths: several pictures may stand in one document

function bundleOf({points, dims, chosen, init}: TrajectoryProps, which: "all" | "chosen" | "rest"): Bundle {
  const all = [...Array(points.tokens).keys()];
  const known = chosen.filter((token) => token < points.tokens);
  const tokens = which === "all" ? all : which === "chosen" ? known : known.length ? all.filter((token) => !known.includes(token)) : [];
  return {points, dims, tokens, inits: init !== undefined && init < points.inits ? [init] : [...Array(points.inits).keys()]};
}

function drawTitles(group: Selection<SVGGElement, unknown, null, undefined>, titles: {text: string; transform: string}[], palette: Palette): void {
  group
    .selectAll("text")
    .data(titles)
    .join("text")
    .attr("transform", ({transform}) => transform)
    .attr("text-anchor", "end")
    .attr("font-family", palette.font)
    .attr("font-size", 12)
    .attr("fill", palette.quiet)
    .text(({text}) => text);
}
