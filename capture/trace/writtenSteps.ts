/** Steps that a run has: `steps_written`, but 0 where that is −1, since not even the initial state is written. Nothing is imported here, since the page reads it, too. */
export const writtenSteps = ({steps_written}: {readonly steps_written: number}): number => Math.max(0, steps_written);
