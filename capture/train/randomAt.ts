import {randomNormal} from "d3-random";
import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";

/** What random numbers of a training run are for; each purpose has a stream of its own at every step. */
const purposes = ["weights", "rows", "start", "depth", "measured rows", "measured start"] as const;
type Purpose = (typeof purposes)[number];

/** Uniform numbers in [0, 1) that follow from a run's seed, the step and what they are for: a run that goes on needs no generator's state. */
export function randomAt(seed: number, purpose: Purpose, step = 0): () => number {
  const generator = xoroshiro128plus(seedAt(seed, purpose, step));
  return () => uniformFloat64(generator);
}

/** The seed of such a stream, a whole number from 0 to 2³¹ − 1. */
export function seedAt(seed: number, purpose: Purpose, step = 0): number {
  return mixed(mixed(mixed(seed) ^ purposes.indexOf(purpose)) ^ step) >>> 1;
}

/** Normal numbers, cut at three standard deviations by rejection, as the reference draws weights and starts. */
export function cutNormal(random: () => number): () => number {
  const normal = randomNormal.source(random)(0, 1);
  return () => {
    let z = normal();
    while (Math.abs(z) > 3) z = normal();
    return z;
  };
}

/** A whole number from 0 to below `end`. */
export const wholeBelow = (random: () => number, end: number): number => Math.floor(random() * end);

/** The finaliser of MurmurHash3: every bit of the result depends on every bit of the number. */
function mixed(x: number): number {
  let h = (x + 0x9e3779b9) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
