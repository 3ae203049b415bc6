import type {WorkerNews} from "../../contract/workerSchemas.ts";
import type {Queue, Ticket} from "../queue.ts";
import type {Room} from "../room.ts";
import {laneName, type Lane} from "./lanes.ts";

interface FreeWorkersOptions<O> {
  readonly queue: Queue<O, unknown>;
  /** What an order needs. */
  readonly laneOf: (ticket: Ticket<O>) => Promise<Lane>;
  /** Who works now. */
  readonly workers: () => Promise<readonly Pick<WorkerNews, "lanes">[]>;
}

const LOOK_MS = 2000;

/**
 * As many orders at once as there are workers for them, so that whose turn it is is told when somebody is free, and not before. One that nobody can do
 * waits, and holds up none that somebody can; one whose needs cannot be told begins, and says why it fails.
 */
export function freeWorkers<O>({queue, laneOf, workers}: FreeWorkersOptions<O>): Room<O> & {close(): void} {
  const lanes = new Map<string, string | undefined>(); // by ticket; undefined where it cannot be told
  const listeners = new Set<() => void>();
  let seen: readonly Pick<WorkerNews, "lanes">[] = [];
  let looking: Promise<void> | undefined;

  const look = (): Promise<void> => (looking ??= lookAt(queue.waiting()).finally(() => (looking = undefined)));

  async function lookAt(waiting: readonly Ticket<O>[]): Promise<void> {
    if (waiting.length === 0) return;
    for (const ticket of waiting) if (!lanes.has(ticket.id)) lanes.set(ticket.id, await laneOf(ticket).then(laneName, () => undefined));
    seen = await workers().catch(() => []);
    for (const listener of listeners) listener();
  }

  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  const stop = queue.watch((event) => {
    if (event.type === "over") lanes.delete(event.id);
    if (queue.waiting().some(({id}) => !lanes.has(id))) void look();
  });
  return {
    fits({id}, running) {
      if (!lanes.has(id)) return false;
      const lane = lanes.get(id);
      if (lane === undefined) return true;
      return running.filter((other) => lanes.get(other.id) === lane).length < seen.filter((worker) => worker.lanes.includes(lane)).length;
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      clearInterval(timer);
      stop();
    }
  };
}
