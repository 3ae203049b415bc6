import {readdir} from "node:fs/promises";
import {join} from "node:path";
import type {Readable} from "node:stream";
import {ZipFile} from "yazl";

const MEMBER_TIME = new Date(1980, 0, 1); // the oldest that zip can tell: the same files give the same bytes

/** The files of a folder, not of folders in it, as a zip archive that is read while it is made. */
export async function folderZip(folder: string): Promise<Readable> {
  const zip = new ZipFile();
  for (const name of (await readdir(folder)).sort()) zip.addFile(join(folder, name), name, {mtime: MEMBER_TIME, forceDosTimestamp: true});
  const output = zip.outputStream as Readable;
  zip.on("error", (error: Error) => output.destroy(error));
  zip.end();
  return output;
}
