import {format} from "d3";
import {digitsApart} from "../../api/contract/digitsApart.ts";

/** At most three significant digits, with a real minus sign; tiny and huge numbers as a power of ten; a dash for "not defined". */
export const formatNumber = (value: number): string => formatDigits(value, 3);

/** An interval in brackets, with as many digits as tell its ends apart. */
export function formatInterval(interval: readonly [number | null, number | null]): string {
  const digits = digitsApart(interval, formatDigits);
  return `[${interval.map((end) => formatDigits(end, digits)).join(", ")}]`;
}

function formatDigits(value: number | null, digits: number): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text = format(size !== 0 && (size < 0.001 || size >= 100_000) ? `.${digits - 2}e` : `.${digits}~r`)(value);
  return text.replace("-", "−");
}

/** Two significant digits, for narrow columns. */
export const formatShort = (value: number): string =>
  Number.isFinite(value) && value !== 0
    ? format(Math.abs(value) < 0.01 || Math.abs(value) >= 1e4 ? ".1e" : ".2~g")(value).replace("-", "−")
    : formatNumber(value);

const RAISED: Readonly<Record<string, string>> = {"-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹"};

/** A power of ten as it is written: 10⁻⁴. */
export const powerText = (power: number): string => `10${[...String(power)].map((sign) => RAISED[sign]).join("")}`;

/** The power of ten that all figures of an axis are divided by, so that they stay short: 0 unless all are tiny, or some are huge. */
export function sharedPower(ends: readonly number[]): number {
  const power = Math.floor(Math.log10(Math.max(...ends.map(Math.abs))));
  return Number.isFinite(power) && (power < -2 || power > 4) ? power : 0;
}

/** A tick of a log axis: a power of ten far from one is written as such. */
export function formatDecade(value: number): string {
  const power = Math.round(Math.log10(value));
  const whole = Math.abs(value / 10 ** power - 1) < 1e-9;
  return whole && Math.abs(power) > 2 ? powerText(power) : formatNumber(value);
}

/** A share as a percentage: 41 %, 0.3 %. */
export const formatShare = (share: number): string =>
  Number.isFinite(share) ? `${format(share < 0.0995 ? ".2~g" : ".0f")(100 * share)} %` : "–";

/** A probability out of a log-probability. */
export const formatProbability = (logProbability: number): string => format(".3f")(Math.exp(logProbability));

/** Bytes for people: 3.2 MB. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3)) : 0;
  return `${format(power ? ".3~g" : "d")(bytes / 1000 ** power)} ${units[power]}`;
}

/** Seconds for people: 8 s, 3 min, 2 h 5 min. */
export function formatSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long ago, for a list: now, 5 min ago, 3 h ago, then the date. */
export function formatAge(created: string, now: number): string {
  const seconds = (now - Date.parse(created)) / 1000;
  if (seconds < 60) return "now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return created.slice(0, 10);
}

export {tokenText as tokenLabel} from "../../capture/trace/tokenText.ts";

/** Pixels that a line at the size of 12 takes, about. */
export const textWidth = (text: string): number => 6.6 * text.length;

/** As much of a text as so many characters are; what is longer ends in an ellipsis. */
export function shortened(text: string, most: number): string {
  const characters = [...text]; // none is cut in two
  return characters.length > most ? `${characters.slice(0, Math.max(1, most - 1)).join("")}…` : text;
}

/** As much of a text as has room, by what its characters are measured to take; what is longer ends in an ellipsis. */
export function fitting(text: string, room: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= room) return text;
  const characters = [...text];
  while (characters.length > 0 && widthOf(`${characters.join("")}…`) > room) characters.pop();
  return `${characters.join("")}…`;
}
