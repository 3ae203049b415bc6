import {areFew} from "./besideCurve.ts";
import {HARMONICS, neighboursOf} from "./line.ts";
import {curveOf, placesAlong, type Turning} from "./ownPlane.ts";
import {effectiveDimensions, energyAlong, residualOf, type Products} from "../path/residual.ts";
import {fTail} from "../statistics/fTail.ts";
import {modeFunctions, orthonormal, type TimeBasis} from "../statistics/timeBasis.ts";

export const KICKED_SHARE = 0.03; // of the line's energy, that lies next to its frequency out of its plane: less is no part of what turns
export const KICKED_P = 0.05; // largest p, of noise alike at all frequencies, that says so; orbits at 1.5 × the noise have 0.1 and more

/** What lies next to a line's frequency in directions out of its plane. */
export interface Skirt {
  /** Of the line's energy. */
  readonly share: number;
  /** Mean energy per function of time over that of the frequencies farther off. */
  readonly ratio: number;
  /** P(as much more | noise alike at all frequencies nearby). */
  readonly p: number;
  /** Whether what the curve leaves there lies in few directions, as where the plane of a turn itself turns. */
  readonly few: boolean;
}

/**
 * What a closed curve leaves of a window out of the plane of its line, 1/n from the line's frequency, held against what it leaves 2/n to 4/n from it. A resonance that noise keeps going turns in fresh directions all the time: its
 * spectrum falls as 1/(f − f₀)² from its line (an autoregression of second order; Priestley 1981, 4.12), in all directions, where that of a closed curve in noise is flat, however it drifts and wanders in its own plane.
 * Undefined where too few frequencies are told apart.
 */
export function skirtOf(plain: Products, turning: Turning, energy: number): Skirt | undefined {
  const n = plain.size;
  const {line, curve} = curveOf(n, turning, HARMONICS);
  const left = outOf(placesAlong(plain, line), plain);
  const frequency = turning.omega / (2 * Math.PI);
  const sides = ([-1, 1] as const).map((side) => neighboursOf(n, frequency, side));
  const functionsAt = (frequencies: readonly number[], removed: TimeBasis): Float64Array[] =>
    orthonormal(
      frequencies.flatMap((f) => modeFunctions(n, 1, 2 * Math.PI * f)),
      removed
    );
  const removed = [...turning.nuisance, ...curve];
  const next = functionsAt(
    sides.flatMap((side) => side.slice(0, 1)),
    removed
  );
  const farther = functionsAt(
    sides.flatMap((side) => side.slice(1)),
    [...removed, ...next]
  );
  if (next.length === 0 || farther.length === 0) return undefined;
  const beside = energyAlong(left, next);
  const ratio = beside / next.length / Math.max(energyAlong(left, farther) / farther.length, Number.MIN_VALUE);
  const dimensions = effectiveDimensions(residualOf(left, curve));
  return {
    share: beside / energy,
    ratio,
    p: fTail(ratio, next.length * dimensions, farther.length * dimensions),
    few: areFew(dimensions, n)
  };
}

/** Whether noise keeps it going. */
export const isKeptGoing = ({share, p, few}: Skirt): boolean => !few && share >= KICKED_SHARE && p <= KICKED_P;

export const keptGoingInWords = ({share, ratio}: Skirt): string =>
  `noise keeps it going: ${share.toFixed(2)} of its energy lies beside its frequency in other directions, ${ratio.toFixed(1)}× what lies farther off`;

/** Products of what lies out of the directions along which these are the states' coordinates. */
function outOf(places: readonly Float64Array[], {size: n, values}: Products): Products {
  const left = values.slice();
  for (const place of places) for (let i = 0; i < n; ++i) for (let j = 0; j < n; ++j) left[i * n + j] -= place[i] * place[j];
  return {size: n, values: left};
}
