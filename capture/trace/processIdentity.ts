import {createHash, randomUUID} from "node:crypto";
import {readFileSync, readlinkSync} from "node:fs";
import {hostname} from "node:os";

/**
 * Which process it is, so that it can be told from a later one with the same number and from one in another container: the machine's boot, the space of
 * process numbers and the start, as Linux tells them; null where the system does not.
 */
interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  readonly boot: string | null;
  readonly space: string | null;
  readonly start: string | null;
}

let own: ProcessIdentity | undefined;

export function thisProcess(): ProcessIdentity {
  return (own ??= {
    pid: process.pid,
    host: hostname(),
    boot: shortened(told(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"))),
    space: told(() => /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0]) ?? null,
    start: startOf(process.pid) ?? null
  });
}

/** `elsewhere` where it cannot be known from here: on another machine, in another container, or on a system that does not tell. */
export function lifeOf({pid, host, boot, space, start}: ProcessIdentity): "alive" | "gone" | "elsewhere" {
  const here = thisProcess();
  if (boot !== null && start !== null) {
    if (boot !== here.boot || space !== here.space) return "elsewhere";
    return startOf(pid) === start ? "alive" : "gone";
  }
  return host === here.host && !hasProcess(pid) ? "gone" : "elsewhere";
}

/** When a process started, in clock ticks since the boot; undefined for one that is not there, or has ended and only waits to be buried. */
function startOf(pid: number): string | undefined {
  const stat = told(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" "); // the name before may hold anything
  return fields === undefined || fields[0] === "Z" || fields[0] === "X" ? undefined : fields[START_FIELD];
}

const START_FIELD = 19; // field 22 of proc(5), the third being the first after the name

const shortened = (text: string | undefined): string | null =>
  text === undefined ? null : createHash("sha256").update(text.trim()).digest("hex").slice(0, 12);

function told<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined; // not Linux, or no such process
  }
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // alive, and somebody else's
  }
}

const PREFIX = ".orrery~";

/** A name for what this process makes on its way to a better one: hidden, unique, and it says whose it is. */
export function passingName(): string {
  const {pid, boot, space, start} = thisProcess();
  return `${PREFIX}${[pid, start ?? "", boot ?? "", space ?? ""].join("~")}~${randomUUID().slice(0, 8)}`;
}

/** Whose a passing name is; undefined for any other name. */
export function ownerOfName(name: string): ProcessIdentity | undefined {
  if (!name.startsWith(PREFIX)) return undefined;
  const [pid, start, boot, space] = name.slice(PREFIX.length).split("~");
  return {pid: Number(pid), host: "", start: start || null, boot: boot || null, space: space || null};
}

/** Whether a name is a passing one of a process that is gone. */
export function isLeftBehind(name: string): boolean {
  const owner = ownerOfName(name);
  return owner !== undefined && lifeOf(owner) === "gone";
}
