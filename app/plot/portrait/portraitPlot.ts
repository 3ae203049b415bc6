import {create, select} from "d3";
import type {Plot} from "../plot.ts";
import {portraitCourse} from "./portraitCourse.ts";
import {portraitPlane} from "./portraitPlane.ts";
import type {PortraitProps} from "./portraitProps.ts";
import {recurrenceMap} from "./recurrenceMap.ts";

const WIDE = 760; // pixels from which the panes stand side by side, where they are not much higher than that
const HIGHEST = 0.62; // of the width: in a higher place the squares stand above the course
const HEADED = 48; // pixels that a square pane is higher than wide: its head
const NARROW = 420; // below it they stand one below the other
const GAP = 16;

interface Pane {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The picture of a label in three panes: its plane and how its states recur, as squares, and its course over the steps, as long as there is room. */
export function portraitPlot(node: HTMLElement, first: PortraitProps): Plot<PortraitProps> {
  const root = select(node).style("position", "relative");
  const places = [0, 1, 2].map(() => root.append("div").style("position", "absolute").style("overflow", "hidden"));
  let panes = panesOf(first);
  const makers = [portraitPlane, portraitCourse, recurrenceMap];
  const at = (props: PortraitProps, i: number): PortraitProps => ({...props, width: panes[i].width, height: panes[i].height});
  const layOut = (): void =>
    places.forEach((place, i) => {
      const {x, y, width, height} = panes[i];
      place.style("left", `${x}px`).style("top", `${y}px`).style("width", `${width}px`).style("height", `${height}px`);
    });
  layOut();
  const plots = makers.map((make, i) => make(places[i].node() as HTMLElement, at(first, i)));
  return {
    update(next) {
      panes = panesOf(next);
      layOut();
      plots.forEach((plot, i) => plot.update(at(next, i)));
    },
    destroy() {
      for (const plot of plots) plot.destroy();
      for (const place of places) place.remove();
    },
    picture() {
      const width = Math.max(...panes.map((pane) => pane.x + pane.width));
      const height = Math.max(...panes.map((pane) => pane.y + pane.height));
      const sheet = create("svg").attr("role", "img").attr("width", width).attr("height", height);
      plots.forEach((plot, i) => {
        const picture = select(plot.picture()).attr("style", null).attr("role", null).attr("x", panes[i].x).attr("y", panes[i].y);
        sheet.append(() => picture.node());
      });
      return sheet
        .attr("aria-label", [...sheet.node()!.children].map((child) => child.getAttribute("aria-label")).join("; "))
        .node() as SVGSVGElement;
    }
  };
}

/** Height that the panes need for a width. */
export const portraitHeight = (width: number): number =>
  Math.round(width >= WIDE ? Math.min(560, Math.max(380, width * 0.5)) : width >= NARROW ? width : width + 240 + Math.min(width, 320));

function panesOf({width, height}: PortraitProps): readonly [Pane, Pane, Pane] {
  if (width >= WIDE && height < HIGHEST * width) {
    const side = Math.round(Math.min(height, width * 0.46));
    const right = width - side - GAP;
    const top = Math.round(height * 0.46);
    return [
      {x: 0, y: 0, width: side, height: Math.min(height, side + 48)},
      {x: side + GAP, y: 0, width: right, height: top},
      {x: side + GAP, y: top + 4, width: right, height: height - top - 4}
    ];
  }
  if (width >= NARROW) {
    const side = Math.round(Math.min((width - GAP) / 2, height * 0.6 - HEADED));
    const squares = side + HEADED;
    return [
      {x: 0, y: 0, width: width - side - GAP, height: squares},
      {x: 0, y: squares + 4, width, height: height - squares - 4},
      {x: width - side, y: 0, width: side, height: squares}
    ];
  }
  const course = Math.min(240, height * 0.26);
  const map = Math.min(320, height * 0.34);
  const plane = Math.max(160, height - course - map - 2 * GAP);
  return [
    {x: 0, y: 0, width, height: plane},
    {x: 0, y: plane + GAP, width, height: course},
    {x: 0, y: plane + course + 2 * GAP, width, height: map}
  ];
}
