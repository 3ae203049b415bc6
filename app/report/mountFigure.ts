import {lightPalette, type Palette} from "../plot/palette.ts";
import {captioned, savePng, saveSvg} from "../plot/savedPicture.ts";
import {saveCsv} from "../plot/csv.ts";
import {element} from "./element.ts";
import {noGestures, type Figure, type Gestures, type Scene} from "./figure.ts";
import type {ReportStore} from "./reportView.ts";
import {stepColourOf} from "./styleColours.ts";

export interface MountOptions<Data> {
  readonly data: Data;
  readonly store: ReportStore;
  readonly gestures: Gestures;
  readonly palette: () => Palette;
  /** What the run is called, for saved pictures. */
  readonly title: string;
}

/** Puts a figure in the place of its still; gives the function that brings it up to date. */
export function mountFigure<Data>(figure: Figure<Data>, {data, store, gestures, palette, title}: MountOptions<Data>): () => void {
  const place = document.getElementById(`fig-${figure.id}`)!;
  const plotPlace = place.querySelector<HTMLElement>(".plot")!;
  const live = element("div", {class: "live"});
  plotPlace.append(live);
  const sceneNow = (): Scene<Data> => {
    const width = Math.max(280, plotPlace.clientWidth);
    return {
      data,
      view: store.getState(),
      width,
      height: figure.height(data, width),
      palette: palette(),
      stepColour: stepColourOf(palette())
    };
  };
  const first = sceneNow();
  live.style.height = `${first.height}px`;
  const plot = figure.make(live, first, gestures);
  const update = (): void => {
    const scene = sceneNow();
    if (scene.height !== first.height && live.style.height === `${first.height}px`) live.style.height = `${scene.height}px`;
    plot.update(scene);
  };
  new ResizeObserver(update).observe(plotPlace);

  /** For paper: what is chosen now, in light colours. */
  const sheet = (): SVGSVGElement => {
    const node = element("div");
    const drawn = figure.make(node, {...sceneNow(), palette: lightPalette, stepColour: stepColourOf(lightPalette)}, noGestures);
    const picture = drawn.picture();
    drawn.destroy();
    return captioned([picture], {title, note: place.querySelector("figcaption b")?.textContent ?? "", palette: lightPalette});
  };
  const name = `orrery-${figure.id}`;
  const save = (what: string, run: () => void): HTMLElement => {
    const button = element("button", {type: "button", title: `Save this figure as ${what}`}, what);
    button.addEventListener("click", run);
    return button;
  };
  place.append(
    element(
      "div",
      {class: "downloads"},
      save("SVG", () => saveSvg(name, sheet())),
      save("PNG", () => void savePng(name, sheet())),
      save("CSV", () => saveCsv(name, figure.csv(data)))
    )
  );
  return update;
}
