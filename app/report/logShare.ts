/** The share of the way at a step on a scale of log(1 + step), 0 to 1: most of the motion is in the first few steps. */
export const logShare = (step: number, lastStep: number): number => Math.log1p(step) / Math.log1p(Math.max(1, lastStep));
