import {execFileSync} from "node:child_process";
import {open, readdir, rm, statfs} from "node:fs/promises";
import {join} from "node:path";
import {onTestFinished} from "vitest";
import {temporaryFolder} from "./temporaryFolder.ts";

/** Whether a file system of our own can be mounted, which root may on Linux. */
export const canMount = process.platform === "linux" && process.getuid?.() === 0 && mounts();

function mounts(): boolean {
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "-o", "size=64k", "none", "/mnt"], {stdio: "ignore"});
    return true;
  } catch {
    return false;
  }
}

/** A file system of so many megabytes, gone with the test. */
export async function smallDisk(megabytes: number): Promise<string> {
  const dir = await temporaryFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "none", dir]);
  onTestFinished(() => void execFileSync("umount", ["-l", dir]));
  return dir;
}

const BALLAST = ".ballast";

/** Fills a disk to its last block. */
export async function fillDisk(dir: string): Promise<void> {
  const file = await open(join(dir, BALLAST), "a");
  try {
    for (;;) await file.appendFile(new Uint8Array(4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    await file.close();
  }
}

/** From now on nothing can be written there, until what the test started is to end. */
export function makeReadOnly(dir: string): void {
  execFileSync("mount", ["-o", "remount,ro", dir]);
  onTestFinished(() => void execFileSync("mount", ["-o", "remount,rw", dir]));
}

export const freeDisk = (dir: string): Promise<void> => rm(join(dir, BALLAST), {force: true});

export const freeBytes = async (dir: string): Promise<number> => {
  const {bavail, bsize} = await statfs(dir);
  return bavail * bsize;
};

/** Everything that lies in a folder, hidden things too, by its path from there. */
export const treeOf = async (dir: string): Promise<string[]> => (await readdir(dir, {recursive: true})).sort();
