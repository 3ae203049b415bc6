const MOST = 5; // on one axis
const ROOM = 15; // pixels from one name to the next

/** Powers of ten on a log axis of so many pixels, from the largest down: five at most, and fewer where their names would touch. */
export function decadesIn([low, high]: readonly number[], pixels: number): number[] {
  const [from, to] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  const every = decadeStride(pixels / Math.log10(high / low), Math.ceil((to - from + 1) / MOST));
  return Array.from({length: Math.max(0, to - from + 1)}, (_, i) => to - i)
    .filter((_, i) => i % every === 0)
    .map((power) => 10 ** power);
}

/** Every how many-th decade is named where one takes so many pixels: each where there is room, and no more than every `least`-th. */
export const decadeStride = (pixels: number, least = 1): number => Math.max(1, least, Math.ceil(ROOM / pixels));
