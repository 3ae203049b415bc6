import {scaleLinear, scaleLog, type ScaleContinuousNumeric, type ScaleLinear} from "d3";
import type {TrainedProps} from "./beyond.ts";
import {extentOf, valueAt, type Field} from "./field.ts";
import type {Palette} from "./palette.ts";
import type {Frame} from "./plot.ts";

/** One curve over the steps: a trajectory, or anything else that has a value at each step. */
export interface Curve {
  readonly init: number;
  readonly token: number;
  readonly colour: string;
  readonly dashed?: boolean;
  /** Values of another field than the plot's own, as of a compared run. */
  readonly field?: Field;
}

export interface CurveProps extends Frame, TrainedProps {
  readonly palette: Palette;
  readonly title: string;
  readonly field: Field;
  readonly curves: readonly Curve[];
  readonly scale: "log" | "linear";
  /** Fixed ends of the value axis; fitted to the curves when undefined. */
  readonly domain?: readonly [number, number];
  /** Where the cursor stands; none when undefined. */
  readonly step: number | undefined;
  readonly lastStep: number;
  /** Values below are rounding, not dynamics: greyed. */
  readonly floor?: number;
  /** Two curves, as indices of `token` in the field, between which the room is tinted: quartiles about a median. */
  readonly band?: readonly [low: number, high: number];
  /** The step axis carries figures; off for all but the lowest of a stack. */
  readonly stepLabels: boolean;
  readonly onHover: (step: number | undefined, curve: Curve | undefined, at: readonly [number, number]) => void;
  readonly onPick: (step: number) => void;
}

/** Room about the curves in pixels; the foot has more where the axis carries figures. */
export const LEFT = 44;
export const RIGHT = 10;
export const TOP = 20;
export const footOf = ({height, stepLabels}: Pick<CurveProps, "height" | "stepLabels">): number => height - (stepLabels ? 32 : 8);

export interface CurveScales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleContinuousNumeric<number, number>;
}

export function curveScales(props: CurveProps): CurveScales {
  const range = [footOf(props), TOP];
  const [low, high] = props.domain ?? domainOf(props);
  return {
    x: scaleLinear([0, Math.max(1, props.lastStep)], [LEFT, props.width - RIGHT]),
    y: props.scale === "log" ? scaleLog([low, high], range).clamp(true) : scaleLinear([low, high], range).nice(4)
  };
}

export const valueOfCurve = ({field}: Pick<CurveProps, "field">, curve: Curve, step: number): number => {
  const own = curve.field ?? field;
  return step < own.steps ? valueAt(own, step, curve.init, curve.token) : NaN;
};

/** Whether a value has a place on the axis. */
export const isDrawn = (value: number, scale: CurveProps["scale"]): boolean => Number.isFinite(value) && (scale !== "log" || value > 0);

/** Ends of the value axis that hold every drawn curve; a log axis spans at most ten decades, a flat curve gets room. */
function domainOf(props: Pick<CurveProps, "field" | "curves" | "scale" | "band">): [number, number] {
  const tinted = (props.band ?? []).map((token): Curve => ({init: 0, token, colour: ""}));
  const values = [...props.curves, ...tinted].flatMap((curve) =>
    Array.from({length: (curve.field ?? props.field).steps}, (_, step) => valueOfCurve(props, curve, step))
  );
  const log = props.scale === "log";
  const [low, high] = extentOf({values}, {positive: log}) ?? (log ? [0.1, 1] : [0, 1]);
  if (low === high) return log ? [low / 2, high * 2] : [low - 0.5, high + 0.5];
  return log ? [Math.max(low / 1.15, high / 1e10), high * 1.15] : [low, high];
}
