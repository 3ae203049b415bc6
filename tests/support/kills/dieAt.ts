import fs, {constants} from "node:fs";
import {open} from "node:fs/promises";
import {syncBuiltinESMExports} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";

/**
 * What this process changes on the disk, counted, so that it can be killed at any one of the changes: seeded by number and not by time, it dies at the same
 * place on any machine, the moment between removing and renaming among them.
 */
let done = 0;
let last = Number.POSITIVE_INFINITY;
let isTorn = false;
let isFull = false;

/** Changes so far. */
export const changesDone = (): number => done;

/** Ends the process with SIGKILL in the `count`th change from now: before it, or where `torn` says so with half of it done, if it has halves. */
export function dieAt(count: number, {torn}: {readonly torn: boolean}): void {
  last = done + count;
  isTorn = torn;
}

/** From the `count`th change on the disk has no room, until the process ends: what takes some fails, the first one where `torn` says so with half of it done. */
export function fillAt(count: number, {torn}: {readonly torn: boolean}): void {
  dieAt(count, {torn});
  isFull = true;
}

const noSpace = (): Error => Object.assign(new Error("ENOSPC: no space left on device, write"), {code: "ENOSPC", syscall: "write"});

/** Changes that take no room. */
const FREEING: readonly string[] = ["rename", "unlink", "rm", "truncate", "utimes"];

type Call = (this: unknown, ...args: never[]) => unknown;
type Half = (self: unknown, args: readonly unknown[]) => void;

const nothing: Half = () => {};

function count(owner: object, name: string, half: Half = nothing, isChange: (args: readonly unknown[]) => boolean = () => true): void {
  const calls = owner as Record<string, Call>;
  const original = calls[name];
  calls[name] = function (...args) {
    if (isChange(args) && ++done >= last && !(isFull && FREEING.includes(name))) {
      if (isTorn) half(this, args);
      if (!isFull) process.kill(process.pid, "SIGKILL");
      isTorn = false;
      return refusal(args, name);
    }
    return original.apply(this, args);
  };
}

/** As each kind of call says it: to its callback, by throwing, or in its promise. */
function refusal(args: readonly unknown[], name: string): unknown {
  const callback: unknown = args.at(-1);
  if (typeof callback === "function") return process.nextTick(callback as (error: Error) => void, noSpace());
  if (name.endsWith("Sync")) throw noSpace();
  return Promise.reject(noSpace());
}

const {appendFileSync, readdirSync, rmSync, writeFileSync, writeSync} = fs; // as they are before they are counted

const bytesOf = (data: unknown): Uint8Array => (typeof data === "string" ? Buffer.from(data) : (data as Uint8Array));
const firstHalf = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);
const writes = ([, flags]: readonly unknown[]): boolean =>
  typeof flags === "number" ? (flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0 : typeof flags === "string" && flags !== "r";

/** `handle.write(bytes, offset?, length?, position?)` and `fs.write(fd, bytes, …)`. */
function halfWritten(fd: number, [data, offset = 0, length, position]: readonly unknown[]): void {
  const all = bytesOf(data);
  const [from, size] = typeof data === "string" ? [0, all.length] : [offset as number, (length as number | undefined) ?? all.length];
  const at = typeof data === "string" ? offset : position;
  writeSync(fd, firstHalf(all.subarray(from, from + size)), 0, undefined, typeof at === "number" && at >= 0 ? at : null);
}

/** Begins to count in this process, whatever was imported before. */
export async function countChanges(): Promise<void> {
  for (const name of ["mkdir", "rename", "link", "symlink", "unlink", "truncate", "utimes", "copyFile"]) count(fs.promises, name);
  count(fs.promises, "open", nothing, writes);
  count(fs.promises, "writeFile", (_, [path, data]) => writeFileSync(path as string, firstHalf(bytesOf(data))));
  count(fs.promises, "appendFile", (_, [path, data]) => writeFileSync(path as string, firstHalf(bytesOf(data)), {flag: "a"}));
  count(fs.promises, "rm", (_, [path]) => halfRemoved(path as string));
  count(fs, "open", nothing, writes); // streams use the callbacks
  count(fs, "write", (_, [fd, ...rest]) => halfWritten(fd as number, rest));
  count(fs, "writev");
  count(fs, "writeFileSync", (_, [path, data]) => appendFileSync(path as string, firstHalf(bytesOf(data)))); // Parquet
  const handle = await open(join(tmpdir(), `.orrery-test-${process.pid}`), "w");
  const prototype = Object.getPrototypeOf(handle) as object;
  await handle.close();
  rmSync(join(tmpdir(), `.orrery-test-${process.pid}`));
  const fdOf = (self: unknown): number => (self as {readonly fd: number}).fd;
  count(prototype, "write", (self, args) => halfWritten(fdOf(self), args));
  count(prototype, "appendFile", (self, [data]) => halfWritten(fdOf(self), [data]));
  count(prototype, "writeFile", (self, [data]) => halfWritten(fdOf(self), [data]));
  count(prototype, "truncate");
  syncBuiltinESMExports();
}

/** Some of what lies in a folder is gone, and the folder is there. */
function halfRemoved(path: string): void {
  try {
    const names = readdirSync(path).sort();
    for (const name of names.slice(0, Math.ceil(names.length / 2))) rmSync(join(path, name), {recursive: true, force: true});
  } catch {
    // a file, or nothing: it has no halves
  }
}
