import {energyAlong, MOST_DIMENSIONS, noiseDimensions, type Products} from "../path/residual.ts";
import {inner, sampled} from "../statistics/timeBasis.ts";

/** How fast a path goes in the parts of a window. */

const PARTS = 6; // of the window, at least four states each
export const SURE_RISE = 5; // errors, least distance from all courses that never rise, of a speed that rises somewhere: even speeds of six parts come so far once in 21,000 times (χ̄² of Bartholomew 1959)

/** How the speed varies over the parts of a window, whether it surely rises from some part to a later one, and the way from the first part's middle to the last's over that by way of all. */
export function speeds(plain: Products, noise: number): {variation: number; rises: boolean; chordOverParts: () => number} {
  const count = Math.min(PARTS, Math.floor(plain.size / 4));
  const parts = partSpeeds(plain, noise, count);
  const [least, most] = [Math.min(...parts.map(({speed}) => speed)), Math.max(...parts.map(({speed}) => speed))];
  const risesIn = (dimensions: number): boolean =>
    fromFalling(parts.map((part) => ({mean: part.speed, variance: Math.max(errorOf(part, dimensions), Number.EPSILON * most) ** 2}))) >
    SURE_RISE ** 2;
  const apart = (i: number, j: number): number => partDistance(plain, noise, count, i, j);
  const chordOverParts = (): number => {
    let way = 0;
    for (let i = 1; i < count; ++i) way += apart(i - 1, i);
    return way > 0 ? apart(0, count - 1) / way : 0;
  };
  return {
    variation: most > 0 ? (most - least) / (most + least) : 0,
    rises: risesIn(MOST_DIMENSIONS) && risesIn(noiseDimensions(plain)), // no speed is known better than in the most of them
    chordOverParts
  };
}

interface Known {
  readonly mean: number;
  readonly variance: number;
}

/** Squared distance of numbers in a row, in units of their errors, from the nearest that never rise: neighbours that do are pooled (Ayer, Brunk, Ewing, Reid and Silverman 1955). */
export function fromFalling(row: readonly Known[]): number {
  const pools: Known[] = [];
  let distance = 0;
  for (const next of row) {
    let last = next;
    while (pools.length > 0 && pools[pools.length - 1].mean < last.mean) {
      const {mean, variance} = pools.pop()!;
      const share = variance / (variance + last.variance);
      distance += (last.mean - mean) ** 2 / (variance + last.variance);
      last = {mean: mean + share * (last.mean - mean), variance: share * last.variance};
    }
    pools.push(last);
  }
  return distance;
}

/** Distance of the means of two of so many parts, freed of noise. */
function partDistance(plain: Products, noise: number, count: number, i: number, j: number): number {
  const n = plain.size;
  const weights = new Float64Array(n);
  for (const [part, sign] of [
    [i, 1],
    [j, -1]
  ]) {
    const [start, end] = [Math.floor((part * n) / count), Math.floor(((part + 1) * n) / count)];
    weights.fill(sign / (end - start), start, end);
  }
  return Math.sqrt(Math.max(0, energyAlong(plain, [weights]) - noise * inner(weights, weights)));
}

/** Speeds in the thirds of a window. */
export const thirds = (plain: Products, noise: number): number[] => partSpeeds(plain, noise, 3).map(({speed}) => speed);

interface PartSpeed {
  /** Length of the least-squares velocity, freed of noise. */
  readonly speed: number;
  /** Energy of the noise of that velocity, of all directions. */
  readonly blur: number;
}

/** Standard error of a speed in noise of so many dimensions: along the motion that of one direction, across it the scatter of the energy of all, which was taken off. */
function errorOf({speed, blur}: PartSpeed, dimensions: number): number {
  const along = blur / dimensions;
  const least = along * Math.sqrt(2 * dimensions); // what noise alone has for a squared speed
  return Math.sqrt(along + (along * blur) / (2 * Math.max(speed ** 2, least, Number.MIN_VALUE)));
}

/** The speeds in equal parts of a window. */
function partSpeeds(plain: Products, noise: number, count: number): PartSpeed[] {
  const n = plain.size;
  return Array.from({length: count}, (_, part) => {
    const [start, end] = [Math.floor((part * n) / count), Math.floor(((part + 1) * n) / count)];
    const middle = (start + end - 1) / 2;
    const weights = sampled(n, (t) => (t >= start && t < end ? t - middle : 0));
    const spread = inner(weights, weights);
    return {speed: Math.sqrt(Math.max(0, energyAlong(plain, [weights]) / spread ** 2 - noise / spread)), blur: noise / spread};
  });
}
