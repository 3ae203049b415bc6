import type {Parts} from "./collectParts.ts";

interface ThroughQueueOptions {
  readonly parts: Parts | Promise<Parts>;
  readonly signal?: AbortSignal;
  /** Takes a line when the queue is away. */
  readonly log: (line: string) => void;
}

/** Connects to a queue, and has a job's parts done by its workers. The queue's libraries are loaded only now. */
export async function throughQueue(address: string, {parts, signal, log}: ThroughQueueOptions): Promise<void> {
  const wanted = await parts;
  if (wanted.missing.length === 0) return;
  const [{connectQueue}, {collectParts}] = await Promise.all([import("./queueConnection.ts"), import("./collectParts.ts")]);
  const redis = await connectQueue(address, {onLost: log});
  try {
    await collectParts(redis, wanted, {signal});
  } finally {
    redis.disconnect();
  }
}
