/** Prompts of a shard: what is done again when a worker dies. */
export const shardBounds = {least: 1, most: 10_000, usual: 16} as const;

/** Traces that are kept at most, and the sample of the rest among them. */
export const keepBounds = {
  traces: {least: 0, most: 10_000, usual: 20},
  sample: {least: 0, most: 10_000, usual: 4},
  megabytes: {least: 0, most: 1_000_000, usual: 500}
} as const;

/** What a census's rows may be ordered by. */
export const CENSUS_ORDERS = ["prompt", "q", "period", "rate", "drift_speed", "settled_step", "amplitude", "entropy"] as const;
