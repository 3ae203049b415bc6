import type {Measure} from "../../api/contract/choices.ts";
import {scaleDiverging, scaleSequential, scaleSequentialLog} from "d3";
import {extentOf, type Field} from "./field.ts";
import {amountColour, signedColour, type Palette} from "./palette.ts";

/** How values become colours: amounts over decades, amounts in proportion, or both signs about zero. */
export type ScaleKind = Measure["scale"];

export interface AmountScale {
  readonly kind: ScaleKind;
  readonly low: number;
  readonly high: number;
  /** Where a value stands between the colours of both ends, 0 to 1; NaN where it is not defined. */
  share(value: number): number;
  /** The colour of a share. */
  ramp(share: number): string;
}

const MAX_DECADES = 8; // float32 has seven digits; smaller values share the last colour

export function amountScale(field: Pick<Field, "values">, kind: ScaleKind, palette: Palette): AmountScale {
  const itself = (share: number): number => share;
  if (kind === "signed") {
    const share = scaleDiverging(itself).domain([-1, 0, 1]).clamp(true);
    return {kind, low: -1, high: 1, share: finite(share), ramp: (at) => signedColour(palette, 2 * at - 1)};
  }
  const ramp = (at: number): string => amountColour(palette, at);
  const [least, high] = extentOf(field, {positive: kind === "log"}) ?? [0.1, 1];
  if (kind === "log") {
    const low = Math.max(least, high / 10 ** MAX_DECADES);
    const share = scaleSequentialLog(itself)
      .domain(low < high ? [low, high] : [low / 10, high])
      .clamp(true);
    return {kind, low, high, share: (value) => (Number.isNaN(value) ? NaN : share(Math.max(low, value))), ramp};
  }
  const low = Math.min(0, least);
  const share = scaleSequential(itself)
    .domain(low < high ? [low, high] : [low - 1, high])
    .clamp(true);
  return {kind, low, high, share: finite(share), ramp};
}

const finite =
  (share: (value: number) => number) =>
  (value: number): number =>
    Number.isFinite(value) ? share(value) : NaN;
