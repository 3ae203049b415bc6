import type {AttentionCache, StepsCache} from "../engine/attention.ts";
import type {CacheStrategy} from "./cacheStrategy.ts";
import type {KeyValueStore, SlotName} from "./keyValueStore.ts";

/** The core's keys and values. */
const CORE = "core";

/** Attentions before and after the loop: a slot each, that holds every position. */
export function plainCache(store: KeyValueStore, before: number, positions: readonly number[]): AttentionCache {
  return {
    length: before,
    past: (attention) => store.view({group: attention, slot: 0}, before),
    keep: (attention, made) => store.keep({group: attention, slot: 0}, positions, made)
  };
}

interface Placed {
  readonly store: KeyValueStore;
  readonly strategy: CacheStrategy;
  readonly attentions: readonly string[];
  /** Steps that the chunk has taken. */
  readonly step: number;
  readonly before: number;
  readonly positions: readonly number[];
}

/** What the attentions of one step see, in their order: slots by the strategy. */
export function stepCache({store, strategy, attentions, step, before, positions}: Placed): AttentionCache {
  const slotOf = (attention: string): SlotName => ({group: CORE, slot: strategy.slot(step, attentions.indexOf(attention))});
  return {
    length: entriesOf(store, strategy, slotOf(attentions[0]), before).length,
    past: (attention) => store.gather(CORE, entriesOf(store, strategy, slotOf(attention), before)),
    keep: (attention, made) => store.keep(slotOf(attention), positions, made)
  };
}

/**
 * What the attentions of the next steps see, for as many of them as see equally many positions, at most `count`: one at the least.
 * `width` is that of a row of keys.
 */
export function stepsCache(
  {store, strategy, attentions, step, before, positions}: Placed,
  {count, width}: {readonly count: number; readonly width: number}
): StepsCache & {readonly count: number} {
  const slotsAt = (i: number) => attentions.map((_, block) => strategy.slot(step + i, block));
  store.reserve(CORE, 1 + Math.max(...Array.from({length: count}, (_, i) => slotsAt(i)).flat()), width);
  const seen: (readonly number[])[] = [];
  for (let i = 0; i < count; ++i) {
    const rows = slotsAt(i).map((slot) => entriesOf(store, strategy, {group: CORE, slot}, before));
    if (i > 0 && rows[0].length !== seen[0].length) break;
    seen.push(...rows);
  }
  const steps = seen.length / attentions.length;
  const entries = new Int32Array(seen.length * seen[0].length);
  seen.forEach((rows, i) => entries.set(rows, i * rows.length));
  return {
    count: steps,
    length: seen[0].length,
    all: store.all(CORE, before),
    entries,
    keep({keys, values}) {
      const size = positions.length * attentions.length * width;
      for (let i = 0; i < steps; ++i) {
        const made = {keys: keys.subarray(i * size, (i + 1) * size), values: values.subarray(i * size, (i + 1) * size)};
        store.keepSlots(CORE, slotsAt(i), positions, made);
      }
    }
  };
}

/** Where the rows lie that a slot shows of the positions before the chunk. */
function entriesOf(store: KeyValueStore, {instead}: CacheStrategy, {group, slot}: SlotName, before: number): readonly number[] {
  const all = Array.from({length: before}, (_, position) => position);
  if (store.isWhole({group, slot}, before)) return all.map((position) => store.entry({group, slot}, position));
  return all.flatMap((position) => {
    const other = instead(slot, store.held(group, position));
    return other === undefined ? [] : [store.entry({group, slot: other}, position)];
  });
}
