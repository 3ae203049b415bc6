import {scratchRoom} from "./memory.ts";

const SLAB = 2 ** 15; // numbers, of which many short arrays are parts
const SHORT = SLAB / 32;

let slab = new Float64Array(0);
let used = 0;

/** Room for so many numbers, whatever they are now. A label makes thousands of short arrays: each with memory of its own costs more than what is done with it. */
export const floats = (count: number): Float64Array => scratchRoom(count) ?? slabRoom(count);

function slabRoom(count: number): Float64Array {
  if (count > SHORT) return new Float64Array(count);
  if (used + count > slab.length) [slab, used] = [new Float64Array(SLAB), 0];
  const part = new Float64Array(slab.buffer, used * Float64Array.BYTES_PER_ELEMENT, count);
  used += count;
  return part;
}

/** The same numbers, for whoever changes them. */
export function copied(values: Float64Array): Float64Array {
  const copy = floats(values.length);
  copy.set(values);
  return copy;
}
