import {ROUNDING_FLOORS} from "./contraction.ts";
import {fTail} from "../statistics/fTail.ts";
import {productsFrom} from "../path/gram.ts";
import {effectiveDimensions, energyAlong, productsAlong, residualOf, type Products} from "../path/residual.ts";
import {perSize} from "../statistics/perSize.ts";
import {constantOf, inner, modeFunctions, orthonormal, sampled, type TimeBasis} from "../statistics/timeBasis.ts";
import {heldAgainst, MOST_ROUNDED, slowCosines, walkShare} from "../nulls/walkTest.ts";
import {MOST_POWER} from "./ways.ts";
import {whiteNoise} from "../path/whiteNoise.ts";

/** Why such a path is not called converging. */
export const GOES_ON = "beside the approach it goes on, further than noise would take it, and no end of that is to be seen";

export const GONE_ON = 0.04; // of the way to the end, over the last half: what goes on by less has come to one place
const SURELY = 1e-3; // largest p of what an approach alone, kicked at every step, leaves of it
const LEAST_STATES = 10;
const QUICKEST = 0.6; // steps in which the quickest approach falls to 1/e,
const QUICK = 1 / 4; // and the slowest, of the window
const FINE = 1.3; // × a time, the next that is tried
const COARSE = 4;
const POWERS = [0.75, 0.5, 0.25, 0, 1 - MOST_POWER]; // of time, by which ways without an end go on
const ENDED = [-0.5, -1, -2]; // the same of ways with one
const BEHIND = 1 / 2; // of a way with an end, at least
const WAVES = 3; // half waves, in which whatever goes on shows,
export const HARDLY = GONE_ON / 8; // of the way, by which what goes on moves a state at least
const SLOWEST = 0.9; // rate up to which rounding, alike from step to step, is taken to hold a loop up 1 / (1 − rate) floors from its end, where states do not round each anew
export const ROUNDED_ANEW = 0.5; // × the energy of rounding, least white noise of states of which each rounds anew: those held up by it hardly differ
const SLOW_MODES = 12; // functions of time that tell how large noise is that changes slowly
const LEAST_APART = 1e-4; // of the length of one function, squared, that another has not

interface Approach {
  /** Distance to the end kept per step, as it is claimed; 0 where none is. */
  readonly rate: number;
  /** Radians a step that the approach turns by. */
  readonly omega: number;
  /** Rounding floor of one state. */
  readonly floor: number;
  /** Greatest distance from its end of all of the path. */
  readonly way: number;
}

/** Functions of time without their mean and of length 1, of n states. */
interface Shapes {
  readonly all: TimeBasis;
  /** How many of them, the first, are quick decays, and how many the next, ways without an end: the others are ways with one. */
  readonly quick: number;
  readonly endless: number;
}

const shapesOf = perSize((n): Shapes => {
  const times = (from: number, to: number, by: number): number[] =>
    Array.from({length: Math.max(0, Math.floor(Math.log(to / from) / Math.log(by)) + 1)}, (_, i) => from * by ** i);
  const shape = (f: (t: number) => number): Float64Array[] => orthonormal([sampled(n, f)], constantOf(n));
  const power = (before: number, exponent: number): Float64Array[] =>
    shape((t) => (exponent === 0 ? Math.log(t + before) : (t + before) ** exponent));
  const decay = (time: number): Float64Array[] => shape((t) => Math.exp(-t / time));
  const quick = times(QUICKEST, QUICK * n, FINE).flatMap(decay);
  const endless = [shape((t) => t), ...times(1, n, COARSE).flatMap((before) => POWERS.map((exponent) => power(before, exponent)))].flat();
  const ending = [
    ...times(n / 12, -n / Math.log(BEHIND), FINE).map(decay),
    ...ENDED.flatMap((exponent) => times(1, n / (BEHIND ** (1 / exponent) - 1), 2).map((before) => power(before, exponent)))
  ].flat();
  return {all: [...quick, ...endless, ...ending], quick: quick.length, endless: endless.length};
});

/**
 * P(a path prefers as much a second, slower part that ends | it goes on beside its approach without an end), over all directions; 0 where nothing goes on. A quick decay and one of the ways without an end, each in
 * a direction of its own, must account for more than the claimed approach or any quick decay alone does, surely more than noise and kicks that the loop forgets at the claimed rate would make of it, and go on in the last half by more than
 * a place may be wide: then the same with a way of which half or more is behind must account for it better.
 */
export function slowPartP(path: Products, {rate, omega, floor, way}: Approach): number {
  const n = path.size;
  if (n < LEAST_STATES) return 0;
  const constant = constantOf(n);
  const claimed = orthonormal(modeFunctions(n, rate, omega), constant);
  const waves = orthonormal(slowCosines(n).slice(0, WAVES), [...constant, ...claimed]);
  if (energyAlong(path, waves) <= n * (HARDLY * way) ** 2) return 0;
  const plain = residualOf(path, constant);
  const {all, quick, endless} = shapesOf(n);
  const {values: energies} = productsAlong(plain, all);
  const best = (from: number, to: number): Pair => bestPair(all, energies, {quick, from, to});
  const goingOn = best(quick, quick + endless);
  let alone = energyAlong(plain, claimed);
  for (let i = 0; i < quick; ++i) alone = Math.max(alone, energies[i * (all.length + 1)]);
  const more = goingOn.energy - alone;
  if (more <= 0 || goingOn.size * Math.abs(all[goingOn.second][n - 1] - all[goingOn.second][n >> 1]) <= GONE_ON * way) return 0;
  const known = orthonormal([all[goingOn.first], all[goingOn.second]], constant);
  const slow = orthonormal(slowCosines(n), [...constant, ...known], SLOW_MODES);
  const noise = productsAlong(plain, slow);
  const anew = whiteNoise(productsFrom(path, n >> 1)) >= ROUNDED_ANEW * floor ** 2;
  const heldUp = Math.max(ROUNDING_FLOORS, 1 / (1 - Math.min(rate, SLOWEST)));
  const kicked = heldAgainst(
    slow.map((_, k) => noise.values[k * (slow.length + 1)]),
    {
      shares: slow.map((q) => walkShare(q, 0, rate)),
      share: walkShare(known[1], 0, rate),
      energy: more,
      functions: 1,
      least: (anew ? MOST_ROUNDED : heldUp ** 2) * floor ** 2
    }
  );
  const ratio = kicked.over(kicked.walk);
  const dimensions = effectiveDimensions(noise);
  const free = (slow.length - 2) * dimensions;
  if (fTail(ratio, dimensions, free) > SURELY) return 0;
  const better = best(quick + endless, all.length).energy - goingOn.energy;
  return better <= 0 ? 1 / 2 : fTail((better / more) * ratio * dimensions, 1, free) / 2;
}

interface Pair {
  /** The quick decay, and what is beside it. */
  readonly first: number;
  readonly second: number;
  /** That the two take up together. */
  readonly energy: number;
  /** Length of what the path does along the second, in units of its function. */
  readonly size: number;
}

/** The quick decay and the one of the shapes `from` … `to` that together take up most of a window, whose products along them are `energies`. */
function bestPair(
  all: TimeBasis,
  energies: Float64Array,
  {quick, from, to}: {readonly quick: number; readonly from: number; readonly to: number}
): Pair {
  const of = all.length;
  let best: Pair = {first: 0, second: from, energy: -1, size: 0};
  for (let i = 0; i < quick; ++i) {
    const own = energies[i * (of + 1)];
    for (let j = from; j < to; ++j) {
      const shared = inner(all[i], all[j]);
      const apart = 1 - shared ** 2;
      if (apart < LEAST_APART) continue;
      const [cross, other] = [energies[i * of + j], energies[j * (of + 1)]];
      const beyond = (other - 2 * shared * cross + shared ** 2 * own) / apart; // along what the second has beyond the first
      if (own + beyond > best.energy) best = {first: i, second: j, energy: own + beyond, size: Math.sqrt(Math.max(0, beyond) / apart)};
    }
  }
  return best;
}
