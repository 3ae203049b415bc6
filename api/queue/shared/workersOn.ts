import type {Redis} from "ioredis";
import {workerSchema, type WorkerNews} from "../../contract/workerSchemas.ts";
import {workerKey} from "./lanes.ts";

/** Who works on a queue now, by what each told within the last seconds. */
export async function workersOn(redis: Redis): Promise<WorkerNews[]> {
  const workers = new Map<string, WorkerNews>(); // a scan may name a key twice
  for await (const keys of redis.scanStream({match: workerKey("*")}) as AsyncIterable<string[]>) {
    for (const text of keys.length > 0 ? await redis.mget(keys) : []) {
      const worker = text === null ? undefined : wordOf(text);
      if (worker) workers.set(worker.id, worker);
    }
  }
  return [...workers.values()].sort((a, b) => (a.since < b.since ? -1 : 1));
}

/** Anybody can write into a queue: what is no worker's word is passed over. */
function wordOf(text: string): WorkerNews | undefined {
  try {
    return workerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
