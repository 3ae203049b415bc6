import type {Job} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";
import type {Owner} from "../queue/fairPlace.ts";

/** What one person of a lab server may take. */
export interface Limits {
  /** Captures that run or wait. */
  readonly captures: number;
  /** Of their runs on the disk, with those that are under way; what lies in the trash does not count. */
  readonly bytes: number;
}

export const NO_LIMITS: Limits = {captures: Infinity, bytes: Infinity};

export interface Quota {
  /** Throws a 429 HttpError, or one that says that their disk is full, where `owner` may not capture another run of so many bytes. A server without names knows no quota. */
  refuseMore(owner: Owner, bytes: number): Promise<void>;
  /** Counts a capture's bytes for its owner until it is over. */
  count(job: Job, bytes: number): void;
}

interface QuotaParts {
  readonly limits: Limits;
  readonly jobs: () => readonly Job[];
  /** Bytes of somebody's runs on the disk. */
  readonly usedBy: (owner: string) => Promise<number>;
}

export function createQuota({limits, jobs, usedBy}: QuotaParts): Quota {
  const asked = new Map<string, number>(); // bytes by job
  return {
    async refuseMore(owner, bytes) {
      if (owner === null) return;
      const underWay = jobs().filter((job) => job.owner === owner && job.position !== null);
      if (underWay.length >= limits.captures)
        throw new HttpError(429, `too many captures: ${underWay.length} of ${owner}'s run or wait; at most ${limits.captures}`);
      if (limits.bytes === Infinity) return;
      const open = new Set(jobs().flatMap(({id, position}) => (position === null ? [] : id)));
      for (const id of asked.keys()) if (!open.has(id)) asked.delete(id);
      const coming = underWay.reduce((sum, {id}) => sum + (asked.get(id) ?? 0), bytes);
      const used = await usedBy(owner);
      if (used + coming > limits.bytes)
        throw new HttpError(507, `too little disk: ${owner}'s runs take ${used} bytes, and ${coming} to come; at most ${limits.bytes}`);
    },
    count: (job, bytes) => void asked.set(job.id, bytes)
  };
}
