import {flattened} from "../../kernel/matrices.ts";
import {squaredNorm, type Gram} from "./gram.ts";
import type {Products} from "./residual.ts";
import {sampled} from "../statistics/timeBasis.ts";

/** How a sphere is laid on a plane: from its centre (a straight way that only the norm has bent is straight again), or by length of arc. */
type Chart = "central" | "arc";

export const ON_SPHERE = 0.2; // spread of the squared norms over the squared way, of states on a sphere; a straight way spreads them by as much as itself
const LEAST_COSINE = 0.5; // of every state with the end: farther round the sphere a plane no longer says how far
const FAR = 0.2; // radians, from which the charts differ

/**
 * A path on a sphere as it looks on the plane that touches the sphere where the path ends (m, the mean of its last `tail` states), in every chart that makes a difference, seen
 * from m. What the sphere adds to a decay at second order, rate²ᵗ along the radius, is gone, and it stays a single mode. That from the centre is the first. Empty where the states are on no sphere, or reach far round it.
 */
export function tangentPlanes(gram: Gram, tail: number): Products[] {
  const {size, values, towardLast, lastSquared} = gram;
  const norms = sampled(size, (t) => squaredNorm(gram, t));
  let [least, most, way] = [Infinity, -Infinity, 0];
  for (let t = 0; t < size; ++t) {
    least = Math.min(least, norms[t]);
    most = Math.max(most, norms[t]);
    way = Math.max(way, values[t * (size + 1)]);
  }
  if (!(most - least < ON_SPHERE * way)) return [];
  // From differences alone, dᵢ = hᵢ − h_last, so that a motion of a ten-millionth of the norm survives; `mean` is that of the tail's.
  const first = size - tail;
  const withMean = sampled(size, (i) => {
    let sum = 0; // dᵢ·mean
    for (let j = first; j < size; ++j) sum += values[i * size + j] / tail;
    return sum;
  });
  let [meanToward, meanSquared] = [0, 0];
  for (let i = first; i < size; ++i) {
    meanToward += towardLast[i] / tail;
    meanSquared += withMean[i] / tail;
  }
  const endSquared = lastSquared + 2 * meanToward + meanSquared;
  const above = withMean.map((along, i) => (towardLast[i] + along - meanToward - meanSquared) / endSquared); // (hᵢ − m)·m / m·m
  const cosines = above.map((share, i) => ((1 + share) * Math.sqrt(endSquared)) / Math.sqrt(norms[i]));
  if (!cosines.every((cosine) => cosine >= LEAST_COSINE)) return [];
  const far = cosines.some((cosine) => cosine < Math.cos(FAR));
  const charts: readonly Chart[] = far ? ["central", "arc"] : ["central"];
  return charts.map((chart) => {
    const stretch = chart === "central" ? above.map((share) => 1 / (1 + share)) : cosines.map(arcOverSine);
    const plane = {withOrigin: withMean, originSquared: meanSquared, shares: above, across: endSquared, stretch};
    return {size, values: flattened(values, size, plane)};
  });
}

function arcOverSine(cosine: number): number {
  const angle = Math.acos(Math.min(1, cosine));
  return angle > 1e-4 ? angle / Math.sin(angle) : 1;
}
