import type {Palette} from "./palette.ts";
import {saveBlob} from "../source/saveBlob.ts";

interface Caption {
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

/** The drawing as a file. Texts may hold what XML cannot: control characters, half characters; each is one U+FFFD there. */
const textOf = (sheet: SVGSVGElement): string =>
  new XMLSerializer()
    .serializeToString(sheet)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is sought
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd");

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
