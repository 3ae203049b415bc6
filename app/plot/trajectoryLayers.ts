import {frameOf, manyLines} from "./manyLines.ts";
import {canvasPen, svgPen} from "./pen.ts";
import {drawFrontLines, drawFrontMarks, drawOverlays, drawRest, hasFront, type TrajectoryScene} from "./trajectoryScene.ts";

/** The canvases under a plane's axes: very many lines by WebGL, the rest and the chosen ones by pens. */
interface TrajectoryLayers {
  resize(width: number, height: number): void;
  /** Draws everything; of very many lines a sample, until the picture is at rest. */
  paint(scene: TrajectoryScene): void;
  /** Draws only what follows the step. */
  paintStep(scene: TrajectoryScene): void;
  /** Appends what is on the screen to an SVG group, as lines; very many of them as a picture. */
  copyTo(group: SVGGElement, scene: TrajectoryScene): void;
  destroy(): void;
}

export function trajectoryLayers(node: HTMLElement): TrajectoryLayers {
  const [manyCanvas, restCanvas, frontCanvas] = Array.from({length: 3}, () => {
    const canvas = node.appendChild(node.ownerDocument.createElement("canvas"));
    Object.assign(canvas.style, {position: "absolute", inset: "0", pointerEvents: "none"});
    return canvas;
  });
  const many = manyLines(manyCanvas);

  /** The chosen ones are drawn again on top of very many lines. */
  function paintFront(scene: TrajectoryScene, isMany: boolean): void {
    if (!show(frontCanvas, !isMany || hasFront(scene))) return;
    inFrame(frontCanvas, scene, (context) => {
      if (!isMany || scene.chosen.length > 0) drawFrontLines(canvasPen(context), scene);
      drawFrontMarks(canvasPen(context), scene);
      drawOverlays(canvasPen(context), scene);
    });
  }

  return {
    resize(width, height) {
      for (const canvas of [manyCanvas, restCanvas, frontCanvas]) {
        const [columns, rows] = [width, height].map((length) => Math.round(length * devicePixelRatio));
        if (canvas.width === columns && canvas.height === rows) continue; // setting either makes a new canvas, of the same size too
        canvas.width = columns;
        canvas.height = rows;
        Object.assign(canvas.style, {width: `${width}px`, height: `${height}px`});
      }
    },
    paint(scene) {
      const isMany = many.paint(scene);
      if (show(restCanvas, !isMany)) inFrame(restCanvas, scene, (context) => drawRest(canvasPen(context), scene));
      paintFront(scene, isMany);
    },
    paintStep(scene) {
      const isMany = many.isOn();
      if (isMany && scene.chosen.length === 0) many.paint(scene);
      paintFront(scene, isMany);
    },
    copyTo(group, scene) {
      many.complete();
      copyScene(group, scene, many.isOn() ? manyCanvas : undefined);
    },
    destroy() {
      many.destroy();
      for (const canvas of [manyCanvas, restCanvas, frontCanvas]) canvas.remove();
    }
  };
}

/** Shows a canvas, or takes it away where nothing is drawn on it: an empty one costs as much of a frame as a full one. */
function show(canvas: HTMLCanvasElement, isShown: boolean): boolean {
  canvas.style.display = isShown ? "" : "none";
  return isShown;
}

/** Draws inside the axes, on a canvas that is empty. */
function inFrame(canvas: HTMLCanvasElement, scene: TrajectoryScene, draw: (context: CanvasRenderingContext2D) => void): void {
  const context = canvas.getContext("2d", {willReadFrequently: true}) as CanvasRenderingContext2D; // drawn by the processor: faster for thousands of thin strokes
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, scene.width, scene.height);
  context.save();
  context.beginPath();
  context.rect(...frameOf(scene));
  context.clip();
  draw(context);
  context.restore();
}

/** A scene as SVG; very many lines as the picture that they are. */
function copyScene(group: SVGGElement, scene: TrajectoryScene, lines: HTMLCanvasElement | undefined): void {
  const pen = svgPen(group);
  if (lines) {
    const image = group.ownerDocument.createElementNS("http://www.w3.org/2000/svg", "image");
    for (const [name, value] of Object.entries({width: scene.width, height: scene.height, href: lines.toDataURL()}))
      image.setAttribute(name, String(value));
    group.append(image);
  } else drawRest(pen, scene);
  if (!lines || scene.chosen.length > 0) drawFrontLines(pen, scene);
  drawFrontMarks(pen, scene);
  drawOverlays(pen, scene);
}
