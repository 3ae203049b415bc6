const Z = 1.959964; // 97.5 % of the normal distribution

/**
 * The 97.5 % quantile of Student's t with `freedom` degrees of freedom (real, from 1): half the width of a 95 % interval in standard errors that
 * were themselves estimated. Cornish–Fisher expansion about the normal quantile (Abramowitz and Stegun 26.7.5), right to 1e-3 from 5 degrees on, 2 % small at 2.
 */
export function t95(freedom: number): number {
  const z2 = Z * Z;
  const v = Math.max(1, freedom);
  const first = (z2 + 1) / 4;
  const second = ((5 * z2 + 16) * z2 + 3) / 96;
  const third = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  const fourth = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
  return Z * (1 + first / v + second / v ** 2 + third / v ** 3 + fourth / v ** 4);
}
