import {HttpError} from "../contract/httpError.ts";
import type {Owner} from "../queue/fairPlace.ts";

/** What one person of a lab server may take. */
export interface Limits {
  /** Captures, generations and imports that run or wait. */
  readonly captures: number;
  /** Experiments, evaluations, censuses and trainings that run or wait. */
  readonly experiments: number;
  /** Analyses, exports and reports that run or wait. */
  readonly analyses: number;
  /** Of their runs, experiments, evaluations, censuses and uploads on the disk, with those that are under way; what lies in the trash does not count. */
  readonly bytes: number;
}

export const NO_LIMITS: Limits = {captures: Infinity, experiments: Infinity, analyses: Infinity, bytes: Infinity};

/** Work that has a place among its owner's. */
interface Claim {
  readonly kind: "captures" | "experiments";
  /** Its own, by which it is known in its queue, too. */
  readonly id: string;
  /** What it will take on the disk. */
  readonly bytes: number;
}

/** What each person has under way. A server without names knows no quota. */
export interface Quota {
  /**
   * Does the work that takes a claim's place. It counts from now until the work is done, and what was put in a queue until it is over there.
   * Throws a 429 HttpError, or a 507 where the owner's disk is full.
   */
  within<T>(owner: Owner, claim: Claim, work: () => Promise<T>): Promise<T>;
  /** Bytes that the owner may yet take. */
  room(owner: Owner): Promise<number>;
}

interface QuotaParts {
  readonly limits: Limits;
  /** What is in the queues and not over. */
  readonly underWay: Readonly<Record<Claim["kind"], () => readonly {readonly id: string; readonly owner: Owner}[]>>;
  /** Bytes of somebody's on the disk. */
  readonly usedBy: (owner: string) => Promise<number>;
}

export function createQuota({limits, underWay, usedBy}: QuotaParts): Quota {
  const held = new Map<string, Claim & {readonly owner: Owner}>(); // while the work is done
  const asked = new Map<string, number>(); // bytes of what waits or runs in a queue, by id

  const idsOf = (owner: Owner, kind: Claim["kind"]): Set<string> =>
    new Set(
      [...underWay[kind](), ...[...held.values()].filter((claim) => claim.kind === kind)]
        .filter((one) => one.owner === owner)
        .map(({id}) => id)
    );

  function coming(owner: Owner): number {
    const open = new Set([...held.keys(), ...underWay.captures().map(({id}) => id), ...underWay.experiments().map(({id}) => id)]);
    for (const id of asked.keys()) if (!open.has(id)) asked.delete(id);
    return [...idsOf(owner, "captures"), ...idsOf(owner, "experiments")].reduce((sum, id) => sum + (asked.get(id) ?? 0), 0);
  }

  async function refuseFull(owner: string): Promise<void> {
    if (limits.bytes === Infinity) return;
    const used = await usedBy(owner);
    const more = coming(owner);
    if (used + more > limits.bytes)
      throw new HttpError(507, `too little disk: ${owner}'s runs take ${used} bytes, and ${more} to come; at most ${limits.bytes}`);
  }

  return {
    async within(owner, claim, work) {
      if (owner === null) return work();
      const {kind, id, bytes} = claim;
      const own = idsOf(owner, kind);
      if (!own.has(id) && own.size >= limits[kind])
        throw new HttpError(429, `too many ${kind}: ${own.size} of ${owner}'s run or wait; at most ${limits[kind]}`);
      held.set(id, {...claim, owner}); // before anything is waited for, or a hundred at once would all find room
      asked.set(id, bytes);
      try {
        await refuseFull(owner);
        return await work();
      } catch (error) {
        asked.delete(id);
        throw error;
      } finally {
        held.delete(id);
      }
    },
    async room(owner) {
      if (owner === null || limits.bytes === Infinity) return Infinity;
      return Math.max(0, limits.bytes - (await usedBy(owner)) - coming(owner));
    }
  };
}
