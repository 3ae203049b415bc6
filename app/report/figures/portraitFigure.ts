import type {PortraitData} from "../../plot/portrait/portraitData.ts";
import {portraitCsv} from "../../plot/portrait/portraitData.ts";
import type {PortraitProps} from "../../plot/portrait/portraitProps.ts";
import {portraitHeight, portraitPlot} from "../../plot/portrait/portraitPlot.ts";
import type {Figure, Gestures, Scene} from "../figure.ts";
import type {RunFigures} from "../runFigures.ts";

/** The picture that a label is seen in: of the chosen token where the report has it, else of the run's strongest pattern. */
export const portraitFigure: Figure<RunFigures> = {
  id: "portrait",
  height: (_data, width) => portraitHeight(width),
  twice: true,
  make(node, first, gestures) {
    const plot = portraitPlot(node, propsOf(first, gestures));
    return {...plot, update: (next) => plot.update(propsOf(next, gestures))};
  },
  csv: ({portraits, trained}) => portraits.map((portrait, i) => portraitCsv(portrait, {head: i === 0, trained})).join("")
};

const shown = ({data: {portraits}, view: {chosen}}: Scene<RunFigures>): PortraitData =>
  portraits.findLast(({info}) => chosen.includes(info.token)) ?? portraits[0];

function propsOf(scene: Scene<RunFigures>, {point, step}: Gestures): PortraitProps {
  const {data, view, width, height, palette} = scene;
  const portrait = shown(scene);
  const {token, init} = portrait.info;
  return {
    width,
    height,
    palette,
    portrait,
    name: data.names[token],
    named: true,
    step: view.step,
    lastStep: data.lastStep,
    trained: data.trained,
    onHover: (at, pointer) => point(at === undefined ? undefined : {step: at, init, token}, pointer),
    onPick: step
  };
}
