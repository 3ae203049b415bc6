import type {TrainedProps} from "./beyond.ts";
import {shownInits, type Points} from "./field.ts";
import type {Palette} from "./palette.ts";
import type {Frame} from "./plot.ts";
import type {Spot, Zoom} from "./spot.ts";
import type {Bundle, ColourOf} from "./trajectoryMarks.ts";
import type {Overlay} from "./trajectoryScene.ts";

export interface TrajectoryProps extends Frame, TrainedProps {
  readonly palette: Palette;
  readonly points: Points;
  /** Which dimensions of the points lie on x and y. */
  readonly dims: readonly [number, number];
  readonly axisTitles: readonly [string, string];
  /** Names of the tokens, for the labels at the ends of the chosen trajectories. */
  readonly names: readonly string[];
  /** Tokens drawn in colour with the rest faint; when empty, all are. */
  readonly chosen: readonly number[];
  /** The only init drawn; all when undefined. */
  readonly init: number | undefined;
  /** Chosen trajectories are drawn up to here in full, then faintly. */
  readonly step: number;
  readonly hover: Spot | undefined;
  readonly colourOf: ColourOf;
  /** Trajectories of other runs in the same basis, each in one colour. */
  readonly overlays?: readonly Overlay[];
  /** Drags draw a lasso instead of moving the picture. */
  readonly lasso: boolean;
  /** Another basis or another run: the zoom starts anew. */
  readonly basis: string;
  /** Where it is zoomed to; undefined shows the whole. */
  readonly zoom?: Zoom;
  readonly onHover: (spot: Spot | undefined, at: readonly [number, number]) => void;
  readonly onPick: (spot: Spot | undefined, extend: boolean) => void;
  readonly onLasso: (tokens: readonly number[]) => void;
  /** Called when a zoom or a drag has come to rest. */
  readonly onZoom?: (zoom: Zoom | undefined) => void;
}

export const overlayBundles = ({overlays = [], dims, init}: TrajectoryProps): Bundle[] =>
  overlays.map(({points, tokens}) => ({points, dims, tokens, inits: shownInits(init, points)}));

/** Trajectories of the run: all of them, those chosen, or the rest, which is none where none is chosen. */
export function bundleOf({points, dims, chosen, init}: TrajectoryProps, which: "all" | "chosen" | "rest"): Bundle {
  const all = [...Array(points.tokens).keys()];
  const known = new Set(chosen.filter((token) => token < points.tokens));
  const tokens = which === "all" ? all : which === "chosen" ? [...known] : known.size ? all.filter((token) => !known.has(token)) : [];
  return {points, dims, tokens, inits: shownInits(init, points)};
}

/** Those in front: the chosen ones, or all where none is chosen. */
export const frontOf = (props: TrajectoryProps): Bundle => bundleOf(props, props.chosen.length ? "chosen" : "all");
