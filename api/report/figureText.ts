/** Numbers in sentences and tables: at most three significant digits, a real minus sign, and intervals beside what is uncertain. */

import {nounOf} from "../../capture/trace/counted.ts";
import {digitsApart} from "../contract/digitsApart.ts";

export const numberText = (value: number | null | undefined): string => digitsText(value, 3);

function digitsText(value: number | null | undefined, most: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 100_000)) {
    const [digits, power] = value.toExponential(most - 2).split("e");
    return `${digits}\u00a0·\u00a010${superscript(Number(power))}`.replace("-", "−");
  }
  return String(Number(value.toPrecision(most))).replace("-", "−");
}

/** A share as a percentage with at most three digits; never 100 % unless it is all, never 0 % unless it is none. */
export function shareText(share: number): string {
  const percent = 100 * share;
  if (share < 1 && percent > 99.9) return ">\u00a099.9\u00a0%";
  if (share > 0 && percent < 0.1) return "<\u00a00.1\u00a0%";
  return `${Number(percent.toPrecision(percent >= 99 ? 4 : 3))}\u00a0%`.replace("-", "−");
}

/** A q-value as papers write it. */
export const qText = (q: number): string => (q < 0.001 ? "<\u00a00.001" : numberText(q));

/** A cosine near 1 shows how far it is from 1, where three digits would hide it. */
export const cosineText = (value: number | undefined): string => {
  if (value === undefined) return "–";
  const missing = 1 - value;
  if (missing <= 0) return "1";
  return missing < 0.001 ? `1 − ${numberText(missing)}` : numberText(value);
};

/** An interval in brackets, with as many digits as tell its ends apart; nothing where there is none. */
export function intervalText(interval: readonly [number | null, number | null] | null | undefined): string {
  if (!interval) return "";
  const most = digitsApart(interval, digitsText);
  return `[${interval.map((end) => digitsText(end, most)).join(", ")}]`;
}

/** `1 token`, `3 tokens`, `10,400 states`. */
export const countText = (count: number, one: string, many?: string): string =>
  `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} ${nounOf(count, one, many)}`;

/** Words in a row: `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

const superscript = (power: number): string => [...String(power)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("");
