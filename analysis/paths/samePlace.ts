export interface CompareOptions {
  /** Relative gap below which two states cannot be told apart. */
  readonly floor: number;
  /** Relative distance up to which two places count as one; defaults to 0.01, a cosine of 0.99995. */
  readonly tolerance?: number;
}

/** The threshold in use: a tolerance that a reader would call "the same place", but never less than what rounding allows. */
export const samePlaceWithin = ({floor, tolerance = 0.01}: CompareOptions): number => Math.max(tolerance, 3 * floor);

export const INTERPOLATED_SHARE = 0.05; // of the motion: how far off states between two steps may be
export const ORBIT_SHARE = 0.1; // shifted tails are on one path when they differ by less than a tenth of the motion itself
