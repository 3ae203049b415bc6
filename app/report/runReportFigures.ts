import type {RunReport} from "../../api/contract/reportData.ts";
import type {Figure} from "./figure.ts";
import {curvesFigure} from "./figures/curvesFigure.ts";
import {gapsFigure} from "./figures/gapsFigure.ts";
import {heatFigure} from "./figures/heatFigure.ts";
import {planeFigure} from "./figures/planeFigure.ts";
import {portraitFigure} from "./figures/portraitFigure.ts";
import {rotationsFigure} from "./figures/rotationsFigure.ts";
import {spectrumFigure} from "./figures/spectrumFigure.ts";
import {waterfallFigure} from "./figures/waterfallFigure.ts";
import type {RunFigures} from "./runFigures.ts";

/** The figures that a run's report has, in the order of its pages. */
export const runReportFigures = ({paths, portraits, spectrum}: RunReport): readonly Figure<RunFigures>[] => [
  ...(portraits.length ? [portraitFigure] : []),
  planeFigure,
  waterfallFigure,
  rotationsFigure,
  heatFigure,
  curvesFigure,
  ...(paths ? [gapsFigure] : []),
  ...(spectrum ? [spectrumFigure] : [])
];
