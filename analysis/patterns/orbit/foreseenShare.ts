import {inverse, Matrix as SmallMatrix} from "ml-matrix";
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
  const alike = new SmallMatrix(m, m);
  for (let i = 0; i < m; ++i) for (let j = 0; j < m; ++j) alike.set(i, j, 1 + (at(i, j) + at(i + 1, j + 1)) / square);
  let whole = 0;
  for (let i = BEFORE; i < n; ++i) whole += at(i, i);
  const errors = RIDGES.map((ridge) =>
    leftOutErrors(inverse(SmallMatrix.add(alike, SmallMatrix.eye(m, m, ridge))), (i, j) => at(i + BEFORE, j + BEFORE))
  );
  return 1 - Math.min(...errors) / whole;
}

/** Squared errors of what each state's own absence leaves, in all: (K + ridge)⁻¹ y over the inverse's diagonal. */
function leftOutErrors(inverted: SmallMatrix, product: (i: number, j: number) => number): number {
  let sum = 0;
  for (let i = 0; i < inverted.rows; ++i) {
    const row = inverted.getRow(i);
    let squared = 0;
    for (let j = 0; j < row.length; ++j) for (let k = 0; k < row.length; ++k) squared += row[j] * row[k] * product(j, k);
    sum += squared / row[i] ** 2;
  }
  return sum;
}
