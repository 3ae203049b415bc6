import {randomUUID} from "node:crypto";
import {link, open, readFile, rm, stat, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {setTimeout} from "node:timers/promises";
import {z} from "zod";
import {ifThere} from "./ifThere.ts";
import {lifeOf, passingName, thisProcess} from "./processIdentity.ts";
import {diskFault, Refusal} from "./refusal.ts";
import {textFileIfThere} from "./textFile.ts";

/**
 * A file that says which process may write something. It holds for as long as its process lives: on the same machine that is asked of the system, so a
 * process number in use again deceives nobody; of another machine or container it is only known that the file is touched every few seconds.
 */
export interface Lease {
  /** Whether somebody else took it, because this process was not seen for too long: nothing may be written any more. */
  readonly lost: boolean;
  release(): Promise<void>;
}

const MAX_LEASE_BYTES = 2 ** 16;
const BEAT_MS = 5000;

/** A holder that cannot be asked is taken for dead when its file has not been touched for so long. */
export const LEASE_MS = 60_000;

const leaseSchema = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  boot: z.string().nullable().default(null),
  space: z.string().nullable().default(null),
  start: z.string().nullable().default(null),
  since: z.string().default("unknown"),
  token: z.string().default(""),
  /** Where the holder can be asked, where it said so. */
  address: z.string().optional()
});

type LeaseHolder = z.infer<typeof leaseSchema>;

/**
 * Takes a lease that nobody holds; `address` is where its holder can be asked. Throws a Refusal that begins with `what` and names the holder where
 * somebody does.
 */
export async function takeLease(path: string, what: string, {address}: Pick<LeaseHolder, "address"> = {}): Promise<Lease> {
  const mine = `${JSON.stringify({...thisProcess(), since: new Date().toISOString(), token: randomUUID(), address})}\n`;
  while (!(await writeNew(path, mine))) {
    const holder = await holderOf(path);
    if (holder) throw new Refusal(`${what}: process ${holder.pid} on ${holder.host} holds it since ${holder.since}`, {kind: "conflict"});
    await removeDead(path, mine);
  }
  let lost = false;
  const beat = setInterval(() => {
    void touch(path, mine).then((isMine) => {
      lost ||= !isMine;
    });
  }, BEAT_MS);
  beat.unref();
  return {
    get lost() {
      return lost;
    },
    async release() {
      clearInterval(beat);
      if ((await ifThere(readFile(path, "utf8"), undefined)) === mine) await rm(path, {force: true});
    }
  };
}

const AGAIN_MS = 20;

/** What is done while holding a lease, once whoever holds it lets go; throws takeLease's Refusal where that takes longer than `patienceMs`. */
export async function holdingLease<T>(path: string, what: string, use: () => Promise<T>, patienceMs = 10_000): Promise<T> {
  const lastMoment = performance.now() + patienceMs;
  const taken = async (): Promise<Lease> =>
    takeLease(path, what).catch(async (error: unknown) => {
      if (!(error instanceof Refusal && error.kind === "conflict") || performance.now() > lastMoment) throw error;
      await setTimeout(AGAIN_MS);
      return taken();
    });
  const lease = await taken();
  try {
    return await use();
  } finally {
    await lease.release();
  }
}

/** Who holds a lease; undefined where nobody does (any more). */
export async function holderOf(path: string): Promise<LeaseHolder | undefined> {
  const text = await textIn(path);
  return text === undefined ? undefined : livingHolder(text, path);
}

/** Undefined for a dead one's text, and for one that a kill cut short. */
async function livingHolder(text: string, path: string): Promise<LeaseHolder | undefined> {
  const holder = parsed(text);
  if (!holder) return undefined;
  const life = lifeOf(holder);
  return life === "alive" || (life === "elsewhere" && !(await isStale(path, LEASE_MS))) ? holder : undefined;
}

/** Whether a file or folder has not been touched for so long, by the clock of the disk that it lies on. */
export async function isStale(path: string, milliseconds: number): Promise<boolean> {
  const touched = await ifThere(stat(path), undefined);
  return touched === undefined || (await diskTime(dirname(path))) - touched.mtimeMs > milliseconds;
}

/** Machines that share a disk need not agree on the time: it is asked of the disk. */
async function diskTime(folder: string): Promise<number> {
  const probe = join(folder, passingName());
  try {
    await writeFile(probe, "");
    return (await stat(probe)).mtimeMs;
  } catch {
    return Date.now(); // it is read-only, or full
  } finally {
    await rm(probe, {force: true}).catch(() => {});
  }
}

/** Whether the file was made with the text, whole from its first moment. */
async function writeNew(path: string, text: string): Promise<boolean> {
  const temporary = join(dirname(path), passingName());
  try {
    await writeFile(temporary, text);
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") throw error;
      return writeFile(path, text, {flag: "wx"}); // a file system without hard links
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw diskFault(error, path);
  } finally {
    await rm(temporary, {force: true});
  }
}

/** What a lease is called while a dead one's file is removed. */
export const breakingName = (name: string): string => `${name}.breaking`;

const BREAK_MS = 2;

/**
 * Removes a dead holder's file. One does so at a time, and looks again when it is his turn: whoever looked before another removed the file would take the
 * one away that somebody made since.
 */
async function removeDead(path: string, mine: string): Promise<void> {
  const breaking = breakingName(path);
  if (await writeNew(breaking, mine)) {
    try {
      if (await isDead(path)) await rm(path, {force: true});
    } finally {
      await rm(breaking, {force: true});
    }
  } else if (await isDead(breaking)) await rm(breaking, {force: true});
  else await setTimeout(BREAK_MS);
}

async function isDead(path: string): Promise<boolean> {
  const text = await textIn(path);
  return text !== undefined && (await livingHolder(text, path)) === undefined;
}

/** Writes the same text over itself, so that the disk's clock stamps it. False where it is not this process's any more. */
async function touch(path: string, mine: string): Promise<boolean> {
  const file = await open(path, "r+").catch(() => undefined);
  if (!file) return false;
  try {
    if ((await file.readFile("utf8")) !== mine) return false;
    await file.write(mine, 0);
    return true;
  } catch {
    return true; // a disk that does not answer says nothing about the holder
  } finally {
    await file.close();
  }
}

/** Undefined where there is no such file; empty for something else than a file: a pipe's reader would wait for a writer. */
async function textIn(path: string): Promise<string | undefined> {
  return textFileIfThere(path, {maxBytes: MAX_LEASE_BYTES, error: Refusal}).catch((error: unknown) => {
    if (error instanceof Refusal) return "";
    throw error;
  });
}

function parsed(text: string): LeaseHolder | undefined {
  try {
    return leaseSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
