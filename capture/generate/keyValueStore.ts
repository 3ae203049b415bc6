import type {KeysValues} from "../engine/attention.ts";

/** Keys and values of the positions so far, in slots. A slot may lack positions. */
export interface KeyValueStore {
  /** Positions that are written by `keep`; those before are the past. */
  readonly length: number;
  /** The slots of a group that hold a position, rising. */
  held(group: string, position: number): readonly number[];
  /** Whether a slot holds every position before `count`. */
  isWhole(slot: SlotName, count: number): boolean;
  /** Rows of the first `count` positions of a slot, a view; they must all be there. */
  view(slot: SlotName, count: number): KeysValues;
  /** Rows of positions, each from a slot of the group; new arrays. */
  gather(group: string, rows: readonly {readonly slot: number; readonly position: number}[]): KeysValues;
  /** Writes rows at these positions. */
  keep(slot: SlotName, positions: readonly number[], made: KeysValues): void;
  /** Forgets all positions from `length` on. */
  truncate(length: number): void;
  /** Bytes of the rows that are there, as the reference counts them: not those that are set aside for more. */
  readonly bytes: number;
}

/** Slots of one group (`core`, or the name of an attention that has only one) are numbered. */
export interface SlotName {
  readonly group: string;
  readonly slot: number;
}

interface Slot {
  width: number;
  keys: Float32Array;
  values: Float32Array;
  /** 1 where a position is there. */
  has: Uint8Array;
  count: number;
}

const FIRST_CAPACITY = 64; // positions; doubled as needed, so that a long generation copies each row a few times at most

/** An empty store. Rows lie by position, so that a whole slot is read without a copy. */
export function keyValueStore(): KeyValueStore {
  const groups = new Map<string, Map<number, Slot>>();
  let length = 0;
  const slotAt = ({group, slot}: SlotName): Slot | undefined => groups.get(group)?.get(slot);

  return {
    get length() {
      return length;
    },
    held: (group, position) =>
      [...(groups.get(group) ?? [])]
        .filter(([, {has}]) => has[position] === 1)
        .map(([slot]) => slot)
        .sort((a, b) => a - b),
    isWhole(name, count) {
      const slot = slotAt(name);
      return count === 0 || (slot !== undefined && slot.count >= count && slot.has.subarray(0, count).every(Boolean));
    },
    view(name, count) {
      const slot = slotAt(name);
      if (!slot) return {keys: new Float32Array(0), values: new Float32Array(0)};
      return {keys: slot.keys.subarray(0, count * slot.width), values: slot.values.subarray(0, count * slot.width)};
    },
    gather(group, rows) {
      const slots = groups.get(group);
      const width = slots?.values().next().value?.width ?? 0;
      const [keys, values] = [new Float32Array(rows.length * width), new Float32Array(rows.length * width)];
      rows.forEach(({slot: number, position}, i) => {
        const slot = slots!.get(number)!;
        keys.set(slot.keys.subarray(position * width, (position + 1) * width), i * width);
        values.set(slot.values.subarray(position * width, (position + 1) * width), i * width);
      });
      return {keys, values};
    },
    keep({group, slot: number}, positions, made) {
      const slots = groups.get(group) ?? new Map<number, Slot>();
      groups.set(group, slots);
      const width = made.keys.length / positions.length;
      const slot = slots.get(number) ?? emptySlot(width);
      slots.set(number, slot);
      const end = Math.max(...positions) + 1;
      if (end > slot.has.length) grow(slot, end);
      positions.forEach((position, i) => {
        slot.keys.set(made.keys.subarray(i * width, (i + 1) * width), position * width);
        slot.values.set(made.values.subarray(i * width, (i + 1) * width), position * width);
        if (!slot.has[position]) ++slot.count;
        slot.has[position] = 1;
      });
      length = Math.max(length, end);
    },
    truncate(to) {
      for (const slots of groups.values())
        for (const slot of slots.values()) {
          slot.has.fill(0, to);
          slot.count = slot.has.reduce((sum, there) => sum + there, 0);
        }
      length = Math.min(length, to);
    },
    get bytes() {
      let bytes = 0;
      for (const slots of groups.values())
        for (const {count, width} of slots.values()) bytes += 2 * count * width * Float32Array.BYTES_PER_ELEMENT;
      return bytes;
    }
  };
}

const emptySlot = (width: number): Slot => ({
  width,
  keys: new Float32Array(FIRST_CAPACITY * width),
  values: new Float32Array(FIRST_CAPACITY * width),
  has: new Uint8Array(FIRST_CAPACITY),
  count: 0
});

function grow(slot: Slot, positions: number): void {
  const capacity = 2 ** Math.ceil(Math.log2(positions));
  const longer = (rows: Float32Array): Float32Array => {
    const next = new Float32Array(capacity * slot.width);
    next.set(rows);
    return next;
  };
  [slot.keys, slot.values] = [longer(slot.keys), longer(slot.values)];
  const has = new Uint8Array(capacity);
  has.set(slot.has);
  slot.has = has;
}
