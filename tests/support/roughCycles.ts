import {between, betweenLog, gaussianOf} from "./gaussian.ts";
import {framed} from "./framed.ts";
import type {HardPositive, HardShape, Truth} from "./hardPositive.ts";
import type {Made} from "./trajectories.ts";

/** Cycles of a whole number of steps none of whose lines need stand out, or that are still approached: what is seen of them is that the same comes round. */

const LEAST_TURNS = 4;

/** A cycle of so many steps through a place for each, in noise of a fifth to a hundredth of its root mean square size. */
function cycleOf(shape: HardShape, places: readonly (readonly number[])[]): Made<Truth> {
  const period = places.length;
  const axes = places[0].length;
  const middle = Array.from({length: axes}, (_, j) => places.reduce((sum, place) => sum + place[j], 0) / period);
  const spread = Math.sqrt(places.reduce((sum, place) => sum + place.reduce((all, x, j) => all + (x - middle[j]) ** 2, 0), 0) / period);
  const size = betweenLog(shape.random, 0.03, 0.3);
  const at = places.map((place) => place.map((x, j) => ((x - middle[j]) * size) / spread));
  return {truth: {period}, path: framed(shape, axes, size / betweenLog(shape.random, 5, 100), (t) => at[t % period])};
}

/** A whole number of steps from `least` on, that the states hold four times. */
const somePeriod = ({random, steps}: HardShape, least: number): number =>
  Math.floor(between(random, least, Math.min(16, Math.floor((steps - 1) / LEAST_TURNS)) + 1));

/** A cycle along one line, of `least` steps or more with such a level at each, that begins anywhere. */
function levelsOf(shape: HardShape, least: number, level: (t: number) => number): Made<Truth> {
  const places = Array.from({length: somePeriod(shape, least)}, (_, t) => [level(t)]);
  const by = Math.floor(shape.random() * places.length);
  return cycleOf(shape, [...places.slice(by), ...places.slice(0, by)]);
}

const BESIDE = 4; // directions that lead to a cycle

/** A cycle of 2 to 6 free points that is approached along modes of which the slowest keeps 0.88 to 0.95 a step, from half to one and a half times its size away. */
function approachedCycle(shape: HardShape): Made<Truth> {
  const {random} = shape;
  const gaussian = gaussianOf(random);
  const period = Math.floor(between(random, 2, 7));
  const places = Array.from({length: period}, () => Array.from({length: period}, gaussian));
  const size = betweenLog(random, 0.03, 0.3) / period;
  const slowest = between(random, 0.88, 0.95);
  const modes = Array.from({length: BESIDE}, (_, j) => ({
    rate: (random() < 0.5 ? 1 : -1) * (j === 0 ? slowest : between(random, 0.4, slowest)),
    start: (size * period * between(random, 0.5, 1.5)) / Math.sqrt(BESIDE)
  }));
  return {
    truth: {period},
    path: framed(shape, period + BESIDE, size / 100, (t) => [
      ...places[t % period].map((x) => size * x),
      ...modes.map(({rate, start}) => start * rate ** t)
    ])
  };
}

export const ROUGH_CYCLES: Readonly<Record<string, HardPositive>> = {
  "cycle of free points": {
    pattern: "orbit",
    must: true,
    figure: "period",
    make: (shape) => {
      const gaussian = gaussianOf(shape.random);
      const period = somePeriod(shape, 5);
      return cycleOf(
        shape,
        Array.from({length: period}, () => Array.from({length: period}, gaussian))
      );
    }
  },
  "cycle of spikes": {
    pattern: "orbit",
    must: true,
    figure: "period",
    make: (shape) => levelsOf(shape, 6, (t) => (t === 0 ? 1 : t === 1 ? between(shape.random, 0, 0.6) : 0))
  },
  "sawtooth of whole steps": {
    pattern: "orbit",
    must: true,
    figure: "period",
    make: (shape) => levelsOf(shape, 5, (t) => t)
  },
  "cycle still approached": {pattern: "orbit", must: false, figure: "period", make: approachedCycle}
};
