import type {Palette} from "../plot/palette.ts";
import type {Plot} from "../plot/plot.ts";
import type {Spot} from "../plot/spot.ts";
import type {ReportView} from "./reportView.ts";

/** What a figure is drawn from: the data, what the reader chose, the room there is and the colours. */
export interface Scene<Data> {
  readonly data: Data;
  readonly view: ReportView;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  /** The colour of a step by its share of the way, 0 to 1. In the server's stills it is a variable of the style sheet, so that one drawing serves light and dark. */
  readonly stepColour: (share: number) => string;
}

/** What a figure tells when the reader points at something or picks it. */
export interface Gestures {
  readonly point: (spot: Spot | undefined, at: readonly [number, number]) => void;
  /** A token, or nothing; with `extend` beside those chosen already. */
  readonly pick: (token: number | undefined, options?: {readonly extend?: boolean}) => void;
  readonly choose: (tokens: readonly number[]) => void;
  readonly step: (step: number) => void;
  readonly turn: (by: {readonly azimuth: number; readonly elevation: number}) => void;
}

/** One figure of a report. The server mounts it on a small document and keeps its `picture`; the browser mounts it to stay. */
export interface Figure<Data> {
  readonly id: string;
  /** Height in pixels for a width. */
  height(data: Data, width: number): number;
  /** Whether its colours are computed and cannot be variables of the style sheet: its still is then drawn for light and for dark. */
  readonly twice?: boolean;
  make(node: HTMLElement, scene: Scene<Data>, gestures: Gestures): Plot<Scene<Data>>;
  /** The numbers behind it, as CSV. */
  csv(data: Data): string;
}

/** For a drawing that nobody touches. */
export const noGestures: Gestures = {point() {}, pick() {}, choose() {}, step() {}, turn() {}};
