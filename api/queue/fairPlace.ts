/** Whose an order is; null where nobody has a name. */
export type Owner = string | null;

/**
 * Where a new order of `owner` goes among those that wait, from 0: everybody's first before anybody's second, so that nobody
 * waits behind all of another's. What runs counts as its owner's first.
 */
export function fairPlace(waiting: readonly Owner[], running: readonly Owner[], owner: Owner): number {
  const rounds = new Map<Owner, number>();
  const roundOf = (one: Owner): number => {
    const round = rounds.get(one) ?? 0;
    rounds.set(one, round + 1);
    return round;
  };
  running.forEach(roundOf);
  const places = waiting.map(roundOf);
  const own = roundOf(owner);
  return places.findLastIndex((round) => round <= own) + 1;
}

/** Moves an element to a place among the elements of its owner, whose places it leaves to others as they are. */
export function movedAmongOwn<T>(
  waiting: readonly T[],
  {from, to, ownerOf}: {readonly from: number; readonly to: number; readonly ownerOf: (element: T) => Owner}
): T[] {
  const slots = [...waiting.keys()].filter((i) => ownerOf(waiting[i]) === ownerOf(waiting[from]));
  const own = slots.filter((i) => i !== from).map((i) => waiting[i]);
  own.splice(slots.filter((slot) => slot !== from && (slot < to || (slot === to && from < to))).length, 0, waiting[from]);
  const moved = [...waiting];
  for (const [k, slot] of slots.entries()) moved[slot] = own[k];
  return moved;
}
