import {trainedEnd} from "../../api/contract/choices.ts";
import type {TrainedProps} from "./beyond.ts";
import type {Points} from "./field.ts";
import type {Palette} from "./palette.ts";
import type {Pen} from "./pen.ts";
import {drawDiamonds, drawPaths, drawRings, drawStates, type Bundle, type ColourOf, type Projector} from "./trajectoryMarks.ts";

/** Another run's trajectories in the same basis. */
export interface Overlay {
  readonly points: Points;
  readonly colour: string;
  /** The tokens of it that are drawn. */
  readonly tokens: readonly number[];
  /** Those that stand for a token of the run on the screen, with that token: for pictures that have a place for each token. */
  readonly pairs: readonly {readonly token: number; readonly beside: number}[];
}

/** Everything that is drawn as lines and dots, in pixels of one moment. */
export interface TrajectoryScene extends TrainedProps {
  readonly palette: Palette;
  readonly points: Points;
  readonly dims: readonly [number, number];
  readonly projector: Projector;
  readonly init: number | undefined;
  readonly chosen: readonly number[];
  /** All trajectories, those behind in grey, and those in front in colour. */
  readonly all: Bundle;
  readonly rest: Bundle;
  readonly front: Bundle;
  /** Trajectories of other runs, and their colours. */
  readonly over: readonly Bundle[];
  readonly overlays?: readonly Overlay[];
  readonly step: number;
  readonly colourOf: ColourOf;
  readonly width: number;
  readonly height: number;
  readonly margin: {readonly top: number; readonly right: number; readonly bottom: number; readonly left: number};
}

const MAX_DOTS = 6000; // beyond it a dot per state only blots the lines
const MAX_RINGS = 400; // trajectories whose ends are marked
const AHEAD_ALPHA = 0.22; // what lies after the step looked at

export const segmentsOf = ({points, tokens, inits}: Bundle): number => (points.steps - 1) * tokens.length * inits.length;

/** The last trained step, where a run goes beyond it. */
const endOf = ({trained}: TrajectoryScene, {steps}: Points): number | undefined => trainedEnd(trained, steps - 1);

export function drawRest(pen: Pen, scene: TrajectoryScene): void {
  const {rest, projector, palette, points} = scene;
  if (rest.tokens.length)
    drawPaths(pen, rest, projector, {colourOf: () => palette.faint, width: 0.8, alpha: 0.55, trained: endOf(scene, points)});
}

/** The trajectories in colour: in full up to the step looked at, then faintly; thinner beyond the trained steps. */
export function drawFrontLines(pen: Pen, scene: TrajectoryScene): void {
  const {front, projector, points, step, colourOf, chosen} = scene;
  const last = points.steps - 1;
  const now = Math.min(step, last);
  const look = {colourOf, width: chosen.length ? 1.75 : 1.1, trained: endOf(scene, points)};
  drawPaths(pen, front, projector, {...look, alpha: AHEAD_ALPHA, from: now, to: last});
  drawPaths(pen, front, projector, {...look, alpha: 0.95, from: 0, to: now});
}

/** Other runs over this one, each in its colour, up to the step looked at. */
export function drawOverlays(pen: Pen, scene: TrajectoryScene): void {
  const {over, overlays = [], projector, palette, step} = scene;
  over.forEach((bundle, k) => {
    const colourOf = (): string => overlays[k].colour;
    const last = bundle.points.steps - 1;
    const now = Math.min(step, last);
    const look = {colourOf, width: 1.1, trained: endOf(scene, bundle.points)};
    drawPaths(pen, bundle, projector, {...look, alpha: AHEAD_ALPHA, from: now, to: last});
    drawPaths(pen, bundle, projector, {...look, alpha: 0.9, from: 0, to: now});
    drawRings(pen, bundle, projector, {step: 0, colourOf, radius: 3, width: 1.25, fillOf: () => palette.paper});
    drawRings(pen, bundle, projector, {step: last, colourOf: () => palette.paper, radius: 3.5, width: 1, fillOf: colourOf});
  });
}

/** Whether anything is drawn over very many lines. */
export const hasFront = ({chosen, front, over}: TrajectoryScene): boolean =>
  chosen.length > 0 || over.length > 0 || front.tokens.length * front.inits.length <= MAX_RINGS;

/** Marks on the trajectories in colour: hollow where they begin, filled where they end, a diamond where the trained steps end, the step looked at ringed. */
export function drawFrontMarks(pen: Pen, scene: TrajectoryScene): void {
  const {front, projector, palette, points, step, colourOf, chosen} = scene;
  const end = endOf(scene, points);
  const last = points.steps - 1;
  const now = Math.min(step, last);
  const paths = front.tokens.length * front.inits.length;
  if (paths * points.steps <= MAX_DOTS) drawStates(pen, front, projector, {colourOf, width: chosen.length ? 2 : 1.4, from: 1, to: now});
  if (paths > MAX_RINGS) return;
  drawRings(pen, front, projector, {step: 0, colourOf, radius: 4, width: 1.5, fillOf: () => palette.paper});
  drawRings(pen, front, projector, {step: last, colourOf: () => palette.paper, radius: 4.5, width: 1, fillOf: colourOf});
  if (end !== undefined) drawDiamonds(pen, front, projector, {step: end, colour: palette.ink, radius: 5, width: 1.25});
  if (now < last) drawRings(pen, front, projector, {step: now, colourOf: () => palette.accent, radius: 4.5, width: 2, fillOf: colourOf});
}
