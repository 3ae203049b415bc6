/** One number for each state of a run, layout `[step][init][token]`; NaN where it is not defined. */
export interface Field {
  readonly steps: number;
  readonly inits: number;
  readonly tokens: number;
  readonly values: ArrayLike<number>;
}

/** The states of a run in a picture, layout `[step][init][token][dim]`. */
export interface Points {
  readonly steps: number;
  readonly inits: number;
  readonly tokens: number;
  readonly dims: number;
  readonly values: Float32Array;
}

export const valueAt = ({inits, tokens, values}: Field, step: number, init: number, token: number): number =>
  values[(step * inits + init) * tokens + token];

export const coordinateAt = ({inits, tokens, dims, values}: Points, step: number, init: number, token: number, dim: number): number =>
  values[((step * inits + init) * tokens + token) * dims + dim];

/** The inits that are drawn: the one looked at where the run has it, else all of them. */
export const shownInits = (init: number | undefined, {inits}: {readonly inits: number}): number[] =>
  init !== undefined && init < inits ? [init] : [...Array(inits).keys()];

/** The values of one trajectory, step by step. */
export function curveAt(field: Field, init: number, token: number): Float64Array {
  const curve = new Float64Array(field.steps);
  for (let step = 0; step < field.steps; ++step) curve[step] = valueAt(field, step, init, token);
  return curve;
}

/** Smallest and largest finite value, with `positive` of those above zero; undefined where there is none. */
export function extentOf({values}: Pick<Field, "values">, {positive = false}: {positive?: boolean} = {}): [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; ++i) {
    const value = values[i];
    if (!Number.isFinite(value) || (positive && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/** Values with `count` undefined ones before them, for what begins after step 0. */
export function padded(values: Float32Array, count: number): Float32Array {
  if (count === 0) return values;
  const longer = new Float32Array(values.length + count).fill(NaN);
  longer.set(values, count);
  return longer;
}
