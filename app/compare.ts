import type {Field, Points} from "./plot/field.ts";
import type {Tensors} from "./source/safetensors.ts";
import type {Projection} from "./useProjection.ts";

/** States of some tokens of a run, layout [step][init][token][width]; the steps before `firstStep` are not there. */
export interface TokenStates {
  readonly firstStep: number;
  readonly steps: number;
  readonly inits: number;
  /** The tokens whose states these are, by index in the run. */
  readonly tokens: readonly number[];
  readonly width: number;
  readonly values: ArrayLike<number>;
}

export function tokenStatesOf({tensors: {state}, metadata}: Tensors, tokens: readonly number[]): TokenStates {
  const [steps, inits, , width] = state.shape;
  return {firstStep: Number(metadata.first_step ?? 0), steps, inits, tokens, width, values: state.data};
}

/** States in another run's basis; with `centred` each trajectory about its own mean, as the basis was fitted. */
export function placeIn({axes, mean}: NonNullable<Projection["basis"]>, {firstStep, steps, inits, tokens, width, values}: TokenStates, {centred = false}: {centred?: boolean} = {}): Points {
  if (mean.length !== width) throw new RangeError(`invalid width: ${width}; the basis has ${mean.length}`);
  const dims = axes.length / width;
  const paths = inits * tokens.length;
  const placed = new Float32Array((steps + firstStep) * paths * dims).fill(NaN);
  for (let path = 0; path < paths; ++path) {
    const centre = centred ? meanOf(values, {path, paths, steps, width}) : mean;
    for (let step = 0; step < steps; ++step) {
      const from = (step * paths + path) * width;
      const to = ((step + firstStep) * paths + path) * dims;
      for (let k = 0; k < dims; ++k) {
        let sum = 0;
        for (let j = 0; j < width; ++j) sum += (values[from + j] - centre[j]) * axes[k * width + j];
        placed[to + k] = sum;
      }
    }
  }
  return {steps: steps + firstStep, inits, tokens: tokens.length, dims, values: placed};
}

function meanOf(values: ArrayLike<number>, {path, paths, steps, width}: {path: number; paths: number; steps: number; width: number}): Float64Array {
  const mean = new Float64Array(width);
  for (let step = 0; step < steps; ++step) for (let j = 0; j < width; ++j) mean[j] += values[(step * paths + path) * width + j] / steps;
  return mean;
}

/**
 * How far two runs are apart at each step, ‖b − a‖ / ‖a‖, as a field of the first run with `count` tokens: NaN for tokens that were
 * not compared and where one of the two has no state. Init by init; where the second run has fewer, its first stands for the rest.
 */
export function differenceOf(a: TokenStates, b: TokenStates, count: number): Field {
  const steps = Math.max(a.steps + a.firstStep, b.steps + b.firstStep);
  const values = new Float32Array(steps * a.inits * count).fill(NaN);
  if (a.width !== b.width) return {steps, inits: a.inits, tokens: count, values};
  for (let step = Math.max(a.firstStep, b.firstStep); step < Math.min(a.steps + a.firstStep, b.steps + b.firstStep); ++step) {
    for (let init = 0; init < a.inits; ++init) {
      a.tokens.forEach((token, i) => {
        const other = b.tokens.indexOf(token);
        if (other < 0) return;
        const at = (((step - a.firstStep) * a.inits + init) * a.tokens.length + i) * a.width;
        const bt = (((step - b.firstStep) * b.inits + (init < b.inits ? init : 0)) * b.tokens.length + other) * b.width;
        let [apart, size] = [0, 0];
        for (let j = 0; j < a.width; ++j) {
          apart += (b.values[bt + j] - a.values[at + j]) ** 2;
          size += a.values[at + j] ** 2;
        }
        values[(step * a.inits + init) * count + token] = Math.sqrt(apart / (size || 1));
      });
    }
  }
  return {steps, inits: a.inits, tokens: count, values};
}
