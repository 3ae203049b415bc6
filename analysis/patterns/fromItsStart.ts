import {copied} from "../kernel/floats.ts";
import {fTail} from "./fTail.ts";
import type {Mode} from "./mode.ts";
import {energyAlong, productsWith, type Products} from "./residual.ts";
import {inner, orthonormal, sampled, takeAway} from "./timeBasis.ts";

/**
 * P(what follows the first states goes on as much from where they lie | every state its own direction, of whatever size), of a mode that stands out of the noise for a step or two, or begins at a state chosen since it is far:
 * sizes alone are no decay there. With its angle a mode goes on from one state, or from two, xₜ = aₜ x₀ + bₜ x₁. In few dimensions one direction says little,
 * but a state that has its own lies to either side of where the first two point as often as not: of what turns, every one of those `above` the noise is asked.
 */
export function goesOnP(
  plain: Products,
  {rate, omega}: Pick<Mode, "rate" | "omega">,
  {dimensions, above}: {readonly dimensions: number; readonly above: number}
): number {
  const turns = omega > 0 && omega < Math.PI;
  const begun = turns ? 2 : 1;
  const sine = (t: number): number => Math.sin(omega * t) / Math.sin(omega);
  const fromLast = sampled(plain.size, (t) => (t < begun ? 0 : turns ? rate ** (t - 1) * sine(t) : (omega > 0 ? -rate : rate) ** t));
  const fromFirst = sampled(plain.size, (t) => (t < begun ? 0 : turns ? -(rate ** t) * sine(t - 1) : 0));
  const along = copied(fromLast);
  takeAway(along, orthonormal([sampled(plain.size, (t) => (t < begun ? 0 : 1))])[0]); // the place about which all are seen has the first ones in it
  const start = sampled(plain.size, (t) => (t === begun - 1 ? inner(along, fromLast) : turns && t === 0 ? inner(along, fromFirst) : 0));
  const gone = productsWith(plain, along);
  const cosine = inner(gone, start) / Math.sqrt(inner(gone, along) * energyAlong(plain, [start]));
  const free = dimensions - 1;
  const alongP = cosine > 0 && free > 0 ? fTail((cosine ** 2 / Math.max(1e-12, 1 - cosine ** 2)) * free, 1, free) / 2 : 1;
  if (!turns) return alongP;
  const right = (t: number): boolean => fromLast[t] * plain.values[t * plain.size + 1] + fromFirst[t] * plain.values[t * plain.size] > 0;
  const judged = Array.from({length: Math.min(above, plain.size) - begun}, (_, i) => right(begun + i));
  return Math.min(alongP, plain.size * signsP(judged.filter((one) => !one).length, judged.length)); // one angle of that many was chosen
}

/** P(no more of so many signs are wrong | each is as often right). */
function signsP(wrong: number, of: number): number {
  let [p, term] = [0, 0.5 ** of];
  for (let k = 0; k <= wrong; ++k) {
    p += term;
    term *= (of - k) / (k + 1);
  }
  return Math.min(1, p);
}
