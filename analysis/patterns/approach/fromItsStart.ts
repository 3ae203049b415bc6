import {copied} from "../../kernel/floats.ts";
import {fTail} from "../statistics/fTail.ts";
import {seenFromTail, type Vectors} from "../path/gram.ts";
import type {Mode} from "../modes/mode.ts";
import {energyAlong, productsWith, type Products} from "../path/residual.ts";
import {inner, orthonormal, sampled, takeAway} from "../statistics/timeBasis.ts";

interface GoesOn {
  /** Of the noise. */
  readonly dimensions: number;
  /** States at the beginning in which the mode is above the noise. */
  readonly above: number;
}

/**
 * P(what follows the first states goes on as much from where they lie | every state its own direction, of whatever size), of a mode that stands out of the noise for a step or two, or begins at a state chosen since it is far:
 * sizes alone are no decay there. In few dimensions one direction says little, but a state that has its own lies to either side of where the first ones point as often as not: every one of those `above` the
 * noise is asked, seen from where what follows them lies, or, of what turns, from the middle.
 */
export function goesOnP(plain: Products, mode: Pick<Mode, "rate" | "omega">, {dimensions, above}: GoesOn): number {
  const course = fromFirstStates(plain.size, mode);
  const p = alongP(plain, course, dimensions);
  if (course.begun > 1) return Math.min(p, plain.size * sidesP((i, j) => plain.values[i * plain.size + j], course, above)); // one angle of that many was chosen
  return above < plain.size ? Math.min(p, sidesP(seenFromTail(plain, plain.size - above).product, course, above)) : p;
}

/** With its angle a mode goes on from one state, or, where it turns, from two: xₜ = aₜ x₀ + bₜ x₁. */
interface Course {
  /** How many of the first states it goes on from. */
  readonly begun: number;
  /** What every later state has of the last of them, and of the one before. */
  readonly fromLast: Float64Array;
  readonly fromFirst: Float64Array;
}

function fromFirstStates(n: number, {rate, omega}: Pick<Mode, "rate" | "omega">): Course {
  const turns = omega > 0 && omega < Math.PI;
  const begun = turns ? 2 : 1;
  const sine = (t: number): number => Math.sin(omega * t) / Math.sin(omega);
  return {
    begun,
    fromLast: sampled(n, (t) => (t < begun ? 0 : turns ? rate ** (t - 1) * sine(t) : (omega > 0 ? -rate : rate) ** t)),
    fromFirst: sampled(n, (t) => (t < begun || !turns ? 0 : -(rate ** t) * sine(t - 1)))
  };
}

/** Of the one direction in which all later states together lie, and that in which the first ones say that they do. */
function alongP(plain: Products, {begun, fromLast, fromFirst}: Course, dimensions: number): number {
  const along = copied(fromLast);
  takeAway(along, orthonormal([sampled(plain.size, (t) => (t < begun ? 0 : 1))])[0]); // the place about which all are seen has the first ones in it
  const start = sampled(plain.size, (t) => (t === begun - 1 ? inner(along, fromLast) : t < begun ? inner(along, fromFirst) : 0));
  const gone = productsWith(plain, along);
  const cosine = inner(gone, start) / Math.sqrt(inner(gone, along) * energyAlong(plain, [start]));
  const free = dimensions - 1;
  return cosine > 0 && free > 0 ? fTail((cosine ** 2 / Math.max(1e-12, 1 - cosine ** 2)) * free, 1, free) / 2 : 1;
}

/** Of the sides on which the states `above` the noise lie of where the first ones say that they do. */
function sidesP(product: Vectors["product"], {begun, fromLast, fromFirst}: Course, above: number): number {
  const wrong = (t: number): boolean => !(fromLast[t] * product(t, begun - 1) + fromFirst[t] * product(t, 0) > 0);
  const judged = Array.from({length: Math.min(above, fromLast.length) - begun}, (_, i) => wrong(begun + i));
  return signsP(judged.filter(Boolean).length, judged.length);
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
