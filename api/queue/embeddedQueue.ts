import {EventEmitter} from "node:events";
import type {z} from "zod";
import {fairPlace, movedAmongOwn, type Owner} from "./fairPlace.ts";
import {createOrderFolder, type OrderFolder, type RankedOrder} from "./orderFolder.ts";
import type {Lease, Queue, QueueEvent, Ticket} from "./queue.ts";

/** A queue in this process, its orders in a folder, one file each, until they are over. */
export interface EmbeddedQueue<O, R> extends Queue<O, R> {
  /**
   * Reads the orders that a process before left; nothing can be taken until then. `wasBegun` says of one that was taken whether it is more than an order by
   * now: if not it waits again, in its place; the others are answered. What is no order is told to `log`, and left alone.
   */
  restore(wasBegun: (ticket: Ticket<O>) => Promise<boolean>, log: (line: string) => void): Promise<readonly Ticket<O>[]>;
}

/** What the queue holds, in memory and on the disk. */
interface Held<O, R> {
  readonly folder: OrderFolder<O>;
  readonly line: RankedOrder<O>[];
  readonly taken: Map<string, RankedOrder<O>>;
  readonly events: EventEmitter<{event: [QueueEvent<R>]}>;
  /** Line and disk change together, one change after the other. */
  readonly inTurn: <T>(change: () => Promise<T>) => Promise<T>;
  isRestored: boolean;
}

export function createEmbeddedQueue<O, R>(folder: string, schema: z.ZodType<O>): EmbeddedQueue<O, R> {
  const events = new EventEmitter<{event: [QueueEvent<R>]}>().setMaxListeners(0);
  const held: Held<O, R> = {
    ...{folder: createOrderFolder(folder, schema), line: [], taken: new Map(), events},
    inTurn: createTurns(),
    isRestored: false
  };
  return {
    restore: (wasBegun, log) => restore(held, wasBegun, log),
    add: (ticket) => held.inTurn(() => add(held, ticket)),
    async take(signal, fits = () => true) {
      for (;;) {
        const lease = await held.inTurn(() => takeFirst(held, fits, signal));
        if (lease) return lease;
        if (!nextOf(held, fits)) await nextEvent(events, signal);
      }
    },
    nudge: () => changed(held),
    waiting: () => held.line,
    move: (id, place) => held.inTurn(() => move(held, id, place)),
    remove: (id) => held.inTurn(() => remove(held, id)),
    watch(listener) {
      events.on("event", listener);
      return () => events.off("event", listener);
    }
  };
}

function createTurns(): Held<unknown, unknown>["inTurn"] {
  let before: Promise<unknown> = Promise.resolve();
  return (change) => {
    const made = before.then(change, change);
    before = made.catch(() => {});
    return made;
  };
}

const changed = <O, R>({events}: Held<O, R>): void => void events.emit("event", {type: "line"});
const nextOf = <O, R>({isRestored, line}: Held<O, R>, fits: (ticket: Ticket<O>) => boolean): RankedOrder<O> | undefined =>
  isRestored ? line.find(fits) : undefined;
const ownerOf = ({owner}: Ticket<unknown>): Owner => owner;

async function restore<O, R>(
  held: Held<O, R>,
  wasBegun: (ticket: Ticket<O>) => Promise<boolean>,
  log: (line: string) => void
): Promise<readonly Ticket<O>[]> {
  const {folder, line} = held;
  const begun: Ticket<O>[] = [];
  for (const {order, isTaken} of await folder.read(log)) {
    if (isTaken && (await wasBegun(order))) {
      await folder.removeTaken(order.id);
      begun.push(order);
      continue;
    }
    if (isTaken) await folder.markWaiting(order.id);
    line.push(order);
  }
  line.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
  held.isRestored = true;
  changed(held);
  return begun;
}

async function add<O, R>(held: Held<O, R>, {id, owner, order}: Ticket<O>): Promise<void> {
  const {folder, line, taken} = held;
  const place = fairPlace(line.map(ownerOf), [...taken.values()].map(ownerOf), owner);
  const entry = {id, owner, order, rank: rankAt([...taken.values(), ...line], taken.size + place)};
  await folder.write(entry);
  line.splice(place, 0, entry);
  changed(held);
}

/** A rank between those of the neighbours at a place. */
function rankAt(line: readonly RankedOrder<unknown>[], place: number): number {
  const [before, after] = [line[place - 1]?.rank, line[place]?.rank];
  if (before === undefined) return after === undefined ? 0 : after - 1;
  return after === undefined ? before + 1 : (before + after) / 2;
}

async function takeFirst<O, R>(
  held: Held<O, R>,
  fits: (ticket: Ticket<O>) => boolean,
  signal: AbortSignal
): Promise<Lease<O, R> | undefined> {
  signal.throwIfAborted();
  const entry = nextOf(held, fits);
  if (!entry) return undefined;
  await held.folder.markTaken(entry.id);
  held.line.splice(held.line.indexOf(entry), 1);
  held.taken.set(entry.id, entry);
  changed(held);
  return leaseOf(held, entry);
}

function leaseOf<O, R>(held: Held<O, R>, entry: RankedOrder<O>): Lease<O, R> {
  const {id, owner, order} = entry;
  const {folder, line, taken, events} = held;
  return {
    ...{id, owner, order},
    async finish(result) {
      taken.delete(id);
      await folder.removeTaken(id);
      events.emit("event", {type: "over", id, result});
    },
    release: () =>
      held.inTurn(async () => {
        taken.delete(id);
        await folder.markWaiting(id);
        line.unshift(entry);
        changed(held);
      })
  };
}

async function move<O, R>(held: Held<O, R>, id: string, place: number): Promise<boolean> {
  const {folder, line} = held;
  const from = line.findIndex((entry) => entry.id === id);
  if (from < 0) return false;
  const ranks = line.map(({rank}) => rank);
  line.splice(0, line.length, ...movedAmongOwn(line, {from, to: place - 1, ownerOf}));
  const moved = line.filter((entry, i) => entry.rank !== ranks[i]);
  for (const [i, entry] of line.entries()) entry.rank = ranks[i];
  await Promise.all(moved.map((entry) => folder.write(entry)));
  changed(held);
  return true;
}

async function remove<O, R>(held: Held<O, R>, id: string): Promise<boolean> {
  const {folder, line} = held;
  const place = line.findIndex((entry) => entry.id === id);
  if (place < 0) return false;
  await folder.removeWaiting(id);
  line.splice(place, 1);
  changed(held);
  return true;
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
