import type {ScaleKind} from "./amountScale.ts";
import type {TrainedProps} from "./beyond.ts";
import type {Field} from "./field.ts";
import type {Palette} from "./palette.ts";
import type {Frame} from "./plot.ts";
import type {Spot} from "./spot.ts";

export interface HeatMapProps extends Frame, TrainedProps {
  readonly palette: Palette;
  readonly field: Field;
  readonly kind: ScaleKind;
  readonly init: number;
  readonly step: number;
  /** Steps on the axis; more than the field has while a run grows. */
  readonly lastStep: number;
  readonly names: readonly string[];
  /** The first token that the model made; absent where all are the prompt's. */
  readonly madeFrom?: number;
  readonly chosen: readonly number[];
  readonly hover: Spot | undefined;
  readonly label: string;
  readonly onHover: (spot: Spot | undefined, at: readonly [number, number]) => void;
  readonly onPick: (spot: Spot, extend: boolean) => void;
}

export const MARGIN = {top: 4, right: 72, bottom: 34, left: 84};
const MAX_ROW = 36;

/** Size of all cells together and of one of them, pixels. */
interface HeatFrame {
  readonly w: number;
  readonly h: number;
  readonly row: number;
  readonly column: number;
}

export function heatFrame({width, height, field, lastStep}: Pick<HeatMapProps, "width" | "height" | "field" | "lastStep">): HeatFrame {
  const w = Math.max(10, width - MARGIN.left - MARGIN.right);
  const row = Math.min(MAX_ROW, Math.max(1, height - MARGIN.top - MARGIN.bottom) / field.tokens);
  return {w, h: row * field.tokens, row, column: w / (lastStep + 1)};
}
