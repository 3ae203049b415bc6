import {formatShare} from "../../plot/format.ts";
import type {ColourOf} from "../../plot/trajectoryMarks.ts";
import {trajectoryPlot} from "../../plot/trajectoryPlot.ts";
import type {TrajectoryProps} from "../../plot/trajectoryProps.ts";
import type {Figure, Gestures, Scene} from "../figure.ts";
import {logShare} from "../logShare.ts";
import {remembered} from "../remembered.ts";
import {pointsCsv, type RunFigures} from "../runFigures.ts";

/** All trajectories in the plane of two principal components. */
export const planeFigure: Figure<RunFigures> = {
  id: "plane",
  height: (_data, width) => Math.round(0.53 * width),
  make(node, first, gestures) {
    const propsOf = planeProps(first.data, gestures);
    const plot = trajectoryPlot(node, propsOf(first));
    return {...plot, update: (next) => plot.update(propsOf(next))};
  },
  csv: pointsCsv
};

function planeProps(
  {points, names, lastStep, trained, report}: RunFigures,
  {point, pick, choose}: Gestures
): (scene: Scene<RunFigures>) => TrajectoryProps {
  const {explained} = report.summary;
  const titlesOf = remembered(
    ([i, j]: readonly [number, number]) =>
      [`PC${i + 1}, ${formatShare(explained[i])} of the variance`, `PC${j + 1}, ${formatShare(explained[j])}`] as const
  );
  const colourOf = remembered(
    (stepColour: Scene<RunFigures>["stepColour"]): ColourOf =>
      (step) =>
        stepColour(logShare(step, lastStep))
  );
  return ({width, height, palette, stepColour, view: {chosen, init, step, hover, pair}}) => ({
    width,
    height,
    palette,
    points,
    dims: pair,
    axisTitles: titlesOf(pair),
    names,
    chosen,
    init,
    step,
    trained,
    hover,
    colourOf: colourOf(stepColour),
    lasso: false,
    basis: pair.join(),
    onHover: point,
    onPick: (spot, extend) => pick(spot?.token, {extend}),
    onLasso: choose
  });
}
