import type {ModelConfig} from "../families/huginn/config.ts";

/** cos and sin of every position's angles, each [blockSize, headWidth / 2], computed in float32 as the reference does. */
export function ropeTablesOf({blockSize, headWidth, ropeBase}: ModelConfig): {readonly cos: Float32Array; readonly sin: Float32Array} {
  const half = headWidth / 2;
  const cos = new Float32Array(blockSize * half);
  const sin = new Float32Array(blockSize * half);
  for (let j = 0; j < half; ++j) {
    const frequency = Math.fround(1 / Math.fround(ropeBase ** Math.fround((2 * j) / headWidth)));
    for (let position = 0; position < blockSize; ++position) {
      const angle = Math.fround(position * frequency);
      cos[position * half + j] = Math.cos(angle);
      sin[position * half + j] = Math.sin(angle);
    }
  }
  return {cos, sin};
}
