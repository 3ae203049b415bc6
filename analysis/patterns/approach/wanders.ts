import {fTail} from "../statistics/fTail.ts";
import {effectiveDimensions, energyAlong, residualOf, type Products} from "../path/residual.ts";
import {constantOf, orthonormal, sampled} from "../statistics/timeBasis.ts";
import {whiteNoise} from "../path/whiteNoise.ts";

/** Why such a path is not called converging. */
export const WANDERS = "its end wanders, further than noise would take it";

export const WANDERED = 0.02; // of the way to the end: what wanders by less has come to one place
const SURELY = 1e-6; // largest p of white noise
const HALF_WAVES = [1, 2]; // over the end, in which it shows
const SLOWER = 3; // by how many times e another mode may fall meanwhile
const FITTED = 5; // functions of time
const BY_DIFFERENCES = 0.5; // of the freedom of states, that noise taken from their differences has
const LEAST_END = 8; // states

interface End {
  /** Distance to the end kept per step, as it is claimed; 0 where none is. */
  readonly rate: number;
  /** Radians a step that the approach turns by. */
  readonly omega: number;
  /** Rounding floor of one state. */
  readonly floor: number;
  /** Greatest distance from its end of all of the path. */
  readonly way: number;
}

/**
 * Whether the end of a path, where its approach should be over, still moves about: along the slowest functions of time there is surely more than noise, beside the decay that is claimed and
 * one that is slower, and more than a place may be wide. It follows something that goes its own way (a walk, a slide), or jumps again.
 */
export function wanders(end: Products, {rate, omega, floor, way}: End): boolean {
  const n = end.size;
  if (n < LEAST_END) return false;
  const decays = [
    sampled(n, (t) => rate ** t * Math.cos(omega * t)),
    sampled(n, (t) => rate ** t * Math.sin(omega * t)),
    sampled(n, (t) => Math.exp((-SLOWER * t) / n))
  ];
  const known = [...constantOf(n), ...orthonormal(decays, constantOf(n))];
  const waves = orthonormal(
    HALF_WAVES.map((halves) => sampled(n, (t) => Math.cos((Math.PI * halves * (t + 0.5)) / n))),
    known
  );
  const energy = energyAlong(end, waves);
  if (energy <= n * (WANDERED * way) ** 2) return false;
  const left = residualOf(end, known);
  const noise = Math.max(whiteNoise(left), floor ** 2, Number.MIN_VALUE);
  const dimensions = effectiveDimensions(left);
  return fTail(energy / waves.length / noise, waves.length * dimensions, BY_DIFFERENCES * (n - FITTED) * dimensions) < SURELY;
}
