import type {Rope, RopeScaling} from "./ops.ts";

/** cos and sin of each position's angles, both [positions, headWidth / 2], computed in float32 as the references do. */
export function ropeTablesOf(
  {base, scaling}: Rope,
  {headWidth, positions}: {readonly headWidth: number; readonly positions: readonly number[]}
): {readonly cos: Float32Array; readonly sin: Float32Array} {
  const half = headWidth / 2;
  const cos = new Float32Array(positions.length * half);
  const sin = new Float32Array(positions.length * half);
  for (let j = 0; j < half; ++j) {
    const plain = Math.fround(1 / Math.fround(base ** Math.fround((2 * j) / headWidth)));
    const frequency = scaling ? Math.fround(scaled(plain, scaling)) : plain;
    positions.forEach((position, row) => {
      const angle = Math.fround(position * frequency);
      cos[row * half + j] = Math.cos(angle);
      sin[row * half + j] = Math.sin(angle);
    });
  }
  return {cos, sin};
}

function scaled(frequency: number, {factor, lowFactor, highFactor, original}: RopeScaling): number {
  const wavelength = (2 * Math.PI) / frequency;
  if (wavelength > original / lowFactor) return frequency / factor;
  if (wavelength < original / highFactor) return frequency;
  const share = (original / wavelength - lowFactor) / (highFactor - lowFactor);
  return ((1 - share) * frequency) / factor + share * frequency;
}
