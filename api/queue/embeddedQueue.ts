import {EventEmitter} from "node:events";
import {mkdir, readdir, readFile, rename, rm} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {replaceFile} from "../../capture/trace/replaceFile.ts";
import {sweepPassing} from "../files/passing.ts";
import {fairPlace, movedAmongOwn, type Owner} from "./fairPlace.ts";
import type {Lease, Queue, QueueEvent, Ticket} from "./queue.ts";

/** A queue in this process, its orders in a folder, one file each, until they are over. */
export interface EmbeddedQueue<O, R> extends Queue<O, R> {
  /**
   * Reads the orders that a process before left; nothing can be taken until then. `wasBegun` says of one that was taken whether it is more than an order by
   * now: if not it waits again, in its place; the others are answered. What is no order is told to `log`, and left alone.
   */
  restore(wasBegun: (ticket: Ticket<O>) => Promise<boolean>, log: (line: string) => void): Promise<readonly Ticket<O>[]>;
}

interface Entry<O> extends Ticket<O> {
  /** Its place in line is among its neighbours' ranks. */
  rank: number;
}

const WAITING = ".json";
const TAKEN = ".taken"; // the same file by another name, so that taking is one step

export function createEmbeddedQueue<O, R>(folder: string, schema: z.ZodType<O>): EmbeddedQueue<O, R> {
  const fileSchema = z.object({owner: z.string().nullable(), rank: z.number(), order: schema});
  const line: Entry<O>[] = [];
  const taken = new Map<string, Entry<O>>();
  const events = new EventEmitter<{event: [QueueEvent<R>]}>().setMaxListeners(0);
  let isRestored = false;

  let before: Promise<unknown> = Promise.resolve();

  /** Line and disk change together, one change after the other. */
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const made = before.then(change, change);
    before = made.catch(() => {});
    return made;
  }

  const pathOf = (id: string, ending: string): string => join(folder, `${id}${ending}`);
  const ownerOf = ({owner}: Ticket<O>): Owner => owner;
  const write = ({id, owner, rank, order}: Entry<O>): Promise<void> =>
    replaceFile(pathOf(id, WAITING), JSON.stringify({owner, rank, order}));
  const changed = () => events.emit("event", {type: "line"});

  /** A rank between those of the neighbours at a place. */
  function rankAt(place: number): number {
    const [before, after] = [line[place - 1]?.rank, line[place]?.rank];
    if (before === undefined) return after === undefined ? 0 : after - 1;
    return after === undefined ? before + 1 : (before + after) / 2;
  }

  async function read(name: string): Promise<Entry<O>> {
    const id = name.slice(0, name.lastIndexOf("."));
    return {id, ...fileSchema.parse(JSON.parse(await readFile(join(folder, name), "utf8")))};
  }

  function leaseOf(entry: Entry<O>): Lease<O, R> {
    const {id, owner, order} = entry;
    return {
      id,
      owner,
      order,
      async finish(result) {
        taken.delete(id);
        await rm(pathOf(id, TAKEN), {force: true});
        events.emit("event", {type: "over", id, result});
      },
      release: () =>
        inTurn(async () => {
          taken.delete(id);
          await rename(pathOf(id, TAKEN), pathOf(id, WAITING));
          line.unshift(entry);
          changed();
        })
    };
  }

  return {
    async restore(wasBegun, log) {
      await sweepPassing(folder);
      const begun: Ticket<O>[] = [];
      for (const name of await ifThere(readdir(folder), [])) {
        if (!name.endsWith(WAITING) && !name.endsWith(TAKEN)) continue;
        const entry = await read(name).catch((error: Error) => {
          log(`${join(folder, name)}: no order: ${error instanceof z.ZodError ? "not as it was written" : error.message}`);
        });
        if (!entry) continue;
        if (name.endsWith(TAKEN) && (await wasBegun(entry))) {
          await rm(join(folder, name), {force: true});
          begun.push(entry);
          continue;
        }
        if (name.endsWith(TAKEN)) await rename(join(folder, name), pathOf(entry.id, WAITING));
        line.push(entry);
      }
      line.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
      isRestored = true;
      changed();
      return begun;
    },
    add: ({id, owner, order}) =>
      inTurn(async () => {
        await mkdir(folder, {recursive: true});
        const place = fairPlace(line.map(ownerOf), [...taken.values()].map(ownerOf), owner);
        const entry = {id, owner, order, rank: rankAt(place)};
        await write(entry);
        line.splice(place, 0, entry);
        changed();
      }),
    async take(signal) {
      for (;;) {
        const lease = await inTurn(async () => {
          signal.throwIfAborted();
          if (!isRestored || line.length === 0) return undefined;
          const [entry] = line;
          await rename(pathOf(entry.id, WAITING), pathOf(entry.id, TAKEN));
          line.shift();
          taken.set(entry.id, entry);
          changed();
          return leaseOf(entry);
        });
        if (lease) return lease;
        if (!isRestored || line.length === 0) await nextEvent(events, signal);
      }
    },
    waiting: () => line,
    move: (id, place) =>
      inTurn(async () => {
        const from = line.findIndex((entry) => entry.id === id);
        if (from < 0) return false;
        const ranks = line.map(({rank}) => rank);
        line.splice(0, line.length, ...movedAmongOwn(line, {from, to: place - 1, ownerOf}));
        const moved = line.filter((entry, i) => entry.rank !== ranks[i]);
        for (const [i, entry] of line.entries()) entry.rank = ranks[i];
        await Promise.all(moved.map(write));
        changed();
        return true;
      }),
    remove: (id) =>
      inTurn(async () => {
        const place = line.findIndex((entry) => entry.id === id);
        if (place < 0) return false;
        await rm(pathOf(id, WAITING), {force: true});
        line.splice(place, 1);
        changed();
        return true;
      }),
    watch(listener) {
      events.on("event", listener);
      return () => events.off("event", listener);
    }
  };
}

function nextEvent<R>(events: EventEmitter<{event: [QueueEvent<R>]}>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      events.off("event", go);
      signal.removeEventListener("abort", leave);
    };
    const go = () => {
      stop();
      resolve();
    };
    const leave = () => {
      stop();
      reject(signal.reason as Error);
    };
    if (signal.aborted) return leave();
    events.on("event", go);
    signal.addEventListener("abort", leave);
  });
}
