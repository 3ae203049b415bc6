const FLOOR_DECADES = 6; // what is smaller than a millionth of the largest value lies on the ground

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
  for (let i = 0; i < values.length; ++i) {
    const value = values[i];
    if (!Number.isFinite(value) || value <= 0) {
      pen = "M";
      continue;
    }
    const share = Math.min(1, Math.max(0, (Math.log10(value) - ground) / span));
    path += `${pen}${((i / Math.max(1, values.length - 1)) * width).toFixed(1)} ${((1 - share) * height).toFixed(1)}`;
    pen = "L";
  }
  return path;
}
