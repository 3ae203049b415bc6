import {open} from "node:fs/promises";
import {randomNormal} from "d3-random";
import type {RowSource} from "../../analysis/projections/rowSource.ts";
import {seededRandom} from "../../analysis/random.ts";

/** Rows of float32 numbers on disk, nothing else in the file. */
export interface RowFile {
  readonly path: string;
  readonly rows: number;
  readonly cols: number;
}

const STEPS = 65;
const DIRECTIONS = 64;
const NOISE = 0.05;

/**
 * Writes rows that look like a run: tokens on their way from a start to a point of their own, 0.85 of the distance left at
 * each step, along 64 directions of falling strength, and a little noise. Step-major, like a trace.
 */
export async function writeTrajectories({path, rows, cols}: RowFile): Promise<void> {
  const tokens = Math.ceil(rows / STEPS);
  const random = seededRandom(11);
  const normal = randomNormal.source(random)();
  const strength = Array.from({length: DIRECTIONS}, (_, d) => 10 / (d + 1) ** 0.8);
  const drawn = () => Float32Array.from({length: tokens * DIRECTIONS}, (_, at) => normal() * strength[at % DIRECTIONS]);
  const [ends, starts] = [drawn(), drawn()];
  // Direction d has its weight in the columns j ≡ d mod 64, so that the directions are orthogonal and a row costs one loop.
  const weight = Float32Array.from({length: cols}, () => normal() / Math.sqrt(cols / DIRECTIONS));
  const file = await open(path, "w");
  const block = new Float32Array(STEPS * 8 * cols);
  for (let start = 0; start < rows; start += STEPS * 8) {
    const count = Math.min(STEPS * 8, rows - start);
    for (let i = 0, at = 0; i < count; ++i) {
      const [step, token] = [Math.floor((start + i) / tokens), (start + i) % tokens];
      const left = 0.85 ** step;
      const place = Float32Array.from(
        {length: DIRECTIONS},
        (_, d) => ends[token * DIRECTIONS + d] + (2 * starts[token * DIRECTIONS + d] - ends[token * DIRECTIONS + d]) * left
      );
      for (let j = 0; j < cols; ++j, ++at) block[at] = place[j % DIRECTIONS] * weight[j] + NOISE * (random() + random() - 1);
    }
    await file.write(new Uint8Array(block.buffer, 0, 4 * count * cols));
  }
  await file.close();
}

/** The rows of a file; `close` when done. */
export async function openRows({path, rows, cols}: RowFile): Promise<RowSource & {close(): Promise<void>}> {
  const file = await open(path);
  return {
    rows,
    cols,
    async read(start, count, into) {
      const bytes = new Uint8Array(into.buffer, into.byteOffset, 4 * count * cols);
      for (let at = 0; at < bytes.length; ) {
        const {bytesRead} = await file.read(bytes, at, bytes.length - at, 4 * start * cols + at);
        if (bytesRead === 0) throw new Error(`short file: ${path}; expected ${rows} × ${cols} numbers`);
        at += bytesRead;
      }
      return into.subarray(0, count * cols);
    },
    close: () => file.close()
  };
}
