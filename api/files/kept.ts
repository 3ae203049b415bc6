import {createHash} from "node:crypto";
import {readdir, rm, stat} from "node:fs/promises";
import {join} from "node:path";
import {readJsonFile} from "../../capture/trace/jsonFile.ts";
import {openFile} from "../../capture/trace/openFile.ts";
import {isDiskFault, Refusal} from "../../capture/trace/refusal.ts";
import {saveBeside} from "./saveBeside.ts";

/**
 * What can be worked out again, kept beside what it was worked out from. It carries its own hash, so that a file that was cut short,
 * emptied or changed counts as absent and never as an answer.
 */

const HASH_DIGITS = 16;

const hashOf = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/** An answer kept as `NAME.HASH.ENDING` at or after `since`, in milliseconds since 1970; undefined where there is none that is whole. */
export async function readKept(folder: string, name: string, ending: string, since: number): Promise<Uint8Array | undefined> {
  for (const file of await filesOf(folder, name, ending)) {
    const bytes = await bytesOf(join(folder, file), since).catch(() => undefined);
    if (bytes && fileName(name, bytes, ending) === file) return bytes;
  }
  return undefined;
}

/** Undefined for what is older, and for what is no file, as a pipe, whose reader would wait for a writer. */
async function bytesOf(path: string, since: number): Promise<Uint8Array | undefined> {
  if ((await stat(path)).mtimeMs < since) return undefined;
  const file = await openFile(path);
  try {
    return await file?.readFile();
  } finally {
    await file?.close();
  }
}

/** Keeps an answer in the place of what was kept under its name; false where the disk cannot, which is no reason not to give it. */
export async function saveKept(folder: string, name: string, ending: string, bytes: Uint8Array): Promise<boolean> {
  const file = fileName(name, bytes, ending);
  if (!(await saveOver(join(folder, file), bytes))) return false;
  for (const other of await filesOf(folder, name, ending))
    if (other !== file) await rm(join(folder, other), {recursive: true, force: true});
  return true;
}

/** The names under which answers are kept in a folder, for `readKept`. */
export async function keptNames(folder: string, ending: string): Promise<readonly string[]> {
  const pattern = new RegExp(`^(.+)\\.[0-9a-f]{${HASH_DIGITS}}\\.${ending}$`);
  return [...new Set((await namesIn(folder)).flatMap((file) => pattern.exec(file)?.[1] ?? []))].sort();
}

const fileName = (name: string, bytes: Uint8Array, ending: string): string => `${name}.${hashOf(bytes).slice(0, HASH_DIGITS)}.${ending}`;

const filesOf = async (folder: string, name: string, ending: string): Promise<readonly string[]> =>
  (await namesIn(folder)).filter(
    (file) => file.length === name.length + ending.length + HASH_DIGITS + 2 && file.startsWith(`${name}.`) && file.endsWith(`.${ending}`)
  );

/** None where there is no folder, or one that cannot be read. */
const namesIn = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);

/** An object as JSON with its own hash in it, `sha256`, for `readKeptJson`. */
export const keptJson = (value: object): string => `${JSON.stringify({...value, sha256: hashOf(JSON.stringify(value))}, undefined, 1)}\n`;

/** False where the disk cannot. */
export const saveKeptJson = (path: string, value: object): Promise<boolean> => saveOver(path, keptJson(value));

/** The same of what nothing else stands for: throws where the disk cannot. */
export const putKeptJson = (path: string, value: object): Promise<void> => putOver(path, keptJson(value));

/** False where the disk cannot, or a file stands in the place of the folder. */
async function saveOver(path: string, bytes: Uint8Array | string): Promise<boolean> {
  try {
    await putOver(path, bytes);
    return true;
  } catch (error) {
    if (isDiskFault(error) || (error as NodeJS.ErrnoException).code === "ENOTDIR") return false;
    throw error;
  }
}

/** Saves a file; a folder in its place can only be damage, since the name is ours. */
const putOver = (path: string, bytes: Uint8Array | string): Promise<void> =>
  saveBeside(path, bytes).catch(async (error: NodeJS.ErrnoException) => {
    if (!["EISDIR", "ENOTEMPTY", "EEXIST"].includes(error.code ?? "")) throw error;
    await rm(path, {recursive: true, force: true});
    await saveBeside(path, bytes);
  });

/** The object that `saveKeptJson` wrote; undefined where the file is not there, or not as it was written. */
export async function readKeptJson(path: string): Promise<object | undefined> {
  try {
    const {sha256, ...value} = (await readJsonFile(path, {maxBytes: Infinity, error: Refusal})) as {readonly sha256?: unknown};
    return hashOf(JSON.stringify(value)) === sha256 ? value : undefined;
  } catch {
    return undefined; // whatever is wrong with it, it is worked out again
  }
}
