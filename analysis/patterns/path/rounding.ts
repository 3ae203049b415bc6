/** The number format in which states were computed or stored. */
export type Precision = "float32" | "float16" | "bfloat16";

const FRACTION_BITS: Record<Precision, number> = {float32: 23, float16: 10, bfloat16: 7};

/**
 * The narrowest format that holds every number exactly: states of a bfloat16 run in a float32 container are recognised as
 * bfloat16. All-zero data says nothing and counts as float32.
 */
export function precisionOf(data: Float32Array): Precision {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  let [brain, half, zero] = [true, true, true];
  for (let i = 0; i < bits.length && (brain || half); ++i) {
    const word = bits[i];
    if ((word & 0x7fffffff) === 0) continue;
    zero = false;
    brain &&= (word & 0xffff) === 0;
    half &&= isHalf(word);
  }
  if (zero) return "float32";
  return brain ? "bfloat16" : half ? "float16" : "float32";
}

/** Whether a non-zero float32, given by its bits, is a float16 (normal or subnormal, finite). */
function isHalf(word: number): boolean {
  const exponent = ((word >>> 23) & 0xff) - 127;
  if (exponent > 15 || exponent < -24) return false;
  const lost = exponent >= -14 ? 13 : 13 + (-14 - exponent);
  return lost >= 24 || (word & ((1 << Math.min(lost, 23)) - 1)) === 0;
}

const powersOfTwo = Float64Array.from({length: 256}, (_, exponent) => 2 ** (exponent - 127)); // by a float32's exponent

interface FloorOptions {
  /** Which coordinates change at all; a constant one rounds always alike and adds nothing. Defaults to all. */
  readonly changes?: Uint8Array;
  /** What each coordinate is multiplied by; defaults to 1. */
  readonly weights?: Float64Array;
}

/**
 * The rounding floor of a state: the root of the summed squares of its coordinates' rounding errors when each lies anywhere
 * within half a unit in the last place, √(Σ ulp(h_k)² / 12). This is the least that two runs which agree in exact arithmetic
 * can differ by; rounding inside a loop is amplified by the loop, by 1/(1 − rate) and more, so real floors lie above it.
 */
export const roundingFloor = (state: Float32Array, precision: Precision, options: FloorOptions = {}): number =>
  roundingNoise(state, precision, options).floor;

/** The same, and in how many dimensions such errors lie, which are independent from coordinate to coordinate: (Σ σₖ²)² / Σ σₖ⁴; 1 where nothing rounds. */
export function roundingNoise(
  state: Float32Array,
  precision: Precision,
  {changes, weights}: FloorOptions = {}
): {readonly floor: number; readonly dimensions: number} {
  const bits = new Uint32Array(state.buffer, state.byteOffset, state.length);
  const unit = 2 ** -FRACTION_BITS[precision];
  let [sum, sumOfSquares] = [0, 0];
  for (let k = 0; k < bits.length; ++k) {
    const exponent = (bits[k] >>> 23) & 0xff;
    if (exponent === 0 || changes?.[k] === 0) continue;
    const squared = (powersOfTwo[exponent] * unit * (weights?.[k] ?? 1)) ** 2;
    sum += squared;
    sumOfSquares += squared * squared;
  }
  return {floor: Math.sqrt(sum / 12), dimensions: sumOfSquares > 0 ? sum ** 2 / sumOfSquares : 1};
}

/** The number rounded to bfloat16 (nearest, ties to even), still a float32. */
export function toBfloat16(data: Float32Array): Float32Array {
  const rounded = data.slice(); // the caller keeps the exact numbers
  const bits = new Uint32Array(rounded.buffer);
  for (let i = 0; i < bits.length; ++i) bits[i] = (bits[i] + 0x7fff + ((bits[i] >>> 16) & 1)) & 0xffff0000;
  return rounded;
}
