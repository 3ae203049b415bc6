/** Weights in 8 bits as onnxruntime's MatMulNBits reads them: unsigned, 128 for zero, a scale for each block along a row. */
interface EightBitBlocks {
  readonly bytes: Uint8Array;
  readonly scales: Float32Array;
}

const ZERO = 128;
const LARGEST = 127;

/** Weights of one scale: 32 where rows fall into blocks of 32, 16 where they do so into those; undefined elsewhere. */
export const blockSizeOf = (columns: number): number | undefined => [32, 16].find((size) => columns % size === 0);

/** Weights of one scale in a matrix that may be rounded; undefined in any other weight. */
export const eightBitBlock = ({shape, exact}: {readonly shape: readonly number[]; readonly exact: boolean}): number | undefined =>
  shape.length === 2 && !exact ? blockSizeOf(shape[1]) : undefined;

/** The tensor of a weight's scales, beside the one of its bytes. */
export const scalesName = (weight: string): string => `${weight}.scales`;

/** Rounds each block of `blockSize` numbers to multiples of its largest modulus / 127; the error is at most half of that. */
export function quantise(values: Float32Array, blockSize: number): EightBitBlocks {
  const bytes = new Uint8Array(values.length);
  const scales = new Float32Array(values.length / blockSize);
  for (let block = 0; block < scales.length; ++block) {
    const start = block * blockSize;
    let largest = 0;
    for (let i = start; i < start + blockSize; ++i) largest = Math.max(largest, Math.abs(values[i]));
    const scale = Math.fround(largest / LARGEST);
    scales[block] = scale;
    const inverse = scale === 0 ? 0 : 1 / scale;
    for (let i = start; i < start + blockSize; ++i) bytes[i] = Math.max(1, Math.min(255, Math.round(values[i] * inverse) + ZERO));
  }
  return {bytes, scales};
}
