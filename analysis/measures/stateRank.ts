import {dot} from "../matrix.ts";
import {stateAt, type States} from "../states.ts";

/**
 * In how many directions the tokens' states differ at one step, layout `[step][init]`: the participation ratio (Σλ)² / Σλ² of the eigenvalues λ of their covariance over
 * tokens, 1 to tokens − 1, from the tokens' inner products. 0 where all tokens have one state.
 */
export function stateRank(states: States): Float32Array {
  const {steps, inits, tokens} = states;
  const ranks = new Float32Array(steps * inits);
  for (let step = 0; step < steps; ++step) {
    for (let init = 0; init < inits; ++init) {
      const rows = Array.from({length: tokens}, (_, token) => stateAt(states, step, token, init));
      const from = rows.map((row) => row.map((x, k) => x - rows[0][k])); // differences first: tokens may differ by little of their norm
      const products = from.map((a) => from.map((b) => dot(a, b)));
      const means = products.map((row) => row.reduce((sum, x) => sum + x, 0) / tokens);
      const mean = means.reduce((sum, x) => sum + x, 0) / tokens;
      let [trace, squares] = [0, 0];
      for (let i = 0; i < tokens; ++i) {
        trace += products[i][i] - 2 * means[i] + mean;
        for (let j = 0; j < tokens; ++j) squares += (products[i][j] - means[i] - means[j] + mean) ** 2;
      }
      ranks[step * inits + init] = squares > 0 ? trace ** 2 / squares : 0;
    }
  }
  return ranks;
}
