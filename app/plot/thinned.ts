const A_COLUMN = 4; // first, lowest, highest, last

/**
 * The places of a curve that a line of so many columns of pixels is drawn through: of each column the first, the lowest, the highest and the last
 * one (M4 of Jugel et al. 2014), so that it covers what a line through all of them does. Of places that are not drawn, one stands for each gap.
 */
export function thinned(count: number, columns: number, valueAt: (place: number) => number, isDrawn: (value: number) => boolean): number[] {
  if (count <= A_COLUMN * columns) return Array.from({length: count}, (_, place) => place);
  const kept: number[] = [];
  for (let column = 0, from = 0; column < columns; ++column) {
    const to = Math.floor(((column + 1) * count) / columns);
    keepColumn(kept, from, to, {valueAt, isDrawn});
    from = to;
  }
  return kept;
}

interface Values {
  readonly valueAt: (place: number) => number;
  readonly isDrawn: (value: number) => boolean;
}

/** Adds what is kept of one column, stretch by stretch between its gaps. */
function keepColumn(kept: number[], from: number, to: number, {valueAt, isDrawn}: Values): void {
  let first = -1;
  let [low, high] = [NaN, NaN];
  let [lowest, highest] = [-1, -1];
  const finish = (end: number): void => {
    if (first < 0) return;
    for (const place of [first, Math.min(lowest, highest), Math.max(lowest, highest), end]) if (kept.at(-1) !== place) kept.push(place);
    first = -1;
  };
  for (let place = from; place < to; ++place) {
    const value = valueAt(place);
    if (!isDrawn(value)) {
      finish(place - 1);
      if (place === 0 || isDrawn(valueAt(place - 1))) kept.push(place);
      continue;
    }
    if (first < 0) {
      first = lowest = highest = place;
      low = high = value;
    } else if (value < low) [lowest, low] = [place, value];
    else if (value > high) [highest, high] = [place, value];
  }
  finish(to - 1);
}
