import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {mersenne} from "pure-rand/generator/mersenne";

/** A source of uniform numbers in [0, 1). Always an argument, so that every result can be made twice. */
export type Random = () => number;

/** Mersenne Twister with 53-bit outputs; the same 32-bit integer seed gives the same numbers on every machine. */
export function seededRandom(seed: number): Random {
  const generator = mersenne(seed);
  return () => uniformFloat64(generator);
}
