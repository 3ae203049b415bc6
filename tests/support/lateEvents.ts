import {between, betweenLog, gaussianOf} from "./gaussian.ts";
import {chaosThenSettling} from "./chaosThenSettling.ts";
import {framed} from "./framed.ts";
import type {HardPositive, HardShape, Truth} from "./hardPositive.ts";
import type {Made} from "./trajectories.ts";

/** Contractions that begin late, or begin again. */

/** Unrest or rest at first, then a contraction that has room to end. */
function lateSettling(shape: HardShape, before: "rest" | "unrest" | "plateau"): Made<Truth> {
  const {random, steps} = shape;
  const gaussian = gaussianOf(random);
  const start = Math.floor(between(random, 0.25, 0.55) * steps);
  const rate = between(random, 0.5, 0.8);
  const size = betweenLog(random, 0.1, 0.8);
  const noise = size / betweenLog(random, 50, 1000);
  return {
    truth: {rate},
    path: framed(shape, 6, noise, (t) => {
      const decay = t < start ? 1 : rate ** (t - start);
      const wild = before === "unrest" && t < start ? size * 0.7 : 0;
      const first = before === "plateau" ? 0.9 * 0.5 ** t : 0;
      return [size * decay, first, ...Array.from({length: 4}, () => wild * gaussian())];
    })
  };
}

/** A contraction that is kicked out of its place half-way, mostly back the way that it had come, and returns to it. */
function kickedBack(shape: HardShape): Made<Truth> {
  const {random, steps} = shape;
  const gaussian = gaussianOf(random);
  const start = Math.floor(between(random, 0.35, 0.55) * steps);
  const [first, rate] = [between(random, 0.4, 0.7), between(random, 0.5, 0.8)];
  const size = betweenLog(random, 0.1, 0.5);
  const kick = [size, ...Array.from({length: 5}, () => 0.3 * size * gaussian())];
  const noise = size / betweenLog(random, 50, 1000);
  return {
    truth: {}, // of two rates, either is one
    path: framed(shape, kick.length, noise, (t) =>
      t < start ? kick.map((_, j) => (j === 0 ? first ** t : 0)) : kick.map((part) => part * rate ** (t - start))
    )
  };
}

/** A slide at a steady speed, then a contraction elsewhere, in a direction of its own. */
function slideThenSettling(shape: HardShape): Made<Truth> {
  const {random, steps} = shape;
  const start = Math.floor(between(random, 0.3, 0.55) * steps);
  const [speed, rate] = [betweenLog(random, 0.01, 0.1), between(random, 0.5, 0.8)];
  const size = betweenLog(random, 0.1, 0.8);
  return {
    truth: {rate},
    path: framed(shape, 2, size / betweenLog(random, 50, 1000), (t) => [
      speed * Math.min(t, start),
      size * (t < start ? 1 : rate ** (t - start))
    ])
  };
}

export const LATE_EVENTS: Readonly<Record<string, HardPositive>> = {
  "rest, then settling": {pattern: "converging", must: true, figure: "rate", make: (shape) => lateSettling(shape, "rest")},
  "unrest, then settling": {pattern: "converging", must: true, figure: "rate", make: (shape) => lateSettling(shape, "unrest")},
  "chaos, then settling": {pattern: "converging", must: true, figure: "rate", make: chaosThenSettling},
  "second plateau": {pattern: "converging", must: true, figure: "rate", make: (shape) => lateSettling(shape, "plateau")},
  "slide, then settling": {pattern: "converging", must: true, figure: "rate", make: slideThenSettling},
  "kicked out of its place, and back": {pattern: "converging", must: true, make: kickedBack}
};
