import type {Products} from "../path/residual.ts";

/**
 * How well one closed curve accounts for the distances at every lag in full dimension: R² of the mean of ‖h_{t+ℓ} − h_t‖² over t
 * against a + b (1 − cos ωℓ), ℓ from 1 to two thirds of the window. Near 1 for an orbit; a walk, whose distances only grow, has little.
 */
export function recurrenceOf({size, values}: Products, omega: number): number {
  const lags = Math.max(3, Math.floor((2 * size) / 3));
  const [x, y]: [number[], number[]] = [[], []];
  for (let lag = 1; lag <= Math.min(lags, size - 1); ++lag) {
    let sum = 0;
    for (let t = 0; t + lag < size; ++t) sum += values[t * size + t] + values[(t + lag) * (size + 1)] - 2 * values[t * size + t + lag];
    y.push(sum / (size - lag));
    x.push(1 - Math.cos(omega * lag));
  }
  return correlation(x, y) ** 2;
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [x.reduce((s, v) => s + v, 0) / x.length, y.reduce((s, v) => s + v, 0) / y.length];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < x.length; ++i) {
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}
