import {matrixOf, type Matrix} from "../../analysis/matrix.ts";

/** sin(0.7 i + 1.3 j + (i j mod 7)) / (1 + j mod 10): the matrix that sklearnReference.py fits. */
export function waveMatrix(rows: number, cols: number): Matrix {
  const data = new Float32Array(rows * cols);
  for (let i = 0; i < rows; ++i)
    for (let j = 0; j < cols; ++j) data[i * cols + j] = Math.sin(0.7 * i + 1.3 * j + ((i * j) % 7)) / (1 + (j % 10));
  return matrixOf(rows, cols, data);
}
