import {createHash} from "node:crypto";
import {createReadStream} from "node:fs";
import {copyFile, mkdtemp, readdir, readFile, rename, rm, rmdir} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {ifThere, statIfThere} from "../../capture/trace/ifThere.ts";
import {openElsewhere} from "../../capture/trace/openFile.ts";
import {passingName} from "../../capture/trace/processIdentity.ts";
import {diskFault} from "../../capture/trace/refusal.ts";
import {replaceFile} from "../../capture/trace/replaceFile.ts";
import {intoPlace} from "./intoPlace.ts";
import {bucketAddress, bucketPlace, isBucket} from "./bucket/bucketAddress.ts";

/**
 * Places where results lie: a path of this machine, or `s3://bucket/prefix`. Both are joined as paths are. What talks to buckets is loaded when the first
 * one is named.
 */

const bucket = () => import("./bucket/bucket.ts");

/** Has traces and JSON in buckets read as those of a disk are, by range. */
export const readBuckets = (): void =>
  openElsewhere((path) => (isBucket(path) ? bucket().then(({openInBucket}) => openInBucket(path)) : undefined));

/** A place as one types it. */
export const shownPlace = (place: string): string => (isBucket(place) ? bucketAddress(bucketPlace(place)) : place);

/** Asks a place whether it can be used. Throws a Refusal within five seconds, with what was tried. */
export async function askPlace(place: string): Promise<void> {
  if (isBucket(place)) await (await bucket()).askBucket(bucketPlace(place));
}

/** Replaces a file, or makes it, with its folder: a reader never sees half of it, nor an empty folder where there was no room for it. */
export async function replaceIn(place: string, bytes: Uint8Array | string): Promise<void> {
  if (isBucket(place)) return (await bucket()).putBytes(place, bytes);
  const isNew = (await ensureFolder(dirname(place))) !== undefined;
  try {
    await replaceFile(place, bytes);
  } catch (error) {
    if (isNew) await rmdir(dirname(place)).catch(() => {}); // somebody else put something there
    throw error;
  }
}

/** A file's bytes. Rejects with the code ENOENT where there is none. */
export async function bytesAt(place: string): Promise<Uint8Array> {
  if (!isBucket(place)) return readFile(place);
  return (await (await bucket()).openInBucket(place)).readFile();
}

/** Whether there is such a file. */
export async function isFileAt(place: string): Promise<boolean> {
  if (!isBucket(place)) return (await statIfThere(place))?.isFile() ?? false;
  return ifThere(
    (await bucket()).openInBucket(place).then(() => true),
    false
  );
}

/** Names right below a place, in their order; none where there is no such folder. */
export async function namesAt(place: string): Promise<string[]> {
  return isBucket(place) ? (await bucket()).namesInBucket(place) : ifThere(readdir(place), []).then((names) => names.sort());
}

/** A file or a folder, if it is there. */
export async function removeAt(place: string): Promise<void> {
  if (isBucket(place)) return (await bucket()).removeInBucket(place);
  await rm(place, {recursive: true, force: true});
}

/** Makes a new folder elsewhere first, so that nobody sees half of it; in a bucket the files come one after the other, in the order of their names. */
export async function makeFolder(place: string, make: (temporary: string) => Promise<void>): Promise<void> {
  if (!isBucket(place)) return intoPlace(place, make);
  const folder = await mkdtemp(join(tmpdir(), "orrery-"));
  try {
    await make(join(folder, "made"));
    await sendFolder(join(folder, "made"), place);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** A file that travelled. */
export interface SentFile {
  readonly name: string;
  readonly sha256: string;
}

/** Sends a folder's files, but hidden ones and folders, each replaced whole; what lies there under other names stays. */
export async function sendFolder(dir: string, place: string): Promise<SentFile[]> {
  const files = (await readdir(dir, {withFileTypes: true})).filter((entry) => entry.isFile());
  const names = files.map(({name}) => name).filter((name) => !name.startsWith("."));
  const sent: SentFile[] = [];
  for (const name of names.sort()) {
    await sendFile(join(dir, name), join(place, name));
    sent.push({name, sha256: await hashOfFile(join(dir, name))});
  }
  return sent;
}

async function sendFile(path: string, place: string): Promise<void> {
  if (isBucket(place)) return (await bucket()).putFile(path, place);
  const temporary = join(dirname(place), passingName());
  try {
    await ensureFolder(dirname(place));
    await copyFile(path, temporary);
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, {force: true});
    throw diskFault(error, place);
  }
}

/** Fetches files that were sent into a new folder. Rejects where one is not there, or is another than was sent. */
export async function fetchFolder(place: string, dir: string, files: readonly SentFile[]): Promise<void> {
  await ensureFolder(dir);
  for (const {name, sha256} of files) {
    const [from, to] = [join(place, name), join(dir, name)];
    if (isBucket(place)) await (await bucket()).getFile(from, to);
    else await copyFile(from, to);
    if ((await hashOfFile(to)) !== sha256) throw new Error(`damaged file: ${shownPlace(from)} is not what was sent`);
  }
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, {highWaterMark: 2 ** 20}) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}
