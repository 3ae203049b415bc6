import type {Points} from "./field.ts";
import type {Palette} from "./palette.ts";
import type {Pen} from "./pen.ts";
import {drawPaths, drawRings, drawStates, type Bundle, type ColourOf, type Projector} from "./trajectoryMarks.ts";

/** Everything that is drawn as lines and dots, in pixels of one moment. */
export interface TrajectoryScene {
  readonly palette: Palette;
  readonly points: Points;
  readonly projector: Projector;
  /** Trajectories behind, in grey. */
  readonly rest: Bundle;
  /** Trajectories in front, in colour. */
  readonly bundle: Bundle;
  readonly chosen: readonly number[];
  readonly step: number;
  readonly colourOf: ColourOf;
  readonly width: number;
  readonly height: number;
  readonly margin: {readonly top: number; readonly right: number; readonly bottom: number; readonly left: number};
}

const MAX_DOTS = 6000; // beyond it a dot per state only blots the lines
const AHEAD_ALPHA = 0.22; // what lies after the step looked at

export function drawRest(pen: Pen, {rest, projector, palette}: TrajectoryScene): void {
  if (rest.tokens.length) drawPaths(pen, rest, projector, {colourOf: () => palette.faint, width: 0.8, alpha: 0.55});
}

/** The trajectories in colour: hollow where they begin, filled where they end, the step looked at ringed. */
export function drawChosen(pen: Pen, scene: TrajectoryScene): void {
  const {bundle, projector, palette, points, step, colourOf, chosen} = scene;
  const last = points.steps - 1;
  const now = Math.min(step, last);
  const width = chosen.length ? 1.75 : 1.1;
  drawPaths(pen, bundle, projector, {colourOf, width, alpha: AHEAD_ALPHA, from: now, to: last});
  drawPaths(pen, bundle, projector, {colourOf, width, alpha: 0.95, from: 0, to: now});
  const paths = bundle.tokens.length * bundle.inits.length;
  if (paths * points.steps <= MAX_DOTS) drawStates(pen, bundle, projector, {colourOf, width: chosen.length ? 2 : 1.4, from: 1, to: now});
  if (paths > 400) return;
  drawRings(pen, bundle, projector, {step: 0, colourOf, radius: 4, width: 1.5, fillOf: () => palette.paper});
  drawRings(pen, bundle, projector, {step: last, colourOf: () => palette.paper, radius: 4.5, width: 1, fillOf: colourOf});
  if (now < last) drawRings(pen, bundle, projector, {step: now, colourOf: () => palette.accent, radius: 4.5, width: 2, fillOf: colourOf});
}
