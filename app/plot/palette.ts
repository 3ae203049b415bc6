import {hcl, interpolateViridis} from "d3";
import type {Pattern} from "../../api/contract/choices.ts";

/** The colours of one theme, in the notations that d3 reads too. Plots take them as data, so that a report draws without the page's style sheets. */
export interface Palette {
  readonly dark: boolean;
  readonly paper: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  /** What is drawn but not chosen. */
  readonly faint: string;
  /** The selection and the cursor, and nothing else. */
  readonly accent: string;
  /** After Okabe and Ito; told apart by shape and word as well. */
  readonly labels: Readonly<Record<Pattern, string>>;
  readonly font: string;
}

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

export const lightPalette: Palette = {
  dark: false,
  paper: "#ffffff",
  ink: "#1b2027",
  quiet: "#5a6370",
  line: "#dde1e6",
  faint: "#a3abb7",
  accent: "#b0307f",
  labels: {converging: "#0072B2", orbit: "#D55E00", slider: "#009E73", unsettled: "#767676"},
  font
};

export const darkPalette: Palette = {
  dark: true,
  paper: "#14171c",
  ink: "#e7eaee",
  quiet: "#a0a8b4",
  line: "#2c323b",
  faint: "#5f6875",
  accent: "#f08fc6",
  labels: {converging: "#56A9DC", orbit: "#F08A4B", slider: "#2CC295", unsettled: "#9AA0A8"},
  font
};

/** Viridis from the first step (0) to the last (1), without the end that sinks into the paper. */
export function stepColour({dark}: Palette, share: number): string {
  return dark ? interpolateViridis(0.3 + 0.7 * share) : interpolateViridis(0.9 * share);
}

/** A place on a closed curve, 0 to 1, round the circle of hues at one lightness: 0 and 1 are the same colour. */
export const phaseColour = ({dark}: Palette, phase: number): string => hcl((360 * phase) % 360, 65, dark ? 70 : 52).formatHex();

/** A single hue from the paper (0) to its deepest (1), for amounts. */
export function amountColour({dark}: Palette, share: number): string {
  const s = Math.min(1, Math.max(0, share));
  return dark ? `hsl(207, ${30 + 45 * s}%, ${13 + 62 * s}%)` : `hsl(207, ${40 + 45 * s}%, ${96 - 70 * s}%)`;
}

/** Below zero orange, above zero blue, for cosines from −1 to 1. */
export function signedColour(palette: Palette, value: number): string {
  const s = Math.min(1, Math.abs(value));
  const hue = value < 0 ? 24 : 207;
  return palette.dark ? `hsl(${hue}, ${75 * s}%, ${15 + 47 * s}%)` : `hsl(${hue}, ${85 * s}%, ${96 - 54 * s}%)`;
}

/** Inits by lightness of one hue: init 0 the strongest. */
export function initColour({dark}: Palette, init: number, inits: number): string {
  const share = inits > 1 ? init / (inits - 1) : 0;
  return dark ? `hsl(207, 70%, ${78 - 42 * share}%)` : `hsl(207, 80%, ${26 + 42 * share}%)`;
}

/** Tokens by hue around the circle at one lightness; neighbours are far apart. */
export function tokenColour({dark}: Palette, token: number): string {
  return `hsl(${(token * 137.508) % 360}, ${dark ? "60%, 66%" : "62%, 40%"})`; // the golden angle
}

/** A run drawn over another: what Okabe and Ito's colours have left, and between them the ink, which is near the colour of the first steps. */
export const compareColour = ({ink, dark}: Palette, index: number): string =>
  [dark ? "#E8B84A" : "#B07A00", ink, dark ? "#8FD0F5" : "#2A8FC4"][index % 3];
