/** A dense row-major matrix of float32 numbers; element (i, j) is `data[i * cols + j]`. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array;
}

/** The i-th row, a view into the matrix. */
export const rowOf = ({cols, data}: Matrix, i: number): Float32Array => data.subarray(i * cols, (i + 1) * cols);

/** A matrix over existing numbers; throws a RangeError when their count is not rows × cols. */
export function matrixOf(rows: number, cols: number, data: Float32Array): Matrix {
  if (data.length !== rows * cols) throw new RangeError(`invalid matrix data: ${data.length} numbers; expected ${rows} × ${cols}`);
  return {rows, cols, data};
}

/** Σ aᵢ bᵢ in double precision. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += a[i] * b[i];
  return sum;
}

/** Euclidean norm in double precision. */
export const norm = (a: Float32Array): number => Math.sqrt(dot(a, a));

/** Euclidean distance ‖a − b‖ in double precision. */
export function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}
