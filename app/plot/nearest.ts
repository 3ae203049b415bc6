import {quadtree, type Quadtree} from "d3";
import type {Spot} from "../view.ts";
import {coordinateAt} from "./field.ts";
import type {Bundle} from "./trajectoryMarks.ts";

interface Place extends Spot {
  readonly x: number;
  readonly y: number;
}

/** Finds the state nearest to a place in the picture's own coordinates. */
export interface Nearest {
  (x: number, y: number, radius: number): Spot | undefined;
}

export function nearestIn({points, dims: [i, j], tokens, inits}: Bundle): Nearest {
  const places: Place[] = [];
  for (let step = 0; step < points.steps; ++step) {
    for (const init of inits) {
      for (const token of tokens) {
        const x = coordinateAt(points, step, init, token, i);
        const y = coordinateAt(points, step, init, token, j);
        if (Number.isFinite(x + y)) places.push({step, init, token, x, y});
      }
    }
  }
  let tree: Quadtree<Place> | undefined; // built at the first question: many pictures are never asked
  return (x, y, radius) => {
    tree ??= quadtree(places, (place) => place.x, (place) => place.y);
    return tree.find(x, y, radius);
  };
}
