import {lineLayer, type LineLayer} from "./lineLayer.ts";
import {canvasPen, svgPen} from "./pen.ts";
import {drawFrontLines, drawFrontMarks, drawOverlays, drawRest, segmentsOf, type TrajectoryScene} from "./trajectoryScene.ts";

/** The canvases under a plane's axes: very many lines by WebGL, the rest and the chosen ones by pens. */
export interface TrajectoryLayers {
  resize(width: number, height: number): void;
  /** Draws everything. */
  paint(scene: TrajectoryScene): void;
  /** Draws only what follows the step. */
  paintStep(scene: TrajectoryScene): void;
  /** Appends what is on the screen to an SVG group, as lines; very many of them as a picture. */
  copyTo(group: SVGGElement, scene: TrajectoryScene): void;
  destroy(): void;
}

const MANY_SEGMENTS = 4000; // beyond it a canvas takes longer than a frame
const SMOOTH_SEGMENTS = 50_000; // beyond it edges cannot be told apart, and smoothing them costs a frame
const BEHIND = {alpha: 0.4, ahead: 0.4};
const IN_COLOUR = {alpha: 0.8, ahead: 0.15};

export function trajectoryLayers(node: HTMLElement): TrajectoryLayers {
  const [manyCanvas, restCanvas, frontCanvas] = Array.from({length: 3}, () => {
    const canvas = node.appendChild(node.ownerDocument.createElement("canvas"));
    Object.assign(canvas.style, {position: "absolute", inset: "0", pointerEvents: "none"});
    return canvas;
  });
  let layer: LineLayer | undefined;
  let loaded: Pick<TrajectoryScene, "points" | "dims" | "colourOf" | "init"> | undefined;

  /** WebGL draws all lines, the chosen ones again on top by the pen; false where they are few or there is no WebGL. */
  function paintMany(scene: TrajectoryScene): boolean {
    if (segmentsOf(scene.all) <= MANY_SEGMENTS) {
      if (loaded) layer?.clear();
      loaded = undefined;
      return false;
    }
    layer ??= lineLayer(manyCanvas, {smooth: segmentsOf(scene.all) <= SMOOTH_SEGMENTS});
    if (!layer) return false;
    const {points, dims, colourOf, init, projector, step, palette, chosen, margin, width, height} = scene;
    if (!loaded || loaded.points !== points || loaded.dims !== dims || loaded.colourOf !== colourOf || loaded.init !== init) {
      layer.load(scene.all, colourOf);
      loaded = {points, dims, colourOf, init};
    }
    const look = chosen.length ? {...BEHIND, tint: palette.faint} : IN_COLOUR;
    layer.draw(projector, {
      ...look,
      step,
      size: [width, height],
      frame: [margin.left, margin.top, width - margin.left - margin.right, height - margin.top - margin.bottom]
    });
    return true;
  }

  function onCanvas(
    canvas: HTMLCanvasElement,
    {width, height, margin}: TrajectoryScene,
    draw: (context: CanvasRenderingContext2D) => void
  ): void {
    const context = canvas.getContext("2d", {willReadFrequently: true}) as CanvasRenderingContext2D; // drawn by the processor: faster for thousands of thin strokes
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.save();
    context.beginPath();
    context.rect(margin.left, margin.top, width - margin.left - margin.right, height - margin.top - margin.bottom);
    context.clip();
    draw(context);
    context.restore();
  }

  function paintFront(scene: TrajectoryScene, many: boolean): void {
    onCanvas(frontCanvas, scene, (context) => {
      if (!many || scene.chosen.length > 0) drawFrontLines(canvasPen(context), scene);
      drawFrontMarks(canvasPen(context), scene);
      drawOverlays(canvasPen(context), scene);
    });
  }

  return {
    resize(width, height) {
      for (const canvas of [manyCanvas, restCanvas, frontCanvas]) {
        canvas.width = Math.round(width * devicePixelRatio);
        canvas.height = Math.round(height * devicePixelRatio);
        Object.assign(canvas.style, {width: `${width}px`, height: `${height}px`});
      }
    },
    paint(scene) {
      const many = paintMany(scene);
      onCanvas(restCanvas, scene, (context) => {
        if (!many) drawRest(canvasPen(context), scene);
      });
      paintFront(scene, many);
    },
    paintStep(scene) {
      const many = loaded !== undefined;
      if (many && scene.chosen.length === 0) paintMany(scene);
      paintFront(scene, many);
    },
    copyTo(group, scene) {
      const pen = svgPen(group);
      if (loaded) {
        const image = group.ownerDocument.createElementNS("http://www.w3.org/2000/svg", "image");
        for (const [name, value] of Object.entries({width: scene.width, height: scene.height, href: manyCanvas.toDataURL()}))
          image.setAttribute(name, String(value));
        group.append(image);
      } else drawRest(pen, scene);
      if (!loaded || scene.chosen.length > 0) drawFrontLines(pen, scene);
      drawFrontMarks(pen, scene);
      drawOverlays(pen, scene);
    },
    destroy() {
      layer?.destroy();
      for (const canvas of [manyCanvas, restCanvas, frontCanvas]) canvas.remove();
    }
  };
}
