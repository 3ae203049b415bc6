import {form, type Gram} from "../path/gram.ts";
import {productsAlong, productsWith, type Products} from "../path/residual.ts";
import {inner, sampled, type TimeBasis} from "../statistics/timeBasis.ts";

/** Radians per step seen from the origin, the mean over the window, of the states that lie on the fitted shape. */
export function angularSpeed(window: Gram, plain: Products, shape: TimeBasis): number {
  const products = productsAlong(plain, shape); // of the shape's vectors Σ f_t h_t with one another
  const withMean = Float64Array.from(shape, (f) => originProduct(window, f));
  const meanSquared = squaredMean(window);
  const [at, step] = [new Float64Array(shape.length), new Float64Array(shape.length)];
  let sum = 0;
  for (let t = 0; t + 1 < window.size; ++t) {
    for (let i = 0; i < shape.length; ++i) {
      at[i] = shape[i][t];
      step[i] = shape[i][t + 1] - shape[i][t];
    }
    const squared = meanSquared + 2 * inner(at, withMean) + form(products, at, at);
    const along = inner(step, withMean) + form(products, at, step);
    sum += Math.atan2(Math.sqrt(Math.max(0, squared * form(products, step, step) - along ** 2)), squared + along);
  }
  return sum / (window.size - 1);
}

/** (Σ w_t h_t) · mean(h), seen from the origin; w sums to zero. */
function originProduct(window: Gram, weights: Float64Array): number {
  const n = window.size;
  const mean = sampled(n, () => 1 / n);
  return inner(productsWith(window, weights), mean) + inner(weights, window.towardLast);
}

/** ‖mean(h)‖², seen from the origin. */
function squaredMean(window: Gram): number {
  const n = window.size;
  const mean = sampled(n, () => 1 / n);
  return inner(productsWith(window, mean), mean) + 2 * inner(mean, window.towardLast) + window.lastSquared;
}
