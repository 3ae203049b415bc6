// A thread that reads Parquet for parquetFile.ts, which ends it where a file makes it long or large. Plain JavaScript, so that it starts without a loader.
import {parentPort, workerData} from "node:worker_threads";
import {asyncBufferFromFile, parquetMetadataAsync, parquetRead} from "hyparquet";

const file = await asyncBufferFromFile(workerData.path);
const metadata = await parquetMetadataAsync(file, {geoparquet: false});

/** What the file says of itself: rows, columns at the top with what is below them, texts by key. */
const described = () => ({
  rows: Number(metadata.num_rows),
  schema: metadata.schema.map(({name, type, num_children}) => ({
    name: String(name),
    type: String(type ?? ""),
    children: Number(num_children ?? 0)
  })),
  texts: (metadata.key_value_metadata ?? []).map(({key, value}) => [String(key), String(value ?? "")])
});

/** A column as numbers, as texts where one of it is a text, or as lists of one length as numbers one after the other. */
function packed(values) {
  if (values.some((value) => typeof value === "string")) return {texts: values.map((value) => String(value ?? ""))};
  const [first] = values;
  if (first === null || first === undefined || typeof first !== "object")
    return {numbers: Float64Array.from(values, (value) => Number(value ?? NaN))};
  const width = first.length;
  if (values.some((list) => list?.length !== width)) return {lists: new Float64Array(), width: 0};
  const lists = new Float64Array(values.length * width);
  values.forEach((list, i) =>
    lists.set(
      Array.from(list, (value) => Number(value ?? NaN)),
      i * width
    )
  );
  return {lists, width};
}

parentPort.on("message", async (names) => {
  try {
    const columns = new Map();
    await parquetRead({
      file,
      metadata,
      columns: names,
      onComplete: (rows) => names.forEach((name, k) => columns.set(name, packed(rows.map((row) => row[k]))))
    });
    parentPort.postMessage({columns});
  } catch (error) {
    parentPort.postMessage({error: error.message});
  }
});
parentPort.postMessage({described: described()});
