import type {DiffuseDemand} from "./diffuseDemand.ts";

/** What a window's positions read at every step of an iteration: rows [positions, inputWidth] from position `at` on. */
export interface WindowInputs {
  readonly at: number;
  readonly rows: Float32Array;
}

interface InputMixing {
  readonly at: number;
  /** Positions of the window. */
  readonly rows: number;
  readonly earlier: WindowInputs | undefined;
  /** Share of the earlier input, 0 to 1. */
  readonly share: number;
}

/**
 * The momentum of a wavefront: an exponential moving average of each position's input. As in the reference, a new position, which has no
 * earlier input, has 1 − share of its own alone.
 */
export function mixedInputs(own: Float32Array, {at, rows, earlier, share}: InputMixing): Float32Array {
  if (!earlier || share === 0) return own; // the first one is averaged with itself
  const width = own.length / rows;
  const before = earlier.rows.subarray((at - earlier.at) * width);
  return own.map((x, i) => (1 - share) * x + (i < before.length ? share * before[i] : 0));
}

interface StateMixing {
  readonly width: number;
  readonly demand: Pick<DiffuseDemand, "state_noise_mixing" | "dampened_state_mixer" | "sqrt_mixer">;
  readonly noise: () => Float32Array;
}

/**
 * States [positions, width] mixed with fresh ones: (1 − n) s + n r, with n the mixing's share, divided by 1 + the steps that the position has
 * taken where it is dampened; or √(1 − n) s + √n r.
 */
export function mixedStates(states: Float32Array, taken: readonly number[], {width, demand, noise}: StateMixing): Float32Array {
  const {state_noise_mixing: mixing, dampened_state_mixer: isDampened, sqrt_mixer: isRoot} = demand;
  if (mixing === 0) return states;
  const fresh = noise();
  return states.map((x, i) => {
    const share = isDampened ? mixing / (1 + taken[Math.floor(i / width)]) : mixing;
    return isRoot ? x * Math.sqrt(Math.max(0, 1 - share)) + Math.sqrt(share) * fresh[i] : x * (1 - share) + share * fresh[i];
  });
}
