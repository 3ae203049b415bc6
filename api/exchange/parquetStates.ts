import {dtypes} from "../../capture/trace/dtype.ts";
import {countOf, TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import type {NamedArray} from "./namedArray.ts";
import type {Places} from "./parquetPlaces.ts";
import {chunkOf, LEAST_CHUNK_BYTES, type Columns, type ParquetTable, type RowGroup} from "./parquetTable.ts";

const NUMBERS_AT_ONCE = 2 ** 22; // of columns of numbers that are read together
const NUMBER_BYTES = 8; // in the thread that reads them
const PAGE_ROWS = 2 ** 18; // of a page of 1 MiB of float32 numbers: pages are decoded whole

/**
 * The states of a table as an array [steps, inits, tokens, width], read row group by row group as it is gone through: memory holds a block of 128 MiB,
 * or of a larger row group whose lists can only be read all together, and what it is made of. A table in another order is gone through once for each block.
 */
export async function parquetStates(table: ParquetTable, columns: readonly string[], places: Places): Promise<NamedArray> {
  const [group] = table.groups;
  const {width, isList} = widthOf(await table.read(group, columns.slice(0, 1), {from: group.first, to: group.first + 1}), columns);
  const isDouble = table.groups.some((one) => columns.some((name) => chunkOf(one, name).isDouble));
  const source: Source = {table, columns, places, width, isList, dtype: isDouble ? "F64" : "F32"};
  return {name: "state", dtype: source.dtype, shape: [...places.shape, width], bytes: () => blocksOf(source)};
}

interface Source {
  readonly table: ParquetTable;
  readonly columns: readonly string[];
  readonly places: Places;
  readonly width: number;
  readonly isList: boolean;
  readonly dtype: "F32" | "F64";
}

function widthOf(read: Columns, [first, ...others]: readonly string[]): {readonly width: number; readonly isList: boolean} {
  const column = read.get(first)!;
  if ("texts" in column) throw new TraceFormatError(`invalid column ${first}: expected numbers`);
  if ("numbers" in column) return {width: 1 + others.length, isList: false};
  if (column.width === 0) throw new TraceFormatError(`invalid column ${first}: expected lists of one length`);
  return {width: column.width, isList: true};
}

/** Consecutive places. */
interface Block {
  readonly start: number;
  readonly count: number;
}

async function* blocksOf(source: Source): AsyncIterable<Uint8Array> {
  const {table, width, dtype, places} = source;
  const most = Math.max(wholeRows(source), Math.floor(LEAST_CHUNK_BYTES / (width * dtypes[dtype].bytes)), 1);
  const extents = table.groups.map((group) => extentOf(group, places));
  const blocks = places.isInOrder
    ? table.groups.flatMap(({first, rows}) => cut({start: first, count: rows}, most)) // no group is read for two blocks if it fits one
    : cut({start: 0, count: countOf(places.shape)}, most);
  for (const block of blocks) {
    const room = new (dtype === "F64" ? Float64Array : Float32Array)(block.count * width);
    for (const [i, group] of table.groups.entries())
      if (extents[i].least < block.start + block.count && extents[i].most >= block.start) await fill(room, source, {group, block});
    yield new Uint8Array(room.buffer);
  }
}

/** The rows of the largest group whose lists can only be read all together, so that they are put into one block. */
const wholeRows = ({table, columns, isList}: Source): number =>
  isList ? Math.max(0, ...table.groups.map((group) => (chunkOf(group, columns[0]).isIndexed ? 0 : group.rows))) : 0;

function cut({start, count}: Block, most: number): Block[] {
  const pieces: Block[] = [];
  for (let at = 0; at < count; at += most) pieces.push({start: start + at, count: Math.min(most, count - at)});
  return pieces;
}

/** The least and the largest place of a group's rows. */
function extentOf({first, rows}: RowGroup, {placeOf}: Places): {readonly least: number; readonly most: number} {
  let [least, most] = [Infinity, -1];
  for (let row = first; row < first + rows; ++row) {
    least = Math.min(least, placeOf[row]);
    most = Math.max(most, placeOf[row]);
  }
  return {least, most};
}

/** Puts those states of a group into a block's room that belong there. */
async function fill(
  room: Float32Array | Float64Array,
  {table, columns, places: {placeOf}, width, isList}: Source,
  {group, block}: {readonly group: RowGroup; readonly block: Block}
): Promise<void> {
  const isWithin = (row: number): boolean => placeOf[row] >= block.start && placeOf[row] < block.start + block.count;
  let [from, to] = [group.first, group.first + group.rows];
  while (from < to && !isWithin(from)) ++from;
  while (from < to && !isWithin(to - 1)) --to;
  for (const part of partsOf(group, columns, {from, to, width: isList ? width : 1})) {
    const read = await table.read(group, part.columns, part);
    for (const [k, name] of part.columns.entries()) {
      const column = read.get(name)!;
      if (isList && !("lists" in column && column.width === width))
        throw new TraceFormatError(`invalid column ${name}: expected lists of one length`);
      if (!isList && !("numbers" in column)) throw new TraceFormatError(`invalid column ${name}: expected numbers`);
      for (let row = part.from; row < part.to; ++row) {
        if (!isWithin(row)) continue;
        const at = (placeOf[row] - block.start) * width;
        const own = row - part.from;
        if ("lists" in column) room.set(column.lists.subarray(own * width, (own + 1) * width), at);
        else if ("numbers" in column) room[at + part.first + k] = column.numbers[own];
      }
    }
  }
}

/** What is read at once: some columns of all rows, or, of lists whose pages can be read by themselves, some rows. */
function* partsOf(
  group: RowGroup,
  columns: readonly string[],
  {from, to, width}: {readonly from: number; readonly to: number; readonly width: number}
): Generator<{readonly columns: readonly string[]; readonly first: number; readonly from: number; readonly to: number}> {
  const most = Math.min(group.mostBytes, LEAST_CHUNK_BYTES);
  const isWhole = columns.every((name) => !chunkOf(group, name).isIndexed || chunkOf(group, name).bytes <= most);
  const rows = isWhole ? to - from : Math.max(1, Math.floor(most / (NUMBER_BYTES * width)));
  const decoded = Math.min(group.rows, rows + 2 * PAGE_ROWS);
  const atOnce = Math.max(1, Math.floor(NUMBERS_AT_ONCE / decoded));
  for (let start = from; start < to; start += rows)
    for (let first = 0; first < columns.length; first += atOnce)
      yield {columns: columns.slice(first, first + atOnce), first, from: start, to: Math.min(to, start + rows)};
}
