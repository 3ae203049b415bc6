import {Refusal} from "../../capture/trace/refusal.ts";

/** The states of one run at one step, [inits, tokens, width]. */
interface Slab {
  readonly inits: number;
  readonly tokens: number;
  readonly width: number;
  readonly data: Float32Array;
}

/**
 * How far a run is from another at one step, ‖b − a‖ / ‖a‖, as [inits, tokens] of the first: token by token with its partner in
 * the second, NaN where it has none. Init by init; where the second has fewer, its first stands for the rest. A state of
 * length 0 is measured by the distance alone. Throws a Refusal for slabs of different widths.
 */
export function relativeDifference(a: Slab, b: Slab, partners: ArrayLike<number>): Float32Array {
  if (a.width !== b.width) throw new Refusal(`invalid width: ${b.width}; expected ${a.width}, as in the first run`);
  const difference = new Float32Array(a.inits * a.tokens).fill(NaN);
  for (let init = 0; init < a.inits; ++init) {
    for (let token = 0; token < a.tokens; ++token) {
      if (partners[token] < 0) continue;
      const own = (init * a.tokens + token) * a.width;
      const other = ((init < b.inits ? init : 0) * b.tokens + partners[token]) * b.width;
      let [apart, size] = [0, 0];
      for (let j = 0; j < a.width; ++j) {
        apart += (b.data[other + j] - a.data[own + j]) ** 2;
        size += a.data[own + j] ** 2;
      }
      difference[init * a.tokens + token] = Math.sqrt(apart / (size || 1));
    }
  }
  return difference;
}
