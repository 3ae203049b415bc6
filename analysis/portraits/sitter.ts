import type {Pattern} from "../patterns/labels.ts";

/** What a portrait needs of a verdict; steps are rows of the states. */
export interface Sitter {
  readonly init: number;
  readonly pattern: Exclude<Pattern, "unsettled">;
  readonly window: readonly [number, number];
  /** Steps per turn: of an orbit, or of a spiral. */
  readonly period?: number;
  /** Distance kept per step. */
  readonly rate?: number;
  /** Of one state, over the norm of the states. */
  readonly noiseFloor: number;
  /** The drift keeps to a great circle. */
  readonly greatCircle?: boolean;
  /** Coordinates that were weighed down by their noise for the label: left out of the picture, which they would fill. */
  readonly weighed?: readonly number[];
}

/** The picture that shows a label: lengths are shares of the norm of the trajectory's last state. */
export interface Drawing {
  /** All initial states of the token in the plane of the one that sits, `[step][init][2]`. */
  readonly points: Float32Array;
  /** Share of the squared distances from the centre, over the window, that the plane shows. */
  readonly share: number;
  /** The fitted curve in the plane, `[point][2]`: the closed curve, the line, the great circle. Closed where its ends meet. */
  readonly curve: Float32Array;
  /** What is drawn against the step, `[step][init]`: the first axis of an orbit, the way of a slider, the distance to the end. */
  readonly along: Float32Array;
  /** The fit of that, of the initial state that sits, at the steps of the window. */
  readonly fitted: Float32Array;
  /** Root mean square distance per state of the window from the fit, in full dimension. */
  readonly residual: number;
  /** Step at which the orbit's or spiral's phase is 0. */
  readonly phaseStep: number;
  /** Whether the along of a slider is an angle, radians. */
  readonly greatCircle: boolean;
}
