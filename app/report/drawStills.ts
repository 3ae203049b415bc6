import type {ReportData} from "../../api/contract/reportData.ts";
import {darkPalette, lightPalette} from "../plot/palette.ts";
import {experimentFigures} from "./experimentFigures.ts";
import {noGestures, type Figure} from "./figure.ts";
import {barsFigures} from "./figures/barsFigure.ts";
import {gapsFigure} from "./figures/gapsFigure.ts";
import {firstView} from "./reportView.ts";
import {runFigures} from "./runFigures.ts";
import {runReportFigures} from "./runReportFigures.ts";
import {sheetPalette, sheetStepColour, stepColourOf} from "./styleColours.ts";

/** Width of a report's figures in pixels. */
const STILL_WIDTH = 820; // on A4 the figures' texts are then as large as the captions

/** A figure as SVG text; two texts where its colours differ between light and dark. */
type Still = {readonly both: string} | {readonly light: string; readonly dark: string};

/** All figures of a report as they look before anybody touches them. Needs a document, which may be a small one without layout. */
export function drawStills(report: ReportData): Readonly<Record<string, Still>> {
  if (report.kind === "experiment") return {gaps: stillOf(gapsFigure, experimentFigures(report))};
  if (report.kind === "census") return Object.fromEntries(barsFigures(report).map((figure) => [figure.id, stillOf(figure, {lastStep: 0})]));
  const data = runFigures(report);
  return Object.fromEntries(runReportFigures(report).map((figure) => [figure.id, stillOf(figure, data)]));
}

function stillOf<Data extends {readonly lastStep: number}>(figure: Figure<Data>, data: Data): Still {
  const shared = {data, view: firstView(data.lastStep), width: STILL_WIDTH, height: figure.height(data, STILL_WIDTH)};
  if (!figure.twice) return {both: textOf(figure, {...shared, palette: sheetPalette, stepColour: sheetStepColour})};
  const [light, dark] = [lightPalette, darkPalette].map((palette) =>
    textOf(figure, {...shared, palette, stepColour: stepColourOf(palette)})
  );
  return {light, dark};
}

function textOf<Data>(figure: Figure<Data>, scene: Parameters<Figure<Data>["make"]>[1]): string {
  const node = document.createElement("div");
  const plot = figure.make(node, scene, noGestures);
  const picture = plot.picture();
  const {width, height, palette} = scene;
  picture.removeAttribute("style");
  picture.setAttribute("viewBox", `0 0 ${picture.getAttribute("width") ?? width} ${picture.getAttribute("height") ?? height}`);
  const text = picture.outerHTML;
  plot.destroy();
  return text
    .replace(/(id="|url\(#)/g, `$1still-${figure.id}${palette.dark ? "-dark" : ""}-`) // the live figures' own names are not theirs
    .replace(/ d="[^"]*"/g, (path) => path.replace(/(\.\d\d)\d+/g, "$1")); // hundredths of a pixel are enough
}
