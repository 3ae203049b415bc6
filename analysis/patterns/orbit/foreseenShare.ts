import {energyOf, type Products} from "../path/residual.ts";

const RIDGES = [0.3, 3, 30]; // whichever foresees most
const BEFORE = 2; // states: a resonance is foreseen from two

/**
 * The share of what is off a curve that a ridge regression on the two states before foresees, with each state left out in turn (Allen 1974; in the dual form of Saunders et al. 1998, for which
 * products are enough): below 0 of independent noise, much of what a map or a resonance makes of what was.
 */
export function foreseenShare(left: Products): number {
  const n = left.size;
  const m = n - BEFORE;
  const at = (i: number, j: number): number => left.values[i * n + j];
  const square = energyOf(left) / n;
  const alike = new Float64Array(m * m);
  for (let i = 0; i < m; ++i) for (let j = 0; j < m; ++j) alike[i * m + j] = 1 + (at(i, j) + at(i + 1, j + 1)) / square;
  let whole = 0;
  for (let i = BEFORE; i < n; ++i) whole += at(i, i);
  const errors = RIDGES.map((ridge) => {
    const inverse = inverseOf(alike, m, ridge);
    return leftOutErrors(inverse, m, (i, j) => at(i + BEFORE, j + BEFORE));
  });
  return 1 - Math.min(...errors) / whole;
}

/** Squared errors of what each state's own absence leaves, in all: (K + ridge)⁻¹ y over the inverse's diagonal. */
function leftOutErrors(inverse: Float64Array, m: number, product: (i: number, j: number) => number): number {
  let sum = 0;
  for (let i = 0; i < m; ++i) {
    const row = inverse.subarray(i * m, (i + 1) * m);
    let squared = 0;
    for (let j = 0; j < m; ++j) for (let k = 0; k < m; ++k) squared += row[j] * row[k] * product(j, k);
    sum += squared / row[i] ** 2;
  }
  return sum;
}

/** (K + ridge)⁻¹ of a matrix without negative eigenvalues (Gauss and Jordan, no pivots needed). */
function inverseOf(values: Float64Array, m: number, ridge: number): Float64Array {
  const inverse = values.slice();
  for (let i = 0; i < m; ++i) inverse[i * (m + 1)] += ridge;
  for (let p = 0; p < m; ++p) {
    const scale = 1 / inverse[p * (m + 1)];
    inverse[p * (m + 1)] = 1;
    for (let j = 0; j < m; ++j) inverse[p * m + j] *= scale;
    for (let i = 0; i < m; ++i) {
      if (i === p) continue;
      const factor = inverse[i * m + p];
      inverse[i * m + p] = 0;
      for (let j = 0; j < m; ++j) inverse[i * m + j] -= factor * inverse[p * m + j];
    }
  }
  return inverse;
}
