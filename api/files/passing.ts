import {mkdir, readdir, rename, rm, stat} from "node:fs/promises";
import {basename, dirname, join} from "node:path";
import {setTimeout} from "node:timers/promises";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {ifThere, isFileThere} from "../../capture/trace/ifThere.ts";
import {isStale} from "../../capture/trace/lease.ts";
import {lifeOf, ownerOfName, passingName} from "../../capture/trace/processIdentity.ts";

/**
 * A hidden folder beside a place, for what is made on its way there, and for what lay there until then. Its name says which process made it, so that what a
 * kill leaves is told from what is underway; listings pass over it.
 */
export interface Passing {
  /** Where the new thing is made; its own name, as it will be. */
  readonly fresh: string;
  /** Puts the old thing away and the new one in its place; a kill in between is mended by `sweepPassing`, which puts the old one back. */
  replace(): Promise<void>;
  /** Removes what is left of it. */
  remove(): Promise<void>;
}

const FRESH = "fresh";
const OLD = "old";
const REPLACED = "replaced";
const PATIENCE_MS = 2000;
const AGAIN_MS = 10;
const STALE_MS = 600_000; // of one whose process cannot be asked: nothing in it was written for so long

/** What this process is at, and the replacing that has begun. */
const underway = new Map<string, Promise<void>>();
let isEnding = false;

export async function passingBeside(out: string): Promise<Passing> {
  if (isEnding) throw new Error("cancelled");
  const folder = join(dirname(out), passingName());
  const name = basename(out);
  underway.set(folder, Promise.resolve());
  await ensureFolder(join(folder, FRESH));
  const fresh = join(folder, FRESH, name);

  async function replace(): Promise<void> {
    if (await isFileThere(out)) return rename(fresh, out); // in one step
    await mkdir(join(folder, OLD));
    await ifThere(rename(out, join(folder, OLD, name)), undefined);
    await rename(fresh, out);
    await rename(join(folder, OLD), join(folder, REPLACED)); // never put back from now on
  }

  return {
    fresh,
    async replace() {
      if (isEnding) throw new Error("cancelled");
      const replacing = replace();
      underway.set(folder, replacing);
      await replacing;
    },
    async remove() {
      await rm(folder, {recursive: true, force: true});
      underway.delete(folder);
    }
  };
}

/**
 * Removes all that this process is at, because it is about to end; a replacing that has begun comes to its end. What is being made may make its folder once
 * more, so it is removed again until its maker has noticed, or until nobody can wait longer.
 */
export async function endPassing(): Promise<void> {
  isEnding = true;
  await Promise.allSettled(underway.values());
  const lastMoment = performance.now() + PATIENCE_MS;
  do {
    for (const folder of [...underway.keys()]) await rm(folder, {recursive: true, force: true, maxRetries: 5}); // it may still be written to
    if (underway.size > 0) await setTimeout(AGAIN_MS);
  } while (underway.size > 0 && performance.now() < lastMoment);
}

/** Ends what dead processes were doing in a folder: an old thing whose new one did not come is put back, the rest is removed. */
export async function sweepPassing(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    const owner = ownerOfName(name);
    if (owner === undefined) continue;
    const life = lifeOf(owner);
    if (life === "alive" || (life === "elsewhere" && !(await isStaleTree(join(folder, name))))) continue;
    for (const old of await namesIn(join(folder, name, OLD)))
      if (!(await exists(join(folder, old)))) await ifThere(rename(join(folder, name, OLD, old), join(folder, old)), undefined);
    await rm(join(folder, name), {recursive: true, force: true});
  }
}

async function isStaleTree(path: string): Promise<boolean> {
  if (!(await isStale(path, STALE_MS))) return false;
  for (const name of await namesIn(path)) if (!(await isStaleTree(join(path, name)))) return false;
  return true;
}

/** None of what is a file, or gone. */
const namesIn = (path: string): Promise<readonly string[]> => readdir(path).catch(() => []);

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false
  );
