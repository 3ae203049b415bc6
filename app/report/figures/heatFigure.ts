import {heatMap} from "../../plot/heatMap.ts";
import type {HeatMapProps} from "../../plot/heatProps.ts";
import {MEASURES, type MeasureKey} from "../../../api/contract/choices.ts";
import type {Figure, Gestures, Scene} from "../figure.ts";
import {fieldsCsv, type RunFigures} from "../runFigures.ts";

const ROW = 15; // pixels for a token
const FRAME = 42; // pixels above and below

/** Tokens by steps: one measure of every state of one initial state. */
export const heatFigure: Figure<RunFigures> = {
  id: "heat",
  height: ({names}) => Math.min(900, Math.max(180, ROW * names.length + FRAME)),
  twice: true,
  make(node, first, gestures) {
    const plot = heatMap(node, propsOf(first, gestures));
    return {...plot, update: (next) => plot.update(propsOf(next, gestures))};
  },
  csv: fieldsCsv
};

function propsOf(
  {
    data: {
      fields,
      names,
      trained,
      report: {summary}
    },
    view: {chosen, init = 0, step, hover, measure},
    width,
    height,
    palette
  }: Scene<RunFigures>,
  {point, pick, step: stepTo}: Gestures
): HeatMapProps {
  const {title, scale} = MEASURES[measure as MeasureKey];
  return {
    width,
    height,
    palette,
    field: fields[measure],
    kind: scale,
    init,
    step,
    lastStep: summary.steps,
    trained,
    madeFrom: summary.generated_from ?? undefined,
    names,
    chosen,
    hover,
    label: `${title}, tokens by steps`,
    onHover: point,
    onPick(spot, extend) {
      pick(spot.token, {extend});
      stepTo(spot.step);
    }
  };
}
