import {curvePlot} from "../../plot/curvePlot.ts";
import type {Curve, CurveProps} from "../../plot/curveProps.ts";
import {CURVE_MEASURES, curveScale, measureOf} from "../../../api/contract/choices.ts";
import {initColour, tokenColour, type Palette} from "../../plot/palette.ts";
import type {Figure, Gestures, Scene} from "../figure.ts";
import {remembered} from "../remembered.ts";
import {fieldsCsv, type RunFigures} from "../runFigures.ts";
import {stacked} from "./stacked.ts";

const HEIGHTS = [150, 150, 174]; // the lowest carries the step axis

/** Length of the step, distance to the last state and cosine of successive steps, for the chosen trajectories or for all. */
export const curvesFigure: Figure<RunFigures> = {
  id: "curves",
  height: () => HEIGHTS.reduce((sum, height) => sum + height, 0),
  make(node, first, gestures) {
    const propsOf = curveProps(first.data, gestures);
    const plots = stacked<CurveProps>(
      node,
      CURVE_MEASURES.map(() => curvePlot),
      propsOf(first)
    );
    return {...plots, update: (next) => plots.update(propsOf(next))};
  },
  csv: fieldsCsv
};

function curveProps(data: RunFigures, {point, step: stepTo}: Gestures): (scene: Scene<RunFigures>) => (index: number) => CurveProps {
  const {
    fields,
    report: {summary}
  } = data;
  const curvesOf = remembered((chosen: readonly number[], init: number | undefined, palette: Palette) =>
    trajectories(data, chosen, init, palette)
  );
  return ({width, palette, view: {chosen, init, step}}) =>
    (index) => {
      const key = CURVE_MEASURES[index];
      const {title, domain, hasFloor} = measureOf(key);
      return {
        width,
        height: HEIGHTS[index],
        palette,
        title,
        field: fields[key],
        curves: curvesOf(chosen, init, palette),
        scale: curveScale(key),
        domain,
        step,
        lastStep: summary.steps,
        trained: data.trained,
        floor: hasFloor ? (summary.patterns?.noise_floor ?? undefined) : undefined,
        stepLabels: index === CURVE_MEASURES.length - 1,
        onHover: (at, curve, pointer) =>
          point(at === undefined || !curve ? undefined : {step: at, init: curve.init, token: curve.token}, pointer),
        onPick: stepTo
      };
    };
}

/** All trajectories in the colours of their labels; of one token in those of the initial states; of several in those of the tokens. */
function trajectories(
  {names, inits, verdictOf}: RunFigures,
  chosen: readonly number[],
  init: number | undefined,
  palette: Palette
): Curve[] {
  const shownInits = init === undefined ? [...Array(inits).keys()] : [init];
  const tokens = chosen.length > 0 ? chosen : [...names.keys()];
  const colourOf = (own: number, token: number): string =>
    chosen.length === 0
      ? palette.labels[verdictOf(own, token)?.pattern ?? "unsettled"]
      : chosen.length === 1
        ? initColour(palette, own, inits)
        : tokenColour(palette, token);
  return tokens.flatMap((token) => shownInits.map((own) => ({init: own, token, colour: colourOf(own, token)})));
}
