import {matrixOf, type Matrix} from "../matrix.ts";
import {blocksOf, type RowSource} from "./rowSource.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** Rows hold NaN or Infinity, so that nothing can be fitted on them. */
export class NotFiniteError extends Refusal {}

/** What was made of the rows that are finite; `rows` names them where they are not all. */
interface OnFiniteRows<T> {
  readonly found: T;
  readonly rows?: Int32Array;
}

/**
 * Does `work` on all rows, or, where some are not finite, on the others: one bad token does not take the picture from the rest. Only then
 * are the rows read once more. Throws what `work` throws, also where no row is finite.
 */
export async function onFiniteRows<T>(source: RowSource, work: (source: RowSource) => Promise<T>): Promise<OnFiniteRows<T>> {
  try {
    return {found: await work(source)};
  } catch (error) {
    if (!(error instanceof NotFiniteError)) throw error;
    const rows = await finiteRowsOf(source);
    if (rows.length === 0) throw error;
    return {found: await work(chosenRows(source, rows)), rows};
  }
}

async function finiteRowsOf(source: RowSource): Promise<Int32Array> {
  const finite: number[] = [];
  for await (const {start, count, data} of blocksOf(source)) {
    for (let i = 0; i < count; ++i) {
      let nothing = 0;
      for (let at = i * source.cols; at < (i + 1) * source.cols; ++at) nothing += data[at] * 0; // NaN for NaN and for Infinity
      if (nothing === 0) finite.push(start + i);
    }
  }
  return Int32Array.from(finite);
}

/** Some rows of a source, in ascending order; neighbours are read at once. */
function chosenRows(source: RowSource, rows: Int32Array): RowSource {
  const {cols} = source;
  return {
    rows: rows.length,
    cols,
    async read(start, count, into) {
      for (let i = 0; i < count; ) {
        let length = 1;
        while (i + length < count && rows[start + i + length] === rows[start + i] + length) ++length;
        const room = into.subarray(i * cols, (i + length) * cols);
        const data = await source.read(rows[start + i], length, room);
        if (data.buffer !== room.buffer || data.byteOffset !== room.byteOffset) room.set(data.subarray(0, length * cols));
        i += length;
      }
      return into.subarray(0, count * cols);
    }
  };
}

/** Results of some rows at their places among all `count`, NaN at the others; the results themselves where they are of all. */
export function atTheirRows(results: Matrix, rows: Int32Array | undefined, count: number): Matrix {
  if (!rows) return results;
  const {cols, data} = results;
  const all = new Float32Array(count * cols).fill(NaN);
  rows.forEach((row, i) => all.set(data.subarray(i * cols, (i + 1) * cols), row * cols));
  return matrixOf(count, cols, all);
}
