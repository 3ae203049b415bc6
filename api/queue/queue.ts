import type {Owner} from "./fairPlace.ts";

/** An order in line: plain data, so that it can wait on a disk or on another machine. */
export interface Ticket<O> {
  /** Unique, and fit to be a file's name. */
  readonly id: string;
  /** Who asked for it; owners take turns. */
  readonly owner: Owner;
  readonly order: O;
}

/** An order that one worker has taken. */
export interface Lease<O, R> extends Ticket<O> {
  /** It is done, whatever became of it: it is forgotten, and those who watch are told. */
  finish(result: R): Promise<void>;
  /** It was not begun: it goes back to the head of the line. */
  release(): Promise<void>;
}

/** The line changed its order or length, or an order is over. */
export type QueueEvent<R> = {readonly type: "line"} | {readonly type: "over"; readonly id: string; readonly result: R};

/** Orders that wait for workers. Embedded in the server (embeddedQueue.ts); one between machines offers the same. */
export interface Queue<O, R> {
  /** Resolves once the order outlives a kill of this process. */
  add(ticket: Ticket<O>): Promise<void>;
  /** The next order in turn that fits, once there is one; defaults to any. Rejects with the signal's reason. */
  take(signal: AbortSignal, fits?: (ticket: Ticket<O>) => boolean): Promise<Lease<O, R>>;
  /** What did not fit may fit now. */
  nudge(): void;
  /** The line as it stands, the next one first. */
  waiting(): readonly Ticket<O>[];
  /** Moves a waiting order to a place, 1 for the head, or to the nearest of its owner's places; false where it does not wait. */
  move(id: string, place: number): Promise<boolean>;
  /** Takes an order out of the line; false where it does not wait. */
  remove(id: string): Promise<boolean>;
  /** Calls `listener` with every change; answers with the function that stops it. */
  watch(listener: (event: QueueEvent<R>) => void): () => void;
}
