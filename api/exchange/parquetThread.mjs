// A thread that reads Parquet for parquetTable.ts, which ends it where a file makes it long or large. Plain JavaScript, so that it starts without a loader.
import {open} from "node:fs/promises";
import {parentPort, workerData} from "node:worker_threads";
import {parquetMetadataAsync, parquetRead, snappyUncompress} from "hyparquet";

const {path, mostBytes} = workerData;
const handle = await open(path);
const {size} = await handle.stat();

const FOOTER_BYTES = 64 * 2 ** 20; // 5,280 columns in forty row groups take half of it

/** What is asked of the file lies within it, and is no larger than what may be held at once. */
const file = {
  byteLength: size,
  async slice(start, end = size) {
    if (!(start >= 0 && start <= end && end <= size)) throw new Error(`bytes ${start} to ${end} of a file of ${size}`);
    if (end - start > Math.max(FOOTER_BYTES, mostBytes))
      throw new Error(`${end - start} bytes to be read at once; expected at most ${mostBytes}`);
    const bytes = new Uint8Array(end - start);
    for (let done = 0; done < bytes.length; ) {
      const {bytesRead} = await handle.read(bytes, done, bytes.length - done, start + done);
      if (bytesRead === 0) throw new Error(`the file ends at byte ${start + done}; expected ${end}`);
      done += bytesRead;
    }
    return bytes.buffer;
  }
};

/** A page says itself how long it will be. */
const compressors = {
  SNAPPY(input, length) {
    if (!(length >= 0 && length <= mostBytes)) throw new Error(`a page of ${length} bytes; expected at most ${mostBytes}`);
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  }
};

const metadata = await parquetMetadataAsync(file, {geoparquet: false});

const FLOAT_BYTES = 4; // a dictionary may hold any number of them in fewer

/** A row group's columns at the top by name: the numbers below each, the bytes of the largest part, whether all pages can be read by themselves. */
function chunksOf(columns) {
  const chunks = new Map();
  for (const {meta_data: meta, offset_index_offset: index} of columns) {
    if (!meta) throw new Error("a column without a description");
    const name = String(meta.path_in_schema[0]);
    const {values = 0, bytes = 0, isIndexed = true, isDouble = false} = chunks.get(name) ?? {};
    const count = Number(meta.num_values);
    chunks.set(name, {
      values: values + count,
      bytes: Math.max(bytes, Number(meta.total_compressed_size), Number(meta.total_uncompressed_size), FLOAT_BYTES * count),
      isIndexed: isIndexed && index !== undefined,
      isDouble: isDouble || meta.type !== "FLOAT"
    });
  }
  return chunks;
}

/** What the file says of itself: rows, columns at the top with what is below them, texts by key, row groups. */
const described = () => ({
  rows: Number(metadata.num_rows),
  schema: metadata.schema.map(({name, num_children}) => ({name: String(name), children: Number(num_children ?? 0)})),
  texts: (metadata.key_value_metadata ?? []).map(({key, value}) => [String(key), String(value ?? "")]),
  groups: metadata.row_groups.map(({num_rows, columns}) => ({rows: Number(num_rows), chunks: chunksOf(columns)}))
});

/** Whether values are numbers of at most 53 bits, none missing. */
const isNumbers = (values) => ArrayBuffer.isView(values) && !(values instanceof BigInt64Array || values instanceof BigUint64Array);

const NOT_A_NUMBER = 0x7fc00000;

/** Lists of float32 numbers are read as lists of their bits: in such a list every number that is no small integer takes memory of its own. */
const asBits = (element) => (element.type === "FLOAT" ? {...element, type: "INT32"} : element);

/** A column as numbers, as texts where one of it is a text, or as lists of one length as numbers one after the other. */
function packed(values, isBits) {
  if (isNumbers(values)) return {numbers: values};
  if (values.some((value) => typeof value === "string")) return {texts: Array.from(values, (value) => String(value ?? ""))};
  const first = values[0];
  if (first === null || typeof first !== "object") return {numbers: Float64Array.from(values, (value) => Number(value ?? NaN))};
  const width = first.length;
  if (values.some((list) => list?.length !== width)) return {lists: new Float32Array(), width: 0};
  let at = 0;
  if (isBits) {
    const bits = new Int32Array(values.length * width);
    for (const list of values) for (let k = 0; k < width; ++k) bits[at++] = typeof list[k] === "number" ? list[k] : NOT_A_NUMBER;
    return {lists: new Float32Array(bits.buffer), width};
  }
  const lists = new Float64Array(values.length * width);
  for (const list of values) for (let k = 0; k < width; ++k) lists[at++] = Number(list[k] ?? NaN);
  return {lists, width};
}

const COLUMNS_AT_ONCE = 64; // hyparquet looks for each column among all

/** The elements of the schema, a tree written root first, of each column at the top. */
const subtrees = new Map();
for (let at = 1, [root] = metadata.schema; at < metadata.schema.length && subtrees.size < root.num_children; ) {
  const from = at;
  for (let left = 1; left > 0 && at < metadata.schema.length; ++at) left += (metadata.schema[at].num_children ?? 0) - 1;
  subtrees.set(metadata.schema[from].name, metadata.schema.slice(from, at));
}

/** Where each row group begins. */
const firsts = [];
for (let i = 0, first = 0; i < metadata.row_groups.length; first += Number(metadata.row_groups[i++].num_rows)) firsts.push(first);

/** The parts of a row group's columns, by the column's name. */
function partsOf({columns}) {
  const parts = new Map();
  for (const part of columns) {
    const [name] = part.meta_data.path_in_schema;
    parts.set(name, [...(parts.get(name) ?? []), part]);
  }
  return parts;
}

/** Rows of some columns of one row group, `to` not included. `isSingle`: lists hold float32 numbers. */
async function read({names, from, to, isSingle}) {
  const index = firsts.findLastIndex((first) => first <= from);
  const group = metadata.row_groups[index];
  const parts = partsOf(group);
  const columns = new Map();
  for (let i = 0; i < names.length; i += COLUMNS_AT_ONCE) {
    const some = names.slice(i, i + COLUMNS_AT_ONCE);
    const isBits = (name) => isSingle && subtrees.get(name).length > 1;
    const elements = some.flatMap((name) => (isBits(name) ? subtrees.get(name).map(asBits) : subtrees.get(name)));
    const chunks = some.flatMap((name) =>
      isBits(name) ? parts.get(name).map((part) => ({...part, meta_data: asBits(part.meta_data)})) : parts.get(name)
    );
    const schema = [{...metadata.schema[0], num_children: some.length}, ...elements];
    const own = {...group, columns: chunks};
    const read = await columnsOf(
      {...metadata, schema, num_rows: group.num_rows, row_groups: [own]},
      some,
      from - firsts[index],
      to - firsts[index]
    );
    for (const [name, {values, there}] of read) {
      if (there !== values.length) throw new Error(`${there} of the rows ${from} to ${to} of ${name} are there`);
      columns.set(name, packed(values, isBits(name)));
    }
  }
  return columns;
}

/** Rows of all columns of a file that is described so, and how many of them were there. */
async function columnsOf(metadata, names, from, to) {
  const columns = new Map(names.map((name) => [name, {values: new Array(to - from), there: 0}]));
  await parquetRead({
    ...{file, metadata, rowStart: from, rowEnd: to, useOffsetIndex: true, compressors},
    onChunk({columnName, columnData, rowStart}) {
      const column = columns.get(columnName);
      const first = Math.max(from, rowStart);
      const some = columnData.slice(first - rowStart, Math.max(0, to - rowStart));
      if (some.length === 0) return;
      if (column.there === 0 && isNumbers(some)) column.values = new Float64Array(to - from);
      const values = column.values;
      if (isNumbers(values)) values.set(isNumbers(some) ? some : Array.from(some, (value) => Number(value ?? NaN)), first - from);
      else for (let i = 0; i < some.length; ++i) values[first - from + i] = some[i];
      column.there += some.length;
    }
  });
  return columns;
}

parentPort.on("message", async (part) => {
  try {
    const columns = await read(part);
    const buffers = [...columns.values()].flatMap(({numbers, lists}) => [numbers, lists].filter(Boolean).map(({buffer}) => buffer));
    parentPort.postMessage({columns}, buffers);
  } catch (error) {
    parentPort.postMessage({error: error.message});
  }
});
parentPort.postMessage({described: described()});
