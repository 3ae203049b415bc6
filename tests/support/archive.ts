import {buffer} from "node:stream/consumers";
import yauzl from "yauzl";

/** The members of a zip archive in memory, by name. */
export async function openArchive(bytes: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const archive = await yauzl.fromBufferPromise(bytes);
  const members = new Map<string, Buffer>();
  for await (const entry of archive.eachEntry()) members.set(entry.fileName, await buffer(await archive.openReadStreamPromise(entry)));
  return members;
}
