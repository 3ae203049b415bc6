import {pointer, scaleLinear, select, zoom, zoomIdentity, type D3ZoomEvent, type ScaleLinear, type ZoomTransform} from "d3";
import type {Spot, Zoom} from "./spot.ts";
import {drawEndLabels} from "./endLabels.ts";
import {shownInits, type Points} from "./field.ts";
import {drawLasso, tokensInside} from "./lasso.ts";
import {nearestIn, type Nearest} from "./nearest.ts";
import type {Palette} from "./palette.ts";
import {planeFrame} from "./planeFrame.ts";
import type {Frame, Plot} from "./plot.ts";
import {trajectoryLayers} from "./trajectoryLayers.ts";
import {boundsOf, equalDomains, unionOf, pixelsOf, type Bundle, type ColourOf} from "./trajectoryMarks.ts";
import type {Overlay, TrajectoryScene} from "./trajectoryScene.ts";

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
  /** Trajectories of other runs in the same basis, each in one colour. */
  readonly overlays?: readonly Overlay[];
  /** Drags draw a lasso instead of moving the picture. */
  readonly lasso: boolean;
  /** Another basis or another run: the zoom starts anew. */
  readonly basis: string;
  /** Where it is zoomed to; undefined shows the whole. */
  readonly zoom?: Zoom;
  readonly onHover: (spot: Spot | undefined, at: readonly [number, number]) => void;
  readonly onPick: (spot: Spot | undefined, extend: boolean) => void;
  readonly onLasso: (tokens: readonly number[]) => void;
  /** Called when a zoom or a drag has come to rest. */
  readonly onZoom?: (zoom: Zoom | undefined) => void;
}

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
const ZOOM_DIGITS = 6; // a thousandth of a pixel
const ROOM = 0.85; // of the frame, for what is zoomed to

/** Trajectories in two dimensions: canvases for the lines, SVG for axes, labels, hover and lasso. Units per pixel are equal on both axes. */
export function trajectoryPlot(node: HTMLElement, first: TrajectoryProps): TrajectoryPlot {
  let props = first;
  let transform: ZoomTransform = zoomIdentity;
  let x: ScaleLinear<number, number>;
  let y: ScaleLinear<number, number>;
  let nearest: {chosen: Nearest; all: Nearest};
  let frame = 0;
  let lassoed = false;
  let told = String(first.zoom); // the zoom that the page knows of

  const root = select(node).style("position", "relative").style("touch-action", "none");
  const sheet = () => root.append("svg").style("position", "absolute").style("inset", "0").style("display", "block");
  const back = sheet().attr("aria-hidden", "true");
  const layers = trajectoryLayers(node);
  const svg = sheet().attr("role", "img").attr("aria-label", "Trajectories"); // named from its first moment, before anything is drawn
  const drawFrame = planeFrame(back);
  const labels = svg.append("g").attr("pointer-events", "none");
  const overlay = svg.append("g");

  const zooming = zoom<SVGSVGElement, unknown>()
    .scaleExtent([0.5, 2000])
    .filter((event: MouseEvent) => event.type === "wheel" || (!props.lasso && !event.shiftKey && !event.button))
    .on("zoom", (event: D3ZoomEvent<SVGSVGElement, unknown>) => {
      transform = event.transform;
      schedule();
    })
    .on("end", () => {
      const zoom = zoomNow();
      if (String(zoom) === told) return;
      told = String(zoom);
      props.onZoom?.(zoom);
    });
  svg
    .call(zooming)
    .on("dblclick.zoom", () => fit())
    .on("pointermove", (event: PointerEvent) => {
      if (event.buttons === 0) props.onHover(spotAt(event), [event.clientX, event.clientY]);
    })
    .on("pointerleave", (event: PointerEvent) => props.onHover(undefined, [event.clientX, event.clientY]))
    .on("pointerdown", (event: PointerEvent) => {
      lassoed = false;
      if ((!props.lasso && !event.shiftKey) || event.button !== 0) return;
      drawLasso(svg.node() as SVGSVGElement, overlay, event, {
        colour: props.palette.accent,
        done(corners) {
          lassoed = corners !== undefined;
          if (corners) props.onLasso(tokensInside(bundleOf(props, "all"), scales(), corners));
        }
      });
    })
    .on("click", (event: MouseEvent) => {
      if (!event.defaultPrevented && !lassoed) props.onPick(spotAt(event), event.shiftKey || event.metaKey || event.ctrlKey);
    });

  const scales = () => ({x: transform.rescaleX(x), y: transform.rescaleY(y)});

  const middle = (): readonly [number, number] => [
    (MARGIN.left + props.width - MARGIN.right) / 2,
    (MARGIN.top + props.height - MARGIN.bottom) / 2
  ];

  function zoomNow(): Zoom | undefined {
    const {k} = transform;
    const [mx, my] = middle();
    if (k === 1 && transform.x === 0 && transform.y === 0) return undefined;
    return [k, x.invert(transform.invertX(mx)), y.invert(transform.invertY(my))].map((value) => Number(value.toPrecision(ZOOM_DIGITS))) as [
      number,
      number,
      number
    ];
  }

  /** The place (px, py), in pixels of the whole picture, comes into the middle. */
  const zoomTo = (scale: number, px: number, py: number): void =>
    void svg.call(
      zooming.transform,
      zoomIdentity
        .translate(...middle())
        .scale(scale)
        .translate(-px, -py)
    );

  function showZoom(): void {
    const {zoom: wanted} = props;
    told = String(wanted);
    if (wanted) zoomTo(wanted[0], x(wanted[1]), y(wanted[2]));
    else fit();
  }

  function spotAt(event: MouseEvent): Spot | undefined {
    const [px, py] = pointer(event, svg.node());
    const now = scales();
    const unit = Math.abs(now.x.invert(1) - now.x.invert(0));
    const at = [now.x.invert(px), now.y.invert(py)] as const;
    return nearest.chosen(...at, CHOSEN_RADIUS * unit) ?? nearest.all(...at, REST_RADIUS * unit);
  }

  function layOut(): void {
    const {width, height} = props;
    const inner = [Math.max(10, width - MARGIN.left - MARGIN.right), Math.max(10, height - MARGIN.top - MARGIN.bottom)] as const;
    const [xDomain, yDomain] = equalDomains(unionOf([bundleOf(props, "all"), ...overlayBundles(props)].map(boundsOf)), ...inner);
    x = scaleLinear(xDomain, [MARGIN.left, width - MARGIN.right]);
    y = scaleLinear(yDomain, [height - MARGIN.bottom, MARGIN.top]);
    nearest = {chosen: nearestIn(bundleOf(props, "chosen")), all: nearestIn(bundleOf(props, "all"))};
    svg.attr("aria-label", `Trajectories: ${props.axisTitles.join(" against ")}`);
    for (const layer of [back, svg]) layer.attr("width", width).attr("height", height);
    zooming.translateExtent([
      [-width, -height],
      [2 * width, 2 * height]
    ]);
    layers.resize(width, height);
  }

  function sceneNow(): TrajectoryScene {
    return {
      ...props,
      margin: MARGIN,
      projector: scales(),
      all: bundleOf(props, "all"),
      rest: bundleOf(props, "rest"),
      front: bundleOf(props, props.chosen.length ? "chosen" : "all"),
      over: overlayBundles(props)
    };
  }

  function drawAxes(): void {
    drawFrame({...props, margin: MARGIN, ...scales()});
    drawEndLabels(labels, {...props, projector: scales()}, MARGIN);
    svg.style("cursor", props.lasso ? "crosshair" : "grab");
  }

  function drawHover(): void {
    overlay.selectAll(".hover").remove();
    const {hover, points, palette} = props;
    if (!hover || hover.token >= points.tokens || hover.init >= points.inits || hover.step >= points.steps) return;
    const place = (step: number): [number, number] => pixelsOf(props, scales(), step, hover.init, hover.token);
    const path = Array.from({length: points.steps}, (_, step) => place(step)).filter(([px]) => Number.isFinite(px));
    const [cx, cy] = place(hover.step);
    const group = overlay.append("g").attr("class", "hover").attr("pointer-events", "none");
    group
      .append("path")
      .attr("d", `M${path.join("L")}`)
      .attr("fill", "none")
      .attr("stroke", palette.accent)
      .attr("stroke-width", 1.25)
      .attr("stroke-opacity", 0.75);
    if (Number.isFinite(cx))
      group
        .append("circle")
        .attr("cx", cx)
        .attr("cy", cy)
        .attr("r", 5.5)
        .attr("fill", "none")
        .attr("stroke", palette.accent)
        .attr("stroke-width", 2);
  }

  function schedule(): void {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      drawAxes();
      layers.paint(sceneNow());
      drawHover();
    });
  }

  const fit = (): void => void svg.call(zooming.transform, zoomIdentity);

  function fitChosen(): void {
    const {width, height} = props;
    const [[x0, x1], [y0, y1]] = unionOf([bundleOf(props, props.chosen.length ? "chosen" : "all"), ...overlayBundles(props)].map(boundsOf));
    const [w, h] = [Math.abs(x(x1) - x(x0)), Math.abs(y(y1) - y(y0))];
    const scale = Math.min(
      2000,
      ROOM * Math.min((width - MARGIN.left - MARGIN.right) / (w || 1), (height - MARGIN.top - MARGIN.bottom) / (h || 1))
    );
    zoomTo(scale, (x(x0) + x(x1)) / 2, (y(y0) + y(y1)) / 2);
  }

  layOut();
  if (first.zoom) showZoom();
  schedule();
  return {
    update(next) {
      const before = props;
      props = next;
      const changed = (...keys: (keyof TrajectoryProps)[]): boolean => keys.some((key) => before[key] !== next[key]);
      if (changed("points", "dims", "width", "height", "init", "chosen", "overlays", "axisTitles")) layOut();
      if (changed("basis")) fit();
      else if (String(next.zoom) !== told || (next.zoom && changed("width", "height", "points", "overlays"))) showZoom(); // the same place, whatever the frame
      if (changed("points", "dims", "width", "height", "init", "chosen", "overlays", "palette", "colourOf", "axisTitles", "lasso"))
        schedule();
      else if (changed("step")) layers.paintStep(sceneNow());
      if (changed("hover")) drawHover();
    },
    destroy() {
      cancelAnimationFrame(frame);
      layers.destroy();
      root.selectAll("*").remove();
    },
    fit,
    fitChosen,
    zoomBy: (factor) => void svg.call(zooming.scaleBy, factor),
    picture() {
      drawAxes();
      const copy = select(back.node()?.cloneNode(true) as SVGSVGElement).attr("aria-hidden", null);
      const id = `frame-${++pictures}`;
      copy
        .append("clipPath")
        .attr("id", id)
        .append("rect")
        .attr("x", MARGIN.left)
        .attr("y", MARGIN.top)
        .attr("width", props.width - MARGIN.left - MARGIN.right)
        .attr("height", props.height - MARGIN.top - MARGIN.bottom);
      layers.copyTo(copy.append("g").attr("clip-path", `url(#${id})`).node() as SVGGElement, sceneNow());
      copy.append(() => labels.node()?.cloneNode(true) as SVGGElement);
      return copy.node() as SVGSVGElement;
    }
  };
}

const overlayBundles = ({overlays = [], dims, init}: TrajectoryProps): Bundle[] =>
  overlays.map(({points, tokens}) => ({points, dims, tokens, inits: shownInits(init, points)}));

let pictures = 0; // names of clip paths: several pictures may stand in one document

function bundleOf({points, dims, chosen, init}: TrajectoryProps, which: "all" | "chosen" | "rest"): Bundle {
  const all = [...Array(points.tokens).keys()];
  const known = new Set(chosen.filter((token) => token < points.tokens));
  const tokens = which === "all" ? all : which === "chosen" ? [...known] : known.size ? all.filter((token) => !known.has(token)) : [];
  return {points, dims, tokens, inits: shownInits(init, points)};
}
