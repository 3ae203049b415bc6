import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {onTestFinished} from "vitest";
import {npyHeader, type NpyDtype} from "../../../api/exchange/npyHeader.ts";
import {openTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

/** An .npy file of numbers as they lie in memory. */
export function npy(dtype: NpyDtype, shape: readonly number[], data: ArrayBufferView): Uint8Array {
  return Buffer.concat([npyHeader({dtype, shape}), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
}

/** A trace, closed with the test. */
export async function opened(dir: string): Promise<TraceReader> {
  const reader = await openTrace(dir);
  onTestFinished(() => reader.close());
  return reader;
}

/** Writes files under a new folder and gives its path. */
export async function folder(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  const dir = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), {recursive: true});
    await writeFile(join(dir, name), content);
  }
  return dir;
}
