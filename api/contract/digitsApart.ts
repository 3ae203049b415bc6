const LEAST = 3;
const MOST = 6;

/** Significant digits, three to six, with which the ends of an interval are not written alike. */
export function digitsApart<End>([low, high]: readonly [End, End], written: (end: End, digits: number) => string): number {
  let digits = LEAST;
  while (digits < MOST && low !== high && written(low, digits) === written(high, digits)) ++digits;
  return digits;
}
