import type {TrainedProps} from "../beyond.ts";
import type {Palette} from "../palette.ts";
import type {Frame} from "../plot.ts";
import type {Spot} from "../spot.ts";
import type {ColourOf} from "../trajectoryMarks.ts";
import type {SpacePoints} from "./spacePoints.ts";

export interface SpaceProps extends Frame, TrainedProps {
  readonly palette: Palette;
  readonly space: SpacePoints;
  readonly axisTitles: readonly [string, string, string];
  readonly names: readonly string[];
  readonly chosen: readonly number[];
  readonly init: number | undefined;
  readonly step: number;
  readonly hover: Spot | undefined;
  readonly colourOf: ColourOf;
  /** Drags draw a lasso instead of turning the picture. */
  readonly lasso: boolean;
  /** Another basis or another run: the camera starts anew. */
  readonly basis: string;
  readonly onHover: (spot: Spot | undefined, at: readonly [number, number]) => void;
  readonly onPick: (spot: Spot | undefined, extend: boolean) => void;
  readonly onLasso: (tokens: readonly number[]) => void;
}
