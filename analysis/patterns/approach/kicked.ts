import {fTail} from "../statistics/fTail.ts";
import {distancesToTail, mean} from "../path/gram.ts";
import {productsWith, type Products} from "../path/residual.ts";
import {t95} from "../statistics/studentT.ts";
import {inner, type TimeBasis} from "../statistics/timeBasis.ts";

const MOST_ALIKE = 0.4; // correlation of neighbouring kicks; those of a drift beneath the decay all go one way

interface KickedOptions {
  /** Share kept of a departure each step, negative where it flips. */
  readonly kept: number;
  /** Steps at the beginning in which the decay is seen. */
  readonly early: number;
  /** By how much kicks may be larger there than in the second half, squared. */
  readonly allowed: number;
}

/**
 * Whether what a decay leaves is a loop kicked alike at every step: what remains of a state when the share kept of the state before is taken away is as large while the path comes in as
 * later, and goes no one way. One jump, or steps whose size falls, is no such thing. `left` is the window without its decay.
 */
export function kickedAlike({size, values}: Products, {kept, early, allowed}: KickedOptions): boolean {
  const product = (s: number, t: number): number => {
    const at = (i: number, j: number): number => values[i * size + j];
    return at(s + 1, t + 1) - kept * (at(s + 1, t) + at(s, t + 1)) + kept * kept * at(s, t);
  };
  const kicks = Array.from({length: size - 1}, (_, t) => Math.max(0, product(t, t)));
  const late = mean(kicks.slice(size >> 1));
  const alike = mean(Array.from({length: size - 2}, (_, t) => product(t, t + 1))) / mean(kicks);
  return late > 0 && alike <= MOST_ALIKE && mean(kicks.slice(0, early)) <= allowed * late;
}

/**
 * P(the second state so far away | the loop is kicked about its fixed point all the time): its squared distance over that of the states in the second half, all of it laid to one
 * dimension, after the states at which a window might have begun. The first state proves nothing.
 */
export function fromAfar(window: Products): number {
  const half = window.size >> 1;
  const squares = distancesToTail(window, window.size - half).map((distance) => distance ** 2);
  const late = mean(squares.slice(half));
  return late > 0 ? Math.min(1, fTail(squares[1] / late, 1, window.size - half - 1) * window.size) : 0;
}

/** Rate of a kicked loop and its 95 % interval: each state's coordinate along the motion regressed on the one before, kicks being the errors. */
export function kickedRate(plain: Products, [shape]: TimeBasis): {rate: number; rateCi: readonly [number, number]} {
  const y = productsWith(plain, shape);
  const [before, after] = [y.subarray(0, -1), y.subarray(1)];
  const [mb, ma] = [before, after].map((part) => mean(Array.from(part)));
  const [b, a] = [before.map((x) => x - mb), after.map((x) => x - ma)];
  const spread = inner(b, b);
  const slope = inner(a, b) / spread;
  let rest = 0;
  for (let t = 0; t < a.length; ++t) rest += (a[t] - slope * b[t]) ** 2;
  const free = a.length - 2;
  const reach = t95(free) * Math.sqrt(rest / free / spread);
  const rate = Math.abs(slope);
  return {rate, rateCi: [Math.max(0, rate - reach), rate + reach]};
}
