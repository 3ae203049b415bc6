/** JSON has no NaN and no infinity. */
export const numberOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
