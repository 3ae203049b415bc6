import type {ExperimentReport} from "../../api/report/reportData.ts";
import type {Palette} from "../plot/palette.ts";
import type {Plot} from "../plot/plot.ts";
import type {ColourOf} from "../plot/trajectoryMarks.ts";
import type {ReportView} from "./reportView.ts";
import type {RunFigures} from "./runFigures.ts";

/** What a figure is drawn from: the data, what the reader chose, and the colours. */
export interface Scene<Data> {
  readonly data: Data;
  readonly view: ReportView;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  /** The colour of a step; the server's stills take style sheet variables, so that one drawing serves light and dark. */
  readonly stepColour: ColourOf;
}

/** One figure of a report: drawn once as SVG (on the server, and for a file), or live in the page. */
export interface Figure<Data> {
  readonly id: string;
  /** Height in pixels at the report's full width. */
  height(data: Data): number;
  /** Puts one SVG element into the node. */
  still(node: HTMLElement, scene: Scene<Data>): void;
  live(node: HTMLElement, scene: Scene<Data>): Plot<Scene<Data>>;
  /** The numbers behind it. */
  csv(scene: Scene<Data>): string;
}

export type RunFigure = Figure<RunFigures>;
export type ExperimentFigure = Figure<ExperimentReport>;
