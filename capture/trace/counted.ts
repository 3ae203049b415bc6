/** The noun of a count: `step` of 1, `steps` of any other. Nothing is imported here, since the page reads it, too. */
export const nounOf = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many);

/** A count with its noun: 1 step, 2 steps. */
export const counted = (count: number, one: string, many?: string): string => `${count} ${nounOf(count, one, many)}`;
