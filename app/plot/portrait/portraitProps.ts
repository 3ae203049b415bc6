import type {TrainedProps} from "../beyond.ts";
import {phaseColour, stepColour, type Palette} from "../palette.ts";
import type {Frame} from "../plot.ts";
import {phaseAt, type PortraitData} from "./portraitData.ts";

export interface PortraitProps extends Frame, TrainedProps {
  readonly palette: Palette;
  readonly portrait: PortraitData;
  /** The token's text as it is drawn. */
  readonly name: string;
  /** The plane's title says whose it is, where nothing around the plot does. */
  readonly named?: boolean;
  readonly step: number;
  /** The last step on an axis of steps. */
  readonly lastStep: number;
  /** The pointer is over this step; undefined when it leaves. */
  readonly onHover: (step: number | undefined, at: readonly [number, number]) => void;
  readonly onPick: (step: number) => void;
}

const SHADES = 36; // colours of a turn or a ramp: states of one shade are one stroke

/** The colour of a step: round the circle of phases, or along the ramp of steps. */
export function shaded(portrait: PortraitData, palette: Palette): (step: number) => string {
  const {info, steps} = portrait;
  if (info.pattern === "orbit") return (step) => phaseColour(palette, Math.round(phaseAt(portrait, step) * SHADES) / SHADES);
  const span = info.pattern === "converging" ? [info.first_step, info.first_step + steps - 1] : info.window;
  const shareOf = (step: number): number =>
    info.pattern === "converging"
      ? Math.log1p(step - span[0]) / Math.log1p(Math.max(1, span[1] - span[0]))
      : (step - span[0]) / Math.max(1, span[1] - span[0]);
  return (step) => stepColour(palette, Math.round(Math.min(1, Math.max(0, shareOf(step))) * SHADES) / SHADES);
}
