import type {Field} from "./plot/field.ts";
import {valueAt} from "./plot/field.ts";
import type {Palette} from "./plot/palette.ts";

export interface Caption {
  /** What the picture shows. */
  readonly title: string;
  /** What it was made from and what it does not show. */
  readonly note: string;
  readonly palette: Palette;
}

const HEAD = 44; // room for title and note, in pixels
const PNG_SCALE = 3;
const SVG = "http://www.w3.org/2000/svg";

/** One drawing out of plots side by side or one below the other, on paper, with its caption. */
export function captioned(
  pictures: readonly SVGSVGElement[],
  {title, note, palette}: Caption,
  {beside = false}: {beside?: boolean} = {}
): SVGSVGElement {
  const sizes = pictures.map((picture) => [Number(picture.getAttribute("width")), Number(picture.getAttribute("height"))] as const);
  const sum = (k: 0 | 1): number => sizes.reduce((total, size) => total + size[k], 0);
  const most = (k: 0 | 1): number => Math.max(...sizes.map((size) => size[k]));
  const [width, height] = beside ? [sum(0), HEAD + most(1)] : [most(0), HEAD + sum(1)];
  const sheet = document.createElementNS(SVG, "svg");
  setAll(sheet, {xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`});
  const paper = sheet.appendChild(document.createElementNS(SVG, "rect"));
  setAll(paper, {width, height, fill: palette.paper});
  write(sheet, title, {y: 18, size: 14, weight: 600, fill: palette.ink, font: palette.font});
  write(sheet, note, {y: 35, size: 11, weight: 400, fill: palette.quiet, font: palette.font});
  let at = 0;
  pictures.forEach((picture, i) => {
    setAll(picture, beside ? {x: at, y: HEAD} : {x: 0, y: HEAD + at});
    picture.removeAttribute("style");
    at += sizes[i][beside ? 0 : 1];
    sheet.append(picture);
  });
  return sheet;
}

function write(
  sheet: SVGSVGElement,
  text: string,
  {y, size, weight, fill, font}: {y: number; size: number; weight: number; fill: string; font: string}
): void {
  const node = sheet.appendChild(document.createElementNS(SVG, "text"));
  setAll(node, {x: 12, y, "font-size": size, "font-weight": weight, fill, "font-family": font});
  node.textContent = text;
}

function setAll(node: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
}

const textOf = (sheet: SVGSVGElement): string => new XMLSerializer().serializeToString(sheet);

export const saveSvg = (name: string, sheet: SVGSVGElement): void =>
  saveBlob(`${name}.svg`, new Blob([textOf(sheet)], {type: "image/svg+xml"}));

/** The drawing as pixels, three for one. */
export async function savePng(name: string, sheet: SVGSVGElement): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(textOf(sheet))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * PNG_SCALE;
  canvas.height = image.height * PNG_SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error(`picture too large: ${canvas.width} × ${canvas.height} pixels; make the window smaller`);
  saveBlob(`${name}.png`, blob);
}

export const saveCsv = (name: string, text: string): void => saveBlob(`${name}.csv`, new Blob([text], {type: "text/csv"}));

function saveBlob(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000); // the browser has taken hold of it by then
}

/** What may stand in a table; undefined numbers and null leave the cell empty. */
export type Cell = string | number | boolean | null | undefined;

/** A table as CSV (RFC 4180, a line feed after each line). */
export const tableCsv = (header: readonly string[], lines: readonly (readonly Cell[])[]): string =>
  [header, ...lines].map((line) => `${line.map(cellOf).join(",")}\n`).join("");

function cellOf(value: Cell): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  return typeof value === "string" ? quoted(value) : String(value);
}

/** Fields of one run as a table: a line per state, with the token's text; what is not defined is empty. */
export function csvOf(
  fields: Readonly<Record<string, Field>>,
  names: readonly string[],
  tokens: readonly number[] = [...names.keys()]
): string {
  const columns = Object.entries(fields);
  const lines: Cell[][] = [];
  const {steps, inits} = columns[0][1];
  for (let step = 0; step < steps; ++step) {
    for (let init = 0; init < inits; ++init) {
      for (const token of tokens)
        lines.push([
          step,
          init,
          token,
          names[token],
          ...columns.map(([, field]) => (step < field.steps ? valueAt(field, step, init, token) : NaN))
        ]);
    }
  }
  return tableCsv(["step", "init", "token", "text", ...columns.map(([name]) => name)], lines);
}

/** A CSV cell; a text that a spreadsheet would take for a formula is kept a text. */
export function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
