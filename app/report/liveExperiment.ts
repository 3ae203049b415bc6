import type {ExperimentReport} from "../../api/contract/reportData.ts";
import {beyondNote} from "../../api/contract/choices.ts";
import {valueAt} from "../plot/field.ts";
import {formatNumber} from "../plot/format.ts";
import {element} from "./element.ts";
import {experimentFigures} from "./experimentFigures.ts";
import {gapsFigure} from "./figures/gapsFigure.ts";
import {floatingCard} from "./floatingCard.ts";
import {liveReport} from "./liveReport.ts";
import {mountFigure} from "./mountFigure.ts";
import {reportStore} from "./reportView.ts";
import {selectable} from "./selectable.ts";

/** An experiment's report: the gap curves and the table of prompts. */
export function liveExperiment(report: ExperimentReport): void {
  const data = experimentFigures(report);
  const store = reportStore(data.lastStep);
  liveReport(store, {
    lastStep: data.lastStep,
    card: floatingCard(({token, step}) => [
      element("p", {}, element("b", {}, data.names[token])),
      element(
        "p",
        {class: "note"},
        `step ${step}${beyondNote(data.trained, step)}, gap ${formatNumber(valueAt(data.gaps!, step, 0, token))}`
      ),
      element("p", {}, report.results[token].sequence.verdict)
    ]),
    mount: (gestures, palette) => [
      selectable(data.names.length, store, gestures),
      mountFigure(gapsFigure, {data, store, gestures, palette, title: report.summary.title})
    ]
  });
}
