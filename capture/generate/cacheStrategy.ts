import {Refusal} from "../trace/refusal.ts";

/** Where the core's keys and values are kept, and which of them a step reads, by position. */
export interface CacheStrategy {
  readonly name: string;
  /** The slot that core block `block` writes at `step` (from 0); slots are counted from 0, `coreBlocks` of them a step before any sharing. */
  slot(step: number, block: number): number;
  /**
   * The slot that a step reads at a position which lacks `wanted`, of the slots `held` there (rising); undefined leaves the position out
   * of the attention. Asked only where some position lacks the slot.
   */
  instead(wanted: number, held: readonly number[]): number | undefined;
}

/** How a name is spelt, what it does, and what it is called with. */
export const CACHE_STRATEGIES = [
  {name: "full", what: "every step and block has its own keys; positions that left earlier are missing from deeper steps"},
  {name: "skip", what: "as full: positions that lack the step are left out"},
  {name: "latest-m4", what: "a position that left earlier shows the keys of its deepest step up to this one, same block"},
  {name: "available-m4", what: "as latest-m4, which it equals for the core's blocks"},
  {name: "always-last-m4", what: "where some position lacks the step, all show the keys of their deepest step, even a deeper one"},
  {name: "compress-s{k}", what: "k slots in a ring: later steps overwrite earlier ones (k counts blocks)"},
  {name: "compress-r{k}", what: "k consecutive blocks share one slot"},
  {name: "compress-anchor", what: "the first 8 steps keep their own slots, all later ones share one step's"}
] as const;

const ANCHOR_STEPS = 8; // the reference: slots 2 to 33 of a core of four blocks

/**
 * A cache strategy by its name, alone or as `LOOKUP-COMPRESSION` (`latest-m4-compress-s4`), for a core of any number of blocks: the `4` of
 * `m4`, fixed in the reference (seal-rg/recurrent-pretraining at 59e0b69, `HuginnDynamicCache`), stands for the number of core blocks.
 * A compression alone reads what `latest-m4` would. Throws a Refusal that lists the known names.
 */
export function cacheStrategy(name: string, coreBlocks: number): CacheStrategy {
  const match =
    /^(?:(full|skip|latest-m4|available-m4|always-last-m4)(?:-(?=compress)|$))?(?:compress-(?:(s|r)([1-9]\d{0,5})|(anchor)))?$/.exec(name);
  if (!match || name === "")
    throw new Refusal(
      `unknown cache strategy: ${name}; one of ${CACHE_STRATEGIES.map((known) => known.name).join(", ")}, or two as in latest-m4-compress-s4`
    );
  const [, lookup = "latest-m4", kind, size, anchor] = match;
  // Otherwise the blocks of one step would differ in which positions they see.
  if (size !== undefined && Number(size) % coreBlocks !== 0 && coreBlocks % Number(size) !== 0)
    throw new Refusal(
      `invalid cache strategy: ${name}; ${size} blocks share slots, expected a divisor or a multiple of the core's ${coreBlocks}`
    );
  const slot = (step: number, block: number): number => {
    const own = step * coreBlocks + block;
    if (kind === "s") return own % Number(size);
    if (kind === "r") return Math.floor(own / Number(size));
    const private_ = ANCHOR_STEPS * coreBlocks;
    return anchor && own >= private_ ? private_ + ((own - private_) % coreBlocks) : own;
  };
  return {name, slot, instead: lookups(coreBlocks)[lookup as Lookup]};
}

/** Whether two of so many steps' blocks write the same slot. */
export function sharesSlots({slot}: CacheStrategy, steps: number, coreBlocks: number): boolean {
  const slots = new Set<number>();
  for (let step = 0; step < steps; ++step) for (let block = 0; block < coreBlocks; ++block) slots.add(slot(step, block));
  return slots.size < steps * coreBlocks;
}

type Lookup = "full" | "skip" | "latest-m4" | "available-m4" | "always-last-m4";

function lookups(coreBlocks: number): Record<Lookup, CacheStrategy["instead"]> {
  const sameBlock = (wanted: number) => (slot: number) => slot % coreBlocks === wanted % coreBlocks;
  const ownOnly: CacheStrategy["instead"] = (wanted, held) => (held.includes(wanted) ? wanted : undefined);
  const latest: CacheStrategy["instead"] = (wanted, held) => held.filter(sameBlock(wanted)).findLast((slot) => slot <= wanted);
  return {
    full: ownOnly,
    skip: ownOnly,
    "latest-m4": latest,
    "available-m4": latest,
    "always-last-m4": (wanted, held) => held.filter(sameBlock(wanted)).at(-1)
  };
}
