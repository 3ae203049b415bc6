import {coordinateAt, type Points} from "./field.ts";
import type {Pen} from "./pen.ts";

/** From coordinates of the picture to pixels. */
export interface Projector {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Some trajectories of a picture: which dimensions lie on the axes, which tokens and inits are drawn. */
export interface Bundle {
  readonly points: Points;
  readonly dims: readonly [number, number];
  readonly tokens: readonly number[];
  readonly inits: readonly number[];
}

export type ColourOf = (step: number, init: number, token: number) => string;

interface PathStyle {
  readonly colourOf: ColourOf;
  readonly width: number;
  readonly alpha?: number;
  /** First and last step drawn, both included; defaults to all. */
  readonly from?: number;
  readonly to?: number;
  /** The last trained step: segments beyond it are paler and thinner. */
  readonly trained?: number;
}

/** How what lies beyond the trained steps is drawn, against what does not. */
export const BEYOND = {alpha: 0.6, width: 0.7};

/** Straight lines from step to step; a segment has the colour of the state that it leads to. Segments of one colour are one stroke. */
export function drawPaths(pen: Pen, bundle: Bundle, projector: Projector, {trained = Infinity, ...style}: PathStyle): void {
  const {from = 0, to = bundle.points.steps - 1, width, alpha = 1} = style;
  const beyond = {...style, width: width * BEYOND.width, alpha: alpha * BEYOND.alpha};
  drawSegments(pen, bundle, projector, {...beyond, from: Math.max(from, trained), to});
  drawSegments(pen, bundle, projector, {...style, from, to: Math.min(to, trained)});
}

function drawSegments(
  pen: Pen,
  {points, dims: [i, j], tokens, inits}: Bundle,
  {x, y}: Projector,
  {colourOf, width, alpha, from, to}: Omit<PathStyle, "from" | "to" | "trained"> & {readonly from: number; readonly to: number}
): void {
  const byColour = new Map<string, number[]>();
  for (let step = from + 1; step <= to; ++step) {
    for (const init of inits) {
      for (const token of tokens) {
        const x1 = coordinateAt(points, step - 1, init, token, i);
        const x2 = coordinateAt(points, step, init, token, i);
        const y1 = coordinateAt(points, step - 1, init, token, j);
        const y2 = coordinateAt(points, step, init, token, j);
        if (!Number.isFinite(x1 + x2 + y1 + y2)) continue;
        listOf(byColour, colourOf(step, init, token)).push(x(x1), y(y1), x(x2), y(y2));
      }
    }
  }
  for (const [colour, coordinates] of byColour) pen.segments(coordinates, {colour, width, alpha});
}

/** A dot at every state from one step to another. */
export function drawStates(
  pen: Pen,
  bundle: Bundle,
  projector: Projector,
  {colourOf, width: radius, alpha = 1, from = 0, to = bundle.points.steps - 1}: PathStyle
): void {
  const byColour = new Map<string, number[]>();
  for (let step = from; step <= to; ++step) {
    for (const init of bundle.inits)
      for (const token of bundle.tokens)
        if (isPlaced(bundle, step, init, token))
          listOf(byColour, colourOf(step, init, token)).push(...pixelsOf(bundle, projector, step, init, token));
  }
  for (const [colour, coordinates] of byColour) pen.dots(coordinates, {colour, radius, alpha});
}

/** A ring at one step of every trajectory, filled with `fill`. */
export function drawRings(
  pen: Pen,
  bundle: Bundle,
  projector: Projector,
  {step, colourOf, radius, width, fillOf}: {step: number; colourOf: ColourOf; radius: number; width: number; fillOf: ColourOf}
): void {
  for (const init of bundle.inits) {
    for (const token of bundle.tokens) {
      if (!isPlaced(bundle, step, init, token)) continue;
      pen.rings(pixelsOf(bundle, projector, step, init, token), {
        colour: colourOf(step, init, token),
        radius,
        width,
        fill: fillOf(step, init, token)
      });
    }
  }
}

/** Whether a state has a place in the picture: one with NaN or Infinity has none. */
const isPlaced = ({points, dims: [i, j]}: Bundle, step: number, init: number, token: number): boolean =>
  Number.isFinite(coordinateAt(points, step, init, token, i) + coordinateAt(points, step, init, token, j));

export function pixelsOf(
  {points, dims: [i, j]}: Pick<Bundle, "points" | "dims">,
  {x, y}: Projector,
  step: number,
  init: number,
  token: number
): [number, number] {
  return [x(coordinateAt(points, step, init, token, i)), y(coordinateAt(points, step, init, token, j))];
}

/** A hollow diamond at one step of every trajectory: where the trained steps end. */
export function drawDiamonds(
  pen: Pen,
  bundle: Bundle,
  projector: Projector,
  {step, colour, radius: r, width}: {step: number; colour: string; radius: number; width: number}
): void {
  const sides: number[] = [];
  for (const init of bundle.inits) {
    for (const token of bundle.tokens) {
      if (!isPlaced(bundle, step, init, token)) continue;
      const [x, y] = pixelsOf(bundle, projector, step, init, token);
      sides.push(x, y - r, x + r, y, x + r, y, x, y + r, x, y + r, x - r, y, x - r, y, x, y - r);
    }
  }
  pen.segments(sides, {colour, width});
}

/** The smallest rectangle around the finite states of a bundle: [x0, x1], [y0, y1]; a unit square about 0 where there are none. */
export function boundsOf({points, dims: [i, j], tokens, inits}: Bundle): [[number, number], [number, number]] {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let step = 0; step < points.steps; ++step) {
    for (const init of inits) {
      for (const token of tokens) {
        const px = coordinateAt(points, step, init, token, i);
        const py = coordinateAt(points, step, init, token, j);
        if (!Number.isFinite(px + py)) continue;
        if (px < x0) x0 = px;
        if (px > x1) x1 = px;
        if (py < y0) y0 = py;
        if (py > y1) y1 = py;
      }
    }
  }
  return x0 <= x1
    ? [
        [x0, x1],
        [y0, y1]
      ]
    : [
        [-0.5, 0.5],
        [-0.5, 0.5]
      ];
}

type Box = [[number, number], [number, number]];

/** The smallest rectangle around rectangles. */
export function unionOf(boxes: readonly Box[]): Box {
  const ends = (axis: 0 | 1): [number, number] => [
    Math.min(...boxes.map((box) => box[axis][0])),
    Math.max(...boxes.map((box) => box[axis][1]))
  ];
  return [ends(0), ends(1)];
}

/**
 * Domains with the same units per pixel on both axes, so that angles and lengths are not distorted: `bounds` with a margin,
 * widened about its middle until it has the shape of the picture.
 */
export function equalDomains(
  [[x0, x1], [y0, y1]]: [[number, number], [number, number]],
  width: number,
  height: number
): [[number, number], [number, number]] {
  const MARGIN = 1.12;
  const unit = Math.max((x1 - x0) / width, (y1 - y0) / height, 1e-12) * MARGIN;
  const [cx, cy] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return [
    [cx - (unit * width) / 2, cx + (unit * width) / 2],
    [cy - (unit * height) / 2, cy + (unit * height) / 2]
  ];
}

function listOf(lists: Map<string, number[]>, key: string): number[] {
  let list = lists.get(key);
  if (!list) lists.set(key, (list = []));
  return list;
}
