import type {RefObject} from "react";
import type {Plot} from "../plot/plot.ts";

/** Where one of several plots is put: a ref to a place of a list. */
export const placeIn = <Props>(plots: RefObject<(Plot<Props> | null)[]>, i: number): RefObject<Plot<Props> | null> => ({
  get current() {
    return plots.current[i] ?? null;
  },
  set current(plot) {
    plots.current[i] = plot;
  }
});
