import {darkPalette, lightPalette, stepColour, type Palette} from "../plot/palette.ts";

const LEVELS = 48; // shades of the step ramp, as on the page

const named = ["paper", "ink", "quiet", "line", "faint", "accent"] as const;

/** The colours of a theme as declarations of a style sheet: what the server's stills refer to. */
function styleColours(palette: Palette): string {
  const steps = Array.from({length: LEVELS + 1}, (_, level) => `--s${level}:${stepColour(palette, level / LEVELS)}`);
  return [
    ...named.map((name) => `--${name}:${palette[name]}`),
    ...Object.entries(palette.labels).map(([label, colour]) => `--${label}:${colour}`),
    ...steps
  ].join(";");
}

/** Draws with the style sheet's colours, so that one drawing serves light and dark. */
export const sheetPalette: Palette = {
  ...lightPalette,
  ...Object.fromEntries(named.map((name) => [name, `var(--${name})`])),
  labels: {converging: "var(--converging)", orbit: "var(--orbit)", slider: "var(--slider)", unsettled: "var(--unsettled)"}
};

export const sheetStepColour = (share: number): string => `var(--s${Math.round(share * LEVELS)})`;

const stepColours = new Map(
  [lightPalette, darkPalette].map((palette) => [
    palette,
    (share: number): string => stepColour(palette, Math.round(share * LEVELS) / LEVELS)
  ])
);

/** The step ramp of a theme: the same function for the same theme. */
export const stepColourOf = (palette: Palette): ((share: number) => string) => stepColours.get(palette)!;

/** Colours by theme: the reader's system decides, paper is always light. */
export const styleSheet = (): string =>
  `:root{${styleColours(lightPalette)}}@media (prefers-color-scheme:dark){:root{${styleColours(darkPalette)}}}@media print{:root{${styleColours(lightPalette)}}}`;
