import {scaleLinear, scaleLog} from "d3";
import {extentOf, valueAt, type Field} from "./field.ts";
import {amountColour, initColour, stepColour, tokenColour, type Palette} from "./palette.ts";
import type {Pattern} from "../../api/contract/choices.ts";
import type {ColourOf} from "./trajectoryMarks.ts";

/** What the colour of a state says; `logstep` spaces the steps by log(1 + step), so that the first ones are told apart. */
type ColouringKind = "step" | "logstep" | "token" | "init" | "label" | "entropy" | "kl";

interface ColouringOptions {
  readonly palette: Palette;
  readonly lastStep: number;
  readonly inits: number;
  /** What is shown as an amount, instead of the kind, and whether over decades. */
  readonly amount?: {readonly field: Field; readonly isLog: boolean};
  /** The label of a trajectory, for "label". */
  readonly labelOf?: (init: number, token: number) => Pattern | undefined;
}

const LEVELS = 48; // shades of a ramp: few enough that states of one shade are drawn in one stroke

export function colouring(kind: ColouringKind, {palette, lastStep, inits, amount, labelOf}: ColouringOptions): ColourOf {
  if (kind === "token") return (_step, _init, token) => tokenColour(palette, token);
  if (kind === "init") {
    const colours = Array.from({length: inits}, (_, init) => initColour(palette, init, inits));
    return (_step, init) => colours[init];
  }
  if (kind === "label") return (_step, init, token) => palette.labels[labelOf?.(init, token) ?? "unsettled"];
  if (amount) return amountColouring(amount.field, amount.isLog, palette);
  const share = (step: number): number => (kind === "logstep" ? Math.log1p(step) / Math.log1p(lastStep) : step / Math.max(1, lastStep));
  const steps = Array.from({length: lastStep + 1}, (_, step) => stepColour(palette, Math.round(share(step) * LEVELS) / LEVELS));
  return (step) => steps[Math.min(step, lastStep)];
}

function amountColouring(field: Field, log: boolean, palette: Palette): ColourOf {
  const [low, high] = extentOf(field, {positive: log}) ?? [0.1, 1];
  const share = log
    ? scaleLog([Math.max(low, high * 1e-8), high], [0, 1]).clamp(true)
    : scaleLinear([Math.min(0, low), high], [0, 1]).clamp(true);
  const shades = Array.from({length: LEVELS + 1}, (_, i) => amountColour(palette, 0.15 + 0.85 * (i / LEVELS)));
  return (step, init, token) => {
    const value = step < field.steps ? valueAt(field, step, init, token) : NaN;
    return Number.isFinite(value) ? shades[Math.round(share(Math.max(value, log ? 1e-300 : value)) * LEVELS)] : palette.faint;
  };
}
