import type {CensusReport} from "../../api/contract/reportData.ts";
import {barsFigures} from "./figures/barsFigure.ts";
import {liveReport} from "./liveReport.ts";
import {mountFigure} from "./mountFigure.ts";
import {reportStore} from "./reportView.ts";

/** A census's report: its bars follow the width and the theme, and can be saved. */
export function liveCensus(report: CensusReport): void {
  const store = reportStore(0);
  const data = {lastStep: 0};
  liveReport(store, {
    lastStep: 0,
    card() {},
    mount: (gestures, palette) =>
      barsFigures(report).map((figure) => mountFigure(figure, {data, store, gestures, palette, title: report.summary.title}))
  });
}
