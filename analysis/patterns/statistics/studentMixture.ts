import {fTail} from "./fTail.ts";

/** One of a mixture of Student's distributions. */
export interface Weighed {
  readonly middle: number;
  readonly error: number;
  /** Degrees of freedom. */
  readonly free: number;
  readonly weight: number;
}

const HALVINGS = 200; // more than a range of doubles has
const CLOSE = 1e-6; // of the least error, within which a quantile is one
const NEGLIGIBLE = 1e-9; // share of a mixture that moves no quantile
const FIRST_REACH = 4; // errors

/** The number below which `share` of a mixture lies. */
export function quantile(mixture: readonly Weighed[], share: number): number {
  const total = mixture.reduce((sum, {weight}) => sum + weight, 0);
  const some = mixture.filter(({weight}) => weight > NEGLIGIBLE * total);
  const below = (x: number): number =>
    some.reduce((sum, one) => sum + (one.weight / total) * studentBelow((x - one.middle) / one.error, one.free), 0);
  const least = Math.min(...some.map(({error}) => error));
  const edge = (sign: number, reach: number): number => sign * Math.max(...some.map(({middle, error}) => sign * middle + reach * error));
  let reach = FIRST_REACH;
  while (below(edge(-1, reach)) > share || below(edge(1, reach)) < share) reach *= 2;
  let [low, high] = [edge(-1, reach), edge(1, reach)];
  for (let i = 0; i < HALVINGS && high - low > CLOSE * least; ++i) {
    const middle = (low + high) / 2;
    if (below(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(Student's t with so many degrees of freedom < z); of 1e9 it is the normal distribution's. */
export function studentBelow(z: number, free: number): number {
  const outside = fTail(z * z, 1, free) / 2;
  return z > 0 ? 1 - outside : outside;
}
