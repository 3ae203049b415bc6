/**
 * Memory that is used again: of one path some dozens of matrices are made, each of which is gone when its label is known, and fresh memory of that size costs more than what is done
 * with it.
 */
let memory = new Float64Array(0);
let used = 0;
let depth = 0;

const LEAST = 2 ** 18; // numbers

/** Runs some work, whose matrices are gone when it returns: nothing of them may be kept. */
export function scratching<T>(work: () => T): T {
  const [before, at] = [memory, used];
  ++depth;
  try {
    return work();
  } finally {
    --depth;
    used = memory === before ? at : 0; // what was taken before lies in the smaller memory
  }
}

/** Room for so many numbers, whatever they are now: of the scratch memory while it is in use, else its own. */
export function roomForMatrix(count: number): Float64Array {
  if (depth === 0) return new Float64Array(count);
  if (used + count > memory.length) {
    memory = new Float64Array(Math.max(LEAST, 2 * memory.length, count));
    used = 0;
  }
  used += count;
  return memory.subarray(used - count, used);
}
