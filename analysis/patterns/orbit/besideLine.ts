import {lineBasis, LOUD, multiplesOf, type Line} from "./line.ts";
import {fitMode, secondFunctionP, SURE_TURN, type Mode} from "../modes/mode.ts";
import {energyAlong, type Products} from "../path/residual.ts";
import {modeFunctions, orthonormal, type TimeBasis} from "../statistics/timeBasis.ts";
import {plainWalkP} from "../nulls/walkTest.ts";

export const RATES_KEPT = [0.7, 1.1] as const; // of its amplitude a step, between which an oscillation's is sought

/** The other lines of a closed curve that stand out of its noise: beside a line that is fitted they would count as noise that is alike from step to step. */
export function otherLines(
  plain: Products,
  {frequency, turnsToClose, noise}: Pick<Line, "frequency" | "noise"> & {readonly turnsToClose: number},
  nuisance: TimeBasis
): TimeBasis {
  const n = plain.size;
  const known = [...nuisance, ...lineBasis(n, frequency, nuisance)];
  const others: Float64Array[] = [];
  multiplesOf(frequency, turnsToClose).forEach((f, j) => {
    if (j + 1 === turnsToClose) return;
    const functions = orthonormal(modeFunctions(n, 1, 2 * Math.PI * f), [...known, ...others]);
    if (energyAlong(plain, functions) >= LOUD * noise * functions.length) others.push(...functions);
  });
  return others;
}

/** P(the amplitude of a mode falls as much | it wanders, as that of a resonance does which noise keeps going). */
export function fallP(plain: Products, {alone: {rate, omega}}: Mode, {nuisance, floor}: {nuisance: TimeBasis; floor: number}): number {
  const shape = orthonormal(modeFunctions(plain.size, rate, omega), nuisance);
  return plainWalkP(plain, shape, {constant: nuisance, floor: floor ** 2, omega});
}

/** Whether what looks like a falling flip is an ellipse of a period near 2, seen for less than its beat: a turning mode accounts for it better, and need not fall. */
export function turnsSteadily(plain: Products, flip: Mode, {nuisance, floor}: {nuisance: TimeBasis; floor: number}): boolean {
  const n = plain.size;
  const [slowest, start] = [Math.PI * (1 - 2 / n), Math.PI * (1 - 0.5 / n)];
  const turning = fitMode(plain, {
    nuisance,
    floor: floor ** 2,
    rates: RATES_KEPT,
    omegas: [slowest, Math.PI * (1 - 0.01 / n)],
    start: [1, start]
  }).mode();
  if (turning.rateCi[1] < 1) return false;
  return secondFunctionP(plain, {real: flip, turning, nuisance, free: n - nuisance.length - 2}) * n < SURE_TURN;
}
