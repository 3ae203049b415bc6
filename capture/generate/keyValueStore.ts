import type {KeysValues} from "../engine/attention.ts";

/** Keys and values of the positions so far, in slots. A slot may lack positions. */
export interface KeyValueStore {
  /** Whether a slot holds every position before `count`. */
  isWhole(slot: SlotName, count: number): boolean;
  /** The slots of a group that hold a position, rising. */
  held(group: string, position: number): readonly number[];
  /** Rows of the first `count` positions, which must all be there: a view where the group has one slot. */
  view(slot: SlotName, count: number): KeysValues;
  /** Rows of the group by their entries; new arrays. */
  gather(group: string, entries: ArrayLike<number>): KeysValues;
  /** All rows of a group's first `count` positions, by entry; a view. */
  all(group: string, count: number): KeysValues;
  /** Where a slot's row of a position lies among all of the group's. It moves when the group gets more slots: see `reserve`. */
  entry(slot: SlotName, position: number): number;
  /** Makes room for this many slots of a group, of rows of this width. */
  reserve(group: string, slots: number, width: number): void;
  /** Writes rows at these positions. */
  keep(slot: SlotName, positions: readonly number[], made: KeysValues): void;
  /** Writes rows [positions, slots, width] at these positions and slots. */
  keepSlots(group: string, slots: readonly number[], positions: readonly number[], made: KeysValues): void;
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

/** Rows lie position by position, the slots of one beside each other: what a position adds is one piece, and no row ever moves for it. */
interface Table {
  width: number;
  slots: number;
  keys: Float32Array;
  values: Float32Array;
  /** 1 where a position is there in a slot, by entry. */
  has: Uint8Array;
  count: number;
}

const FIRST_CAPACITY = 64; // positions; doubled as needed, so that a long generation copies each row a few times at most

/** An empty store. */
export function keyValueStore(): KeyValueStore {
  const tables = new Map<string, Table>();
  const store: KeyValueStore = {
    isWhole: ({group, slot}, count) => isFull(tables.get(group) ?? NO_TABLE, slot, count),
    held(group, position) {
      const {has, slots} = tables.get(group) ?? NO_TABLE;
      return Array.from({length: slots}, (_, slot) => slot).filter((slot) => has[position * slots + slot] === 1);
    },
    view(name, count) {
      const table = tables.get(name.group);
      if (!table || count === 0) return {keys: new Float32Array(0), values: new Float32Array(0)};
      if (table.slots === 1) return store.all(name.group, count);
      return store.gather(
        name.group,
        Array.from({length: count}, (_, position) => store.entry(name, position))
      );
    },
    gather(group, entries) {
      const {keys, values, width} = tables.get(group)!;
      return {keys: picked(keys, entries, width), values: picked(values, entries, width)};
    },
    all(group, count) {
      const table = tables.get(group);
      if (!table) return {keys: new Float32Array(0), values: new Float32Array(0)};
      const end = count * table.slots * table.width;
      return {keys: table.keys.subarray(0, end), values: table.values.subarray(0, end)};
    },
    entry: ({group, slot}, position) => position * (tables.get(group)?.slots ?? 1) + slot,
    reserve(group, slots, width) {
      const table = tables.get(group) ?? emptyTable(width);
      tables.set(group, table);
      if (slots > table.slots) resize(table, capacityOf(table), 2 ** Math.ceil(Math.log2(slots)));
    },
    keep: ({group, slot}, positions, made) => store.keepSlots(group, [slot], positions, made),
    keepSlots(group, slots, positions, made) {
      const width = made.keys.length / positions.length / slots.length;
      store.reserve(group, Math.max(...slots) + 1, width);
      fill(tables.get(group)!, {slots, positions, made});
    },
    truncate(to) {
      for (const table of tables.values()) {
        table.has.fill(0, to * table.slots);
        table.count = table.has.reduce((sum, there) => sum + there, 0);
      }
    },
    get bytes() {
      let bytes = 0;
      for (const {count, width} of tables.values()) bytes += 2 * count * width * Float32Array.BYTES_PER_ELEMENT;
      return bytes;
    }
  };
  return store;
}

const NO_TABLE: Pick<Table, "has" | "slots"> = {has: new Uint8Array(0), slots: 0};

/** Whether a slot has the first `count` positions. */
function isFull({has, slots}: Pick<Table, "has" | "slots">, slot: number, count: number): boolean {
  if (count > 0 && slot >= slots) return false;
  for (let position = 0; position < count; ++position) if (has[position * slots + slot] !== 1) return false;
  return true;
}

const capacityOf = ({has, slots}: Table): number => has.length / slots;

interface MadeRows {
  readonly slots: readonly number[];
  readonly positions: readonly number[];
  /** Rows [positions, slots, width]. */
  readonly made: KeysValues;
}

/** Writes rows into a table that has their slots, and makes room for their positions. */
function fill(table: Table, {slots, positions, made}: MadeRows): void {
  const {width} = table;
  const end = Math.max(...positions) + 1;
  if (end > capacityOf(table)) resize(table, 2 ** Math.ceil(Math.log2(end)), table.slots);
  positions.forEach((position, i) =>
    slots.forEach((slot, j) => {
      const entry = position * table.slots + slot;
      const from = (i * slots.length + j) * width;
      table.keys.set(made.keys.subarray(from, from + width), entry * width);
      table.values.set(made.values.subarray(from, from + width), entry * width);
      if (!table.has[entry]) ++table.count;
      table.has[entry] = 1;
    })
  );
}

const emptyTable = (width: number): Table => ({
  width,
  slots: 1,
  keys: new Float32Array(FIRST_CAPACITY * width),
  values: new Float32Array(FIRST_CAPACITY * width),
  has: new Uint8Array(FIRST_CAPACITY),
  count: 0
});

function resize(table: Table, positions: number, slots: number): void {
  const {slots: before, width} = table;
  const moved = <A extends Float32Array | Uint8Array>(rows: A, next: A, size: number): A => {
    for (let from = 0, to = 0; from < rows.length; from += before * size, to += slots * size)
      next.set(rows.subarray(from, from + before * size), to);
    return next;
  };
  table.keys = moved(table.keys, new Float32Array(positions * slots * width), width);
  table.values = moved(table.values, new Float32Array(positions * slots * width), width);
  table.has = moved(table.has, new Uint8Array(positions * slots), 1);
  table.slots = slots;
}

function picked(rows: Float32Array, entries: ArrayLike<number>, width: number): Float32Array {
  const all = new Float32Array(entries.length * width);
  for (let i = 0; i < entries.length; ++i) all.set(rows.subarray(entries[i] * width, (entries[i] + 1) * width), i * width);
  return all;
}
