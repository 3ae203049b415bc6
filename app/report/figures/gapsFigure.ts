import {curveScale, MEASURES} from "../../../api/contract/choices.ts";
import {curvePlot} from "../../plot/curvePlot.ts";
import type {Curve, CurveProps} from "../../plot/curveProps.ts";
import {tokenColour, type Palette} from "../../plot/palette.ts";
import {csvOf} from "../../plot/csv.ts";
import type {Figure, Gestures, Scene} from "../figure.ts";
import {remembered} from "../remembered.ts";
import type {GapFigures} from "../runFigures.ts";

/** How far apart the initial states of each token, or of each prompt, still are, by step. Only where there are gaps. */
export const gapsFigure: Figure<GapFigures> = {
  id: "gaps",
  height: () => 260,
  make(node, first, gestures) {
    const propsOf = gapProps(first.data, gestures);
    const plot = curvePlot(node, propsOf(first));
    return {...plot, update: (next) => plot.update(propsOf(next))};
  },
  csv: ({gaps, texts, trained}) => csvOf({gap: gaps!}, texts, {trained})
};

function gapProps(
  {gaps, gapFloor, names, lastStep, trained}: GapFigures,
  {point, step: stepTo}: Gestures
): (scene: Scene<GapFigures>) => CurveProps {
  const curvesOf = remembered((chosen: readonly number[], palette: Palette): Curve[] =>
    (chosen.length > 0 ? chosen : [...names.keys()]).map((token) => ({
      init: 0,
      token,
      colour: chosen.length > 0 ? tokenColour(palette, token) : palette.quiet
    }))
  );
  return ({width, height, palette, view: {chosen, step}}) => ({
    width,
    height,
    palette,
    title: MEASURES.gap.title,
    field: gaps!,
    curves: curvesOf(chosen, palette),
    scale: curveScale("gap"),
    step,
    lastStep,
    trained,
    floor: gapFloor,
    stepLabels: true,
    onHover: (at, curve, pointer) => point(at === undefined || !curve ? undefined : {step: at, init: 0, token: curve.token}, pointer),
    onPick: stepTo
  });
}
