const Z = 1.959964; // 95 %, two sides

/** Wilson's 95 % interval of a share, `count` of `n`. */
export function wilson(count: number, n: number): [number, number] {
  const share = count / n;
  const middle = (share + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2))) / (1 + Z ** 2 / n);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
