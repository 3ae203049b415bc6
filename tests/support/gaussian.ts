import type {Random} from "../../analysis/random.ts";

/** Standard normal numbers by Marsaglia's polar method. */
export function gaussianOf(random: Random): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const [u, v] = [2 * random() - 1, 2 * random() - 1];
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * scale;
      return u * scale;
    }
  };
}

/** A random direction of length `length`. */
export function directionOf(gaussian: () => number, width: number, length = 1): Float64Array {
  const direction = Float64Array.from({length: width}, gaussian);
  const scale = length / Math.sqrt(direction.reduce((sum, x) => sum + x * x, 0));
  return direction.map((x) => x * scale);
}

/** `count` random directions at right angles to one another, each of length 1; those beyond as many as there are coordinates find no room, and lie in any direction. */
export function frameOf(gaussian: () => number, width: number, count: number): Float64Array[] {
  const frame: Float64Array[] = [];
  for (let i = 0; i < count; ++i) {
    const next = directionOf(gaussian, width);
    for (const axis of i < width ? frame : []) {
      const along = axis.reduce((sum, x, k) => sum + x * next[k], 0);
      for (let k = 0; k < width; ++k) next[k] -= along * axis[k];
    }
    const length = Math.sqrt(next.reduce((sum, x) => sum + x * x, 0));
    frame.push(next.map((x) => x / length));
  }
  return frame;
}

/** Uniform between low and high; log-uniform where `log`. */
export const between = (random: Random, low: number, high: number): number => low + (high - low) * random();
export const betweenLog = (random: Random, low: number, high: number): number => low * (high / low) ** random();
