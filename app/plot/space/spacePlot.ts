import {select, type Selection} from "d3";
import type {Spot} from "../spot.ts";
import type {Plot} from "../plot.ts";
import {drawLasso} from "../lasso.ts";
import {drawSpaceLabels, type SpaceLabels} from "./spaceLabels.ts";
import {spaceLines} from "./spaceLines.ts";
import type {SpaceProps} from "./spaceProps.ts";
import {nearestOnScreen, tokensWithin} from "./spacePoints.ts";
import {spaceStage, type SpaceStage} from "./spaceStage.ts";

export interface SpacePlot extends Plot<SpaceProps> {
  fit(): void;
  zoomBy(factor: number): void;
}

const HIT_RADIUS = 12; // pixels
const CLICK_SLACK = 4; // pixels that a click may move

/** Trajectories in three dimensions: drag turns, scroll zooms, the right button moves, shift and drag draws a lasso. */
export function spacePlot(node: HTMLElement, first: SpaceProps): SpacePlot {
  let props = first;
  let frame = 0;
  let labels: SpaceLabels;
  const root = select(node).style("position", "relative").style("touch-action", "none");
  const stage = spaceStage(node, schedule);
  const lines = spaceLines(stage.scene);
  const sheet = sheetIn(root).attr("role", "img").attr("aria-label", "Trajectories in three dimensions");
  const loops = sheetIn(root).style("width", "100%").style("height", "100%").attr("aria-hidden", "true");
  listenToSpace(stage, loops, () => props);
  stage.canvas.addEventListener("dblclick", fit);

  function resize(): void {
    stage.resize(props);
    sheet.attr("width", props.width).attr("height", props.height);
    lines.resize(props.width, props.height);
  }

  function fit(): void {
    stage.fit(props);
  }

  function drawNow(): void {
    stage.render();
    labels = drawSpaceLabels(sheet, props, stage.camera);
  }

  function schedule(): void {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(drawNow);
  }

  resize();
  lines.build(props);
  fit();
  return {
    update(next) {
      const before = props;
      props = next;
      const changed = (...keys: (keyof SpaceProps)[]): boolean => keys.some((key) => before[key] !== next[key]);
      if (changed("width", "height")) resize();
      if (changed("space", "chosen", "init", "colourOf", "palette", "step", "trained")) lines.build(props);
      if (changed("basis")) fit();
      stage.canvas.style.cursor = props.lasso ? "crosshair" : "";
      schedule();
    },
    destroy() {
      cancelAnimationFrame(frame);
      lines.clear();
      stage.destroy();
      root.selectAll("*").remove();
    },
    fit,
    zoomBy: (factor) => stage.zoomBy(factor),
    picture() {
      drawNow(); // the drawing buffer is there only until the frame ends
      return pictureOf(sheet, stage.canvas, labels, props);
    }
  };
}

type Sheet = Selection<SVGSVGElement, unknown, null, undefined>;

const sheetIn = (root: Selection<HTMLElement, unknown, null, undefined>): Sheet =>
  root.append("svg").style("position", "absolute").style("inset", "0").style("pointer-events", "none");

/** Pointing, picking, and choosing by a lasso. */
function listenToSpace({camera, canvas, controls}: SpaceStage, loops: Sheet, propsNow: () => SpaceProps): void {
  let lassoed = false;
  let pressed: readonly [number, number] = [0, 0];
  const spotAt = (event: MouseEvent): Spot | undefined => {
    const {left, top} = canvas.getBoundingClientRect();
    return nearestOnScreen(propsNow(), camera, [event.clientX - left, event.clientY - top], HIT_RADIUS);
  };

  /** Before the controls hear of it: what draws a lasso does not turn the picture. */
  function press(event: PointerEvent): void {
    pressed = [event.clientX, event.clientY];
    lassoed = false;
    const draws = (propsNow().lasso || event.shiftKey) && event.button === 0;
    controls.enabled = !draws;
    if (!draws) return;
    drawLasso(loops.node() as SVGSVGElement, loops.append("g"), event, {
      colour: propsNow().palette.accent,
      done(corners) {
        loops.selectAll("*").remove();
        controls.enabled = true;
        lassoed = corners !== undefined;
        if (corners) propsNow().onLasso(tokensWithin(propsNow(), camera, corners));
      }
    });
  }

  select(canvas)
    .on("pointermove", (event: PointerEvent) => {
      if (event.buttons === 0) propsNow().onHover(spotAt(event), [event.clientX, event.clientY]);
    })
    .on("pointerleave", (event: PointerEvent) => propsNow().onHover(undefined, [event.clientX, event.clientY]));
  canvas.addEventListener("pointerdown", press, {capture: true});
  canvas.addEventListener("click", (event) => {
    if (lassoed) return;
    if (Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) <= CLICK_SLACK)
      propsNow().onPick(spotAt(event), event.shiftKey || event.metaKey || event.ctrlKey);
  });
}

function pictureOf(sheet: Sheet, canvas: HTMLCanvasElement, labels: SpaceLabels, {width, height}: SpaceProps): SVGSVGElement {
  const copy = select(sheet.node()?.cloneNode(true) as SVGSVGElement);
  copy.insert("image", ":first-child").attr("width", width).attr("height", height).attr("href", canvas.toDataURL());
  copy.attr("aria-label", labels.text);
  return copy.node() as SVGSVGElement;
}
