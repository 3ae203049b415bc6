import type {Projected} from "../../state/view.ts";
import type {RunData} from "../runData.ts";
import type {Projection} from "./useProjection.ts";

export interface TrajectoryViewProps {
  readonly data: RunData;
  readonly chosen: readonly number[];
  readonly step: number;
  readonly version: string;
}

/** What a picture of trajectories needs to be drawn. */
export interface PictureProps {
  readonly data: RunData;
  readonly chosen: readonly number[];
  readonly step: number;
  readonly picture: Projected;
  readonly projection: Projection;
  readonly lasso: boolean;
  /** Receives the plots that are on the screen. */
  readonly plots: {current: (ShownPlot | null)[]};
}

/** What a plot on the screen can be asked. */
export interface ShownPlot {
  picture(): SVGSVGElement;
  fit(): void;
  /** Not in three dimensions. */
  fitChosen?(): void;
  zoomBy(factor: number): void;
}
