import {pointer, polygonContains, type Selection} from "d3";
import {coordinateAt} from "./field.ts";
import type {Bundle, Projector} from "./trajectoryMarks.ts";

interface LassoOptions {
  readonly colour: string;
  /** Called when the button is let go; with undefined where the pointer hardly moved, which is a click. */
  readonly done: (corners: [number, number][] | undefined) => void;
}

const FEWEST_CORNERS = 5;

/** Follows the pointer from a press to its release and draws what it goes around. */
export function drawLasso(
  svg: SVGSVGElement,
  layer: Selection<SVGGElement, unknown, null, undefined>,
  press: PointerEvent,
  {colour, done}: LassoOptions
): void {
  const corners: [number, number][] = [pointer(press, svg)];
  const line = layer.append("path").attr("fill", colour).attr("fill-opacity", 0.12).attr("stroke", colour);
  const move = (event: PointerEvent): void => {
    corners.push(pointer(event, svg));
    line.attr("d", `M${corners.map((corner) => corner.join(",")).join("L")}Z`);
  };
  const release = (): void => {
    removeEventListener("pointermove", move);
    line.remove();
    done(corners.length < FEWEST_CORNERS ? undefined : corners);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", release, {once: true});
}

/** The tokens of which at least one state lies inside a polygon of pixels. */
export function tokensInside({points, dims: [i, j], tokens, inits}: Bundle, {x, y}: Projector, corners: [number, number][]): number[] {
  return tokens.filter((token) =>
    inits.some((init) => {
      for (let step = 0; step < points.steps; ++step) {
        if (polygonContains(corners, [x(coordinateAt(points, step, init, token, i)), y(coordinateAt(points, step, init, token, j))]))
          return true;
      }
      return false;
    })
  );
}
