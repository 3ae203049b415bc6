import {COMES_ROUND, returnsOf} from "./determinism.ts";
import {mixtureTail} from "../statistics/fTail.ts";
import {lineBasis, multiplesOf, surroundings, type Line} from "./line.ts";
import {effectiveDimensions, energyAlong, energyOf, residualOf, type Products} from "../path/residual.ts";
import {modeFunctions, orthonormal, type TimeBasis} from "../statistics/timeBasis.ts";

const SHARPER = 2; // × the squared distance after a whole period, that after a step less and a step more: on a smooth way they are alike
const AS_NEAR = 2; // × the least squared distance of all periods: a multiple comes round as well
const CLOSED = 1e-6; // of a chance pair’s squared distance: as good as closed
export const COMB_TURNS = 3.8; // seen, at least, of a curve none of whose lines need stand out: of three, chaos repeats two by chance
const FLIP = 2; // steps: a period of one line
export const NOISE_SHARE = 0.3; // effective dimensions, at least, of what is left beyond rounding, over the number of states, up to
const NOISE_DIMENSIONS = 24; // as many: noise of 64 coordinates has as much; chaos that comes round for as long as it is watched mostly 1 to 15 over 64 states
const LEAST_FREE = 2; // functions of time beside the curve’s

/** The period, in whole steps, after which the same comes round in a window, though no state a step earlier or later is near; undefined where nothing does. */
export function combPeriod(plain: Products): number | undefined {
  const apart = returnsOf(plain);
  const found: {period: number; most: number}[] = [];
  for (let period = FLIP; COMB_TURNS * period <= plain.size; ++period) {
    const most = Math.max(apart(period), apart(2 * period));
    if (most <= COMES_ROUND && Math.min(apart(period - 1), apart(period + 1)) >= SHARPER * most) found.push({period, most});
  }
  const least = Math.min(...found.map(({most}) => most));
  const period = found.find(({most}) => most <= Math.max(AS_NEAR * least, CLOSED))?.period;
  return period === FLIP ? undefined : period;
}

/**
 * All lines of a curve of so many steps together, where no single one need stand out: states that have nothing to do with one another but come round have as much at every multiple of its frequency. As
 * `strongestLine` tests one, their energy is held against that beside them, in each line's neighbourhood or anywhere, whichever is more, in as many functions as the loudest neighbourhoods leave
 * (Satterthwaite). The loudest of the lines that turn tells the time.
 */
export function combOf(
  plain: Products,
  nuisance: TimeBasis,
  {period, floor}: {readonly period: number; readonly floor: number}
): Line | undefined {
  const n = plain.size;
  const frequencies = multiplesOf(1 / period);
  const curve = orthonormal(
    frequencies.flatMap((f) => modeFunctions(n, 1, 2 * Math.PI * f)),
    nuisance
  );
  const removed = [...nuisance, ...curve];
  const free = n - removed.length;
  if (free < LEAST_FREE) return undefined;
  const left = residualOf(plain, curve);
  const energy = energyAlong(plain, curve);
  const noise = energyOf(left) / free;
  if (noise > floor && effectiveDimensions(left) < Math.min(NOISE_SHARE * n, NOISE_DIMENSIONS)) return undefined;
  const least = Math.max(noise, floor * 0.01, Number.MIN_VALUE); // an exact cycle leaves nothing: rounding alone bounds the ratio
  const teeth = frequencies.map((frequency) => {
    const basis = lineBasis(n, frequency, nuisance);
    const {background, functions, dimensions} = surroundings(plain, removed, frequency);
    return {
      frequency,
      own: energyAlong(plain, basis),
      expected: basis.length * Math.max(background, least),
      count: basis.length,
      functions,
      dimensions
    };
  });
  const expected = teeth.reduce((sum, tooth) => sum + tooth.expected, 0);
  const inFunctions = (of: (tooth: (typeof teeth)[number]) => number): number =>
    expected ** 2 / teeth.reduce((sum, tooth) => sum + tooth.expected ** 2 / of(tooth), 0);
  const loudest = teeth.filter(({frequency}) => frequency < 0.5).reduce((best, tooth) => (tooth.own > best.own ? tooth : best));
  const ratio = energy / expected;
  const p = mixtureTail(
    ratio,
    inFunctions(({count}) => count),
    Math.min(
      free,
      inFunctions(({functions}) => functions)
    ),
    Math.min(...teeth.map(({dimensions}) => dimensions))
  );
  return {
    frequency: loudest.frequency,
    energy: Math.max(0, energy - expected),
    noise,
    ratio,
    skirt: Infinity,
    p,
    turnsToClose: () => Math.round(loudest.frequency * period)
  };
}
