import type {Ticket} from "./queue.ts";

/** Which orders may begin, where more than one runs at a time. */
export interface Room<O> {
  /** Whether an order that waits may begin beside those that run. */
  fits(ticket: Ticket<O>, running: readonly Ticket<O>[]): boolean;
  /** Calls `listener` when more may fit than before; answers with the function that stops it. */
  watch?(listener: () => void): () => void;
}

/** One after the other. */
export const oneAtATime: Room<unknown> = {fits: (_, running) => running.length === 0};

/** Orders of different models at once: other workers do them. */
export const oneOfEachModel: Room<{readonly model: string}> = {
  fits: ({order: {model}}, running) => running.every(({order}) => order.model !== model)
};
