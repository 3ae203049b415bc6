/** One state of one trajectory: what a hover or a click points at. */
export interface Spot {
  readonly step: number;
  readonly init: number;
  readonly token: number;
}

/** Where a picture is zoomed to: how far in, and the place in its middle, in its own coordinates. */
export type Zoom = readonly [scale: number, x: number, y: number];
