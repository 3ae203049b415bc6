import {mkdir, readFile, rmdir, writeFile} from "node:fs/promises";
import {join} from "node:path";

/** A control group that this process and its children are in: what they hold, with the page cache of what they read, stays within a limit. */
export interface MemoryGroup {
  leave(): Promise<void>;
}

/** Where groups are, and what they call their limit: version 1, then version 2. */
const KINDS = [
  {root: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes"},
  {root: "/sys/fs/cgroup", limit: "memory.max"}
] as const;

/** Enters a new group of so many bytes; undefined where this system, or its owner, allows none. */
export async function enterMemoryGroup(bytes: number): Promise<MemoryGroup | undefined> {
  for (const {root, limit} of KINDS) {
    const group = join(root, `orrery-soak-${process.pid}`);
    const enter = (folder: string): Promise<void> => writeFile(join(folder, "cgroup.procs"), String(process.pid));
    const begun = async (): Promise<void> => {
      await mkdir(group);
      await writeFile(join(group, limit), String(bytes));
      await enter(group);
    };
    const before = await groupOf(root);
    try {
      await begun();
      return {
        async leave() {
          await enter(before);
          await rmdir(group);
        }
      };
    } catch {
      await rmdir(group).catch(() => undefined); // it was not made, or this system has the other kind
    }
  }
}

/** The folder of the group that this process is in. */
async function groupOf(root: string): Promise<string> {
  const lines = (await readFile("/proc/self/cgroup", "utf8")).trim().split("\n");
  const own = lines
    .map((line) => line.split(":"))
    .find(([, controllers]) => (root.endsWith("/memory") ? controllers === "memory" : controllers === ""));
  return join(root, own?.slice(2).join(":") ?? "");
}
