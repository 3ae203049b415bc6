/**
 * Where a trajectory began. `normal`: the model's own random initial state, times a scale. `noise`: normal numbers with the spread of the
 * injected input. `swap`: the final state of another prompt. `zero` and `constant`: the same number everywhere.
 */
export const startKinds = ["normal", "noise", "swap", "zero", "constant"] as const;
export type StartKind = (typeof startKinds)[number];

export interface Start {
  readonly kind: StartKind;
  /** Multiple of the model's own initial spread for `normal`; the constant for `constant`; 1 for `noise` and `swap`, 0 for `zero`. */
  readonly scale: number;
}

/** Whether a start is one that the model itself would make: the sample that shares, rates and answers are about. */
export const isOwn = ({kind, scale}: Start): boolean => kind === "normal" && scale === 1;

/** The starts that a claim of path independence is about: anywhere a state of this model may plausibly begin. The others map the basin. */
export const isTested = (start: Start): boolean => isOwn(start) || start.kind === "noise" || start.kind === "swap";

/** The starts for which a claim holds, by index. */
export const startsWhere = (starts: readonly Start[], holds: (start: Start) => boolean): readonly number[] =>
  starts.flatMap((start, i) => (holds(start) ? [i] : []));
