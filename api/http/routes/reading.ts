import {openTrace, type TraceReader} from "../../../capture/trace/reader.ts";

/** Asks an open run, and closes it. */
export async function reading<T>(dir: string, read: (reader: TraceReader) => Promise<T>): Promise<T> {
  const reader = await openTrace(dir);
  try {
    return await read(reader);
  } finally {
    await reader.close();
  }
}
