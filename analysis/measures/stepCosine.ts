import type {States} from "../states.ts";
import {curveOf} from "./curve.ts";

/**
 * Cosine of the angle between successive steps, cos∠(h_t − h_{t−1}, h_{t−1} − h_{t−2}) in −1…1, layout `[step][init][token]`;
 * NaN at steps 0 and 1, and where one of the two steps has no length. In the rounding noise about a fixed point it tends to −½
 * whatever the dynamics, so read it only above the noise floor.
 */
export const stepCosine = (states: States): Float32Array =>
  curveOf(states, 2, (state, step) => {
    const [a, b, c] = [state(step - 2), state(step - 1), state(step)];
    let product = 0;
    let before = 0;
    let after = 0;
    for (let i = 0; i < a.length; ++i) {
      const u = b[i] - a[i];
      const v = c[i] - b[i];
      product += u * v;
      before += u * u;
      after += v * v;
    }
    return before === 0 || after === 0 ? NaN : product / Math.sqrt(before * after);
  });
