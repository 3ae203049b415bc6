import {thinned} from "./thinned.ts";

const FLOOR_DECADES = 6; // what is smaller than a millionth of the largest value lies on the ground

const COLUMNS_A_PIXEL = 2; // what fine screens have

const isDrawn = (value: number): boolean => Number.isFinite(value) && value > 0;

/** The path of a small curve on a log scale from `low` to `high`: first value left, larger is higher; what is not finite or not positive is left out. */
export function sparkPath(
  values: ArrayLike<number>,
  {width, height, low, high}: {width: number; height: number; low: number; high: number}
): string {
  const top = Math.log10(high);
  const ground = Math.max(Math.log10(low), top - FLOOR_DECADES);
  const span = top - ground || 1;
  let path = "";
  let pen = "M";
  for (const i of thinned(values.length, COLUMNS_A_PIXEL * width, (place) => values[place], isDrawn)) {
    const value = values[i];
    if (!isDrawn(value)) {
      pen = "M";
      continue;
    }
    const share = Math.min(1, Math.max(0, (Math.log10(value) - ground) / span));
    path += `${pen}${((i / Math.max(1, values.length - 1)) * width).toFixed(1)} ${((1 - share) * height).toFixed(1)}`;
    pen = "L";
  }
  return path;
}
