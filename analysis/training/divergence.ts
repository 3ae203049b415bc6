/** A curve by training update; what was not measured is left out. */
export interface TrainingCurve {
  readonly name: string;
  readonly points: readonly {readonly update: number; readonly value: number}[];
}

/** Where a run's curve leaves its control's for good. */
interface Divergence {
  readonly curve: string;
  /** The first update from which it stays outside what the control does; undefined where it never does, or not to the end, or only with its last two points. */
  readonly from: number | undefined;
}

const SPREADS = 4; // a curve is outside where it lies so many of the control's own spreads away
const NEIGHBOURS = 2; // points to each side by which the control's level and spread are judged
const LASTING = 3; // points at the end that must lie outside: fewer are a stray one, and not for good

/**
 * The first update from which a curve stays away from a control's: further from the control's level around that update (the median of five points) than four times
 * the control's own scatter there (their median absolute deviation, and at least a hundredth of the range of its whole curve), over three points at least. The control shares the
 * seed, so that both see the same rows and depths in the same order.
 */
export function divergenceFrom(curve: TrainingCurve, control: TrainingCurve): Divergence {
  const values = control.points.map(({value}) => value);
  const least = 0.01 * (Math.max(...values) - Math.min(...values));
  let from: number | undefined;
  let outside = 0; // points from there on
  for (const {update, value} of curve.points) {
    const at = nearest(control, update);
    if (at === undefined) break;
    const around = values.slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS + 1);
    const level = median(around);
    const spread = Math.max(least, median(around.map((x) => Math.abs(x - level))), Number.MIN_VALUE);
    const isOutside = !(Math.abs(value - level) <= SPREADS * spread);
    outside = isOutside ? outside + 1 : 0;
    if (outside === 1) from = update;
  }
  return {curve: curve.name, from: outside >= LASTING ? from : undefined};
}

interface Warning extends Divergence {
  /** Updates by which it comes before the failure; below zero where it comes after. */
  readonly lead: number;
}

export interface RunDiagnosis {
  /** The update from which the loss stays above the control's for good; undefined for a run that does as well. */
  readonly failed: number | undefined;
  /** Curves that leave the control's for good, the earliest first; none where nothing failed. */
  readonly warnings: readonly Warning[];
}

/** When a run failed beside its control, and which of its other curves said so first. */
export function diagnose(
  run: {readonly loss: TrainingCurve; readonly curves: readonly TrainingCurve[]},
  control: {readonly loss: TrainingCurve; readonly curves: readonly TrainingCurve[]}
): RunDiagnosis {
  const {from: failed} = divergenceFrom(run.loss, control.loss);
  const isWorse = (run.loss.points.at(-1)?.value ?? Number.NaN) > (control.loss.points.at(-1)?.value ?? Number.NaN);
  if (failed === undefined || !isWorse) return {failed: undefined, warnings: []};
  const warnings = run.curves.flatMap((curve): Warning[] => {
    const beside = control.curves.find(({name}) => name === curve.name);
    const found = beside && divergenceFrom(curve, beside);
    return found?.from === undefined ? [] : [{...found, lead: failed - found.from}];
  });
  return {failed, warnings: warnings.sort((a, b) => b.lead - a.lead || (a.curve < b.curve ? -1 : 1))};
}

/** Means of a curve over consecutive updates, so that a noisy one is read by its course, or over all of them where they are fewer; each stands at the last of its updates. */
export function smoothed({name, points}: TrainingCurve, most: number): TrainingCurve {
  const over = Math.max(1, Math.min(most, points.length));
  const means: {update: number; value: number}[] = [];
  for (let i = over; i <= points.length; i += over) {
    const part = points.slice(i - over, i);
    means.push({update: part[over - 1].update, value: part.reduce((sum, {value}) => sum + value, 0) / over});
  }
  return {name, points: means};
}

/** The control's point at an update, or the one before it. */
function nearest({points}: TrainingCurve, update: number): number | undefined {
  const at = points.findLastIndex((point) => point.update <= update);
  return at < 0 ? undefined : at;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
