import type {Parts} from "./collectParts.ts";

interface ThroughQueueOptions {
  readonly parts: Parts | Promise<Parts>;
  readonly signal?: AbortSignal;
  /** Takes a line when the queue is away. */
  readonly log: (line: string) => void;
}

/**
 * Connects to a queue, and has a job's parts done by its workers. Where none is missing, what somebody who was killed left of it is taken out, if the queue
 * answers. The queue's libraries are loaded only now.
 */
export async function throughQueue(address: string, {parts, signal, log}: ThroughQueueOptions): Promise<void> {
  const wanted = await parts;
  const collected = collectedAt(address, wanted, {signal, log});
  return wanted.missing.length > 0 ? collected : collected.catch(() => {});
}

async function collectedAt(address: string, parts: Parts, {signal, log}: Omit<ThroughQueueOptions, "parts">): Promise<void> {
  const [{connectQueue}, {collectParts}] = await Promise.all([import("./queueConnection.ts"), import("./collectParts.ts")]);
  const redis = await connectQueue(address, {onLost: log});
  try {
    await collectParts(redis, parts, {signal});
  } finally {
    redis.disconnect();
  }
}
