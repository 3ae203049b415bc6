import {floats} from "./floats.ts";
import {addressOf, doubles, roomFor} from "./memory.ts";

let held: Float64Array | undefined; // the matrix that was copied last, since it is often asked about again

/** The address of a matrix, and of so many numbers each beside it. */
export function matrixAnd(values: Float64Array, counts: readonly number[]): number[] {
  const address = addressOf(values);
  const addresses = roomFor([address === undefined ? values.length : (held?.length ?? 0), ...counts]);
  if (address !== undefined) addresses[0] = address;
  else if (held !== values) {
    doubles.set(values, addresses[0] >> 3);
    held = values;
  }
  return addresses;
}

/** The addresses of so many numbers each, beside the matrix that was copied last. */
export const besideMatrix = (counts: readonly number[]): number[] => roomFor(counts, held?.length);

/** The addresses of so many numbers each, in the place of the matrix that was copied last. */
export function wholeDesk(counts: readonly number[]): number[] {
  held = undefined;
  return roomFor(counts);
}

/** Puts functions of n values one after another. */
export function put(functions: readonly Float64Array[], address: number): void {
  let at = address >> 3;
  for (const f of functions) {
    doubles.set(f, at);
    at += f.length;
  }
}

/** A copy of so many numbers. */
export function numbersAt(address: number, count: number): Float64Array {
  const [numbers, all] = [floats(count), doubles];
  const from = address >> 3;
  for (let t = 0; t < count; ++t) numbers[t] = all[from + t];
  return numbers;
}

/** A copy of so many rows of n numbers each. */
export function rowsAt(address: number, count: number, n: number): Float64Array[] {
  const rows: Float64Array[] = [];
  for (let i = 0; i < count; ++i) rows.push(numbersAt(address + i * n * Float64Array.BYTES_PER_ELEMENT, n));
  return rows;
}

/** A symmetric matrix of its lower half. */
export function mirrored(values: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; ++i) for (let j = 0; j < i; ++j) values[j * n + i] = values[i * n + j];
  return values;
}
