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

/** A column as numbers, as texts where one of it is a text, or as lists of one length as numbers one after the other. */
function packed(values, isSingle) {
  if (isNumbers(values)) return {numbers: values};
  if (values.some((value) => typeof value === "string")) return {texts: Array.from(values, (value) => String(value ?? ""))};
  const first = values[0];
  if (first === null || typeof first !== "object") return {numbers: Float64Array.from(values, (value) => Number(value ?? NaN))};
  const width = first.length;
  if (values.some((list) => list?.length !== width)) return {lists: new Float32Array(), width: 0};
  const lists = new (isSingle ? Float32Array : Float64Array)(values.length * width);
  let at = 0;
  for (const list of values) for (let k = 0; k < width; ++k) lists[at++] = Number(list[k] ?? NaN);
  return {lists, width};
}

/** Rows of some columns, `to` not included; only the row groups that have them are read. `isSingle`: lists hold float32 numbers. */
async function read({names, from, to, isSingle}) {
  const columns = new Map(names.map((name) => [name, {values: new Array(to - from), there: 0}]));
  await parquetRead({
    ...{file, metadata, columns: names, rowStart: from, rowEnd: to, useOffsetIndex: true, compressors},
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
  return new Map(
    [...columns].map(([name, {values, there}]) => {
      if (there !== values.length) throw new Error(`${there} of the rows ${from} to ${to} of ${name} are there`);
      return [name, packed(values, isSingle)];
    })
  );
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
