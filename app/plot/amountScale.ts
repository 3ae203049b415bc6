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
  /** The colour of a value; undefined where it is not defined. */
  colour(value: number): string | undefined;
}

const MAX_DECADES = 8; // float32 has seven digits; smaller values share the last colour

export function amountScale(field: Pick<Field, "values">, kind: ScaleKind, palette: Palette): AmountScale {
  if (kind === "signed") {
    const colour = scaleDiverging((t) => signedColour(palette, 2 * t - 1))
      .domain([-1, 0, 1])
      .clamp(true);
    return {kind, low: -1, high: 1, colour: (value) => (Number.isFinite(value) ? colour(value) : undefined)};
  }
  const [least, high] = extentOf(field, {positive: kind === "log"}) ?? [0.1, 1];
  if (kind === "log") {
    const low = Math.max(least, high / 10 ** MAX_DECADES);
    const colour = scaleSequentialLog((t) => amountColour(palette, t))
      .domain(low < high ? [low, high] : [low / 10, high])
      .clamp(true);
    return {kind, low, high, colour: (value) => (Number.isNaN(value) ? undefined : colour(Math.max(low, value)))};
  }
  const low = Math.min(0, least);
  const colour = scaleSequential((t) => amountColour(palette, t))
    .domain(low < high ? [low, high] : [low - 1, high])
    .clamp(true);
  return {kind, low, high, colour: (value) => (Number.isFinite(value) ? colour(value) : undefined)};
}
