/** What the optimiser is told; see the recipe for what each is. */
interface AdamWOptions {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
}

/** A weight with its running moments, all of one length. */
export interface Trained {
  readonly value: Float32Array;
  /** The running mean of its gradient. */
  readonly mean: Float32Array;
  /** The running mean of its gradient's square. */
  readonly square: Float32Array;
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101), in place; `step` counts from 1. The decay is decoupled: a share
 * rate · decay of the weight is taken off. Sums are 64-bit, what is kept is float32.
 */
export function adamW({value, mean, square}: Trained, gradient: Float32Array, step: number, options: AdamWOptions): void {
  const {rate, beta1, beta2, epsilon, decay} = options;
  const meanShare = 1 - beta1 ** step;
  const squareShare = 1 - beta2 ** step;
  for (let i = 0; i < value.length; ++i) {
    const g = gradient[i];
    mean[i] = beta1 * mean[i] + (1 - beta1) * g;
    square[i] = beta2 * square[i] + (1 - beta2) * g * g;
    value[i] = value[i] * (1 - rate * decay) - (rate * (mean[i] / meanShare)) / (Math.sqrt(square[i] / squareShare) + epsilon);
  }
}

/** The length of all gradients together. */
export function gradientNorm(gradients: Iterable<Float32Array>): number {
  let squared = 0;
  for (const gradient of gradients) for (let i = 0; i < gradient.length; ++i) squared += gradient[i] * gradient[i];
  return Math.sqrt(squared);
}

/** Shortens all gradients together to the length `most`, in place, where they are longer. */
export function clip(gradients: Iterable<Float32Array>, norm: number, most: number): void {
  if (!(norm > most)) return;
  const factor = most / norm;
  for (const gradient of gradients) for (let i = 0; i < gradient.length; ++i) gradient[i] *= factor;
}
