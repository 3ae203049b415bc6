import type {RunReport} from "../../api/contract/reportData.ts";
import {controls, figureControls} from "./controls.ts";
import {hoverCard} from "./hoverCard.ts";
import {lensTable} from "./lensTable.ts";
import {liveReport} from "./liveReport.ts";
import {mountFigure} from "./mountFigure.ts";
import {reportStore} from "./reportView.ts";
import {runFigures} from "./runFigures.ts";
import {runReportFigures} from "./runReportFigures.ts";
import {selectable} from "./selectable.ts";

/** A run's report: figures, token strip, tables and the step, all of them linked. */
export function liveRun(report: RunReport): void {
  const data = runFigures(report);
  const store = reportStore(data.lastStep);
  liveReport(store, {
    lastStep: data.lastStep,
    card: hoverCard(data),
    mount(gestures, palette) {
      figureControls(data, store);
      return [
        controls(data, store),
        selectable(data.names.length, store, gestures),
        lensTable(data, store, gestures.step),
        ...runReportFigures(report).map((figure) => mountFigure(figure, {data, store, gestures, palette, title: report.summary.title}))
      ];
    }
  });
}
