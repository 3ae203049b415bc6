import {execFileSync} from "node:child_process";
import {writeFileSync} from "node:fs";

/** Empties the page cache, so that what is read next comes from the disk. Says in words why it could not, or undefined. */
export function emptyPageCache(): string | undefined {
  try {
    execFileSync("sync");
    writeFileSync("/proc/sys/vm/drop_caches", "3");
    return undefined;
  } catch (error) {
    return (error as Error).message.split("\n")[0];
  }
}
