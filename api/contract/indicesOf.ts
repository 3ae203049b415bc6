/** Indices out of a checked list such as `0,3,17`; undefined for none, which means all. */
export const indicesOf = (list: string | undefined): number[] | undefined => list?.split(",").map(Number);
