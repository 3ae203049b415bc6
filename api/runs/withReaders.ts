import {openTrace, type TraceReader} from "../../capture/trace/reader.ts";

/** Opens traces one after the other, for as long as `work` takes. */
export async function withReaders<T>(dirs: readonly string[], work: (readers: readonly TraceReader[]) => Promise<T>): Promise<T> {
  const readers: TraceReader[] = [];
  try {
    for (const dir of dirs) readers.push(await openTrace(dir));
    return await work(readers);
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
  }
}
