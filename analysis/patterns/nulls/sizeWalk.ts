import {fTail} from "../statistics/fTail.ts";
import {constantOf, inner, orthonormal, sampled} from "../statistics/timeBasis.ts";
import {slowCosines, walkShare} from "./walkTest.ts";

const KNEES = [2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128]; // steps at which a decay may reach what is left at rest
const KNEE_SHARE = 0.75; // of the steps, latest knee
const LEAST_BESIDE = 8; // slow functions beside the shape that tell a walk from noise
const NOISES = [0, ...Array.from({length: 24}, (_, i) => 0.01 * 2 ** i), Infinity]; // of the walk's step, squared
const SHARED = 1 / 4; // correlation of neighbouring squared steps of independent states, (−½)²
const DOUBT = 1; // nats by which a ratio of walk and noise may be less likely than the likeliest, and still counts

/**
 * P(the logarithms of a path's step sizes fall as a decay's do to what is left at rest | they are a random walk seen through noise), after the number of knees tried.
 *
 * A decay of rate e^{−s} into noise has logarithms ½ ln(1 + e^{2s(T−t)}) above the noise's: a line that bends into a level at step T. Under the null their energy along that shape is F
 * distributed with that along the slow functions beside it, each over what a walk and white noise put there. In what ratio is not known: of all that the functions beside leave
 * likely, the one counts that explains the fall best.
 */
export function sizeWalkP(logs: readonly number[]): number {
  const n = logs.length;
  const fall = logs[0] - restOf(logs);
  const knees = KNEES.filter((knee) => knee <= KNEE_SHARE * n);
  if (!(fall > 0)) return 1;
  const constant = constantOf(n);
  const middle = logs.reduce((sum, log) => sum + log, 0) / n;
  const series = Float64Array.from(logs, (log) => log - middle);
  const ps = knees.map((knee) => {
    const [shape] = orthonormal([sampled(n, (t) => softened((fall / knee) * (knee - t)))], constant);
    if (!shape || inner(shape, series) <= 0) return 1;
    const slow = orthonormal(slowCosines(n), [...constant, shape], n - 3);
    if (slow.length < LEAST_BESIDE) return 1;
    const energies = slow.map((q) => inner(q, series) ** 2);
    const shares = slow.map((q) => walkShare(q, 0));
    const share = walkShare(shape, 0);
    const colours = slow.map((_, k) => colourOf((Math.PI * (k + 1)) / n));
    const loudest = colourOf(0);
    const likely = NOISES.map((noise) => {
      const predicted = shares.map((c, k) => (noise === Infinity ? colours[k] : c + noise * colours[k]));
      const scale = energies.reduce((sum, energy, k) => sum + energy / predicted[k], 0) / energies.length;
      const nats = -0.5 * (energies.length * Math.log(scale) + predicted.reduce((sum, x) => sum + Math.log(x), 0));
      return {nats, ratio: inner(shape, series) ** 2 / (scale * (noise === Infinity ? loudest : share + noise * loudest))};
    });
    const most = Math.max(...likely.map(({nats}) => nats));
    const ratio = Math.min(...likely.filter(({nats}) => nats >= most - DOUBT).map((one) => one.ratio));
    return fTail(ratio, 1, slow.length);
  });
  return Math.min(1, ...ps.map((p) => p * knees.length));
}

/** What sizes are at rest: the median of the last quarter of them. */
export function restOf(sizes: readonly number[]): number {
  const tail = sizes.slice(-Math.max(2, sizes.length >> 2)).sort((a, b) => a - b);
  return tail[tail.length >> 1];
}

/** Spectrum of the logarithms of the sizes of steps from one independent state to the next, which share a state: neighbours correlate by ¼. */
const colourOf = (omega: number): number => 1 + 2 * SHARED * Math.cos(omega);

/** ½ ln(1 + e^{2x}). */
const softened = (x: number): number => Math.max(0, x) + 0.5 * Math.log1p(Math.exp(-2 * Math.abs(x)));
