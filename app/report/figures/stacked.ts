import {create, select} from "d3";
import type {Frame, Plot, PlotMaker} from "../../plot/plot.ts";

/** Several plots one below the other as one: all are given the same props, a share of the height each. */
export function stacked<Props extends Frame>(
  node: HTMLElement,
  makers: readonly PlotMaker<Props>[],
  propsOf: (index: number) => Props
): {update(propsOf: (index: number) => Props): void} & Omit<Plot<Props>, "update"> {
  const places = makers.map(() => select(node).append("div").node()!);
  const plots = makers.map((make, i) => make(places[i], propsOf(i)));
  return {
    update: (next) => plots.forEach((plot, i) => plot.update(next(i))),
    destroy() {
      for (const plot of plots) plot.destroy();
      for (const place of places) place.remove();
    },
    picture: () => pileOf(plots.map((plot) => plot.picture()))
  };
}

function pileOf(pictures: readonly SVGSVGElement[]): SVGSVGElement {
  const sheet = create("svg")
    .attr("role", "img")
    .attr("aria-label", pictures.map((picture) => picture.getAttribute("aria-label")).join("; "));
  let height = 0;
  let width = 0;
  for (const picture of pictures) {
    sheet.append(() => picture);
    select(picture).attr("style", null).attr("role", null).attr("aria-label", null).attr("y", height);
    height += Number(picture.getAttribute("height"));
    width = Math.max(width, Number(picture.getAttribute("width")));
  }
  return sheet.attr("width", width).attr("height", height).node() as SVGSVGElement;
}
