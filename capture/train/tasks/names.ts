// Nothing here knows of files, so that the page knows a recipe's shape by it, too.

/** What can be trained, by the name that a recipe says. */
export const taskNames = ["clock", "bistable", "counter", "arithmetic"] as const;
export type TaskName = (typeof taskNames)[number];

/** What rows of `arithmetic` are drawn of. */
export const arithmeticFamilies = ["parity", "running value", "sum", "reversal", "lookup", "english"] as const;
export type ArithmeticFamily = (typeof arithmeticFamilies)[number];

/** Characters that the shortest problem of a family takes: one symbol, one column, two letters, two pairs. */
export const leastRoom: Readonly<Record<ArithmeticFamily, number>> = {
  parity: 3,
  "running value": 3,
  sum: 4,
  reversal: 7,
  lookup: 10,
  english: 1
};
