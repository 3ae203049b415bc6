import {randomUUID} from "node:crypto";
import {hostname} from "node:os";
import type {Redis} from "ioredis";
import type {WorkerNews} from "../contract/workerSchemas.ts";
import {workerKey} from "../queue/shared/lanes.ts";

/** What a worker says of itself and does not change. */
export type WorkerOwn = Pick<WorkerNews, "devices" | "models" | "memory" | "results">;

const BEAT_MS = 5000;
const FADE_S = 20;

/** Tells a queue every few seconds that this worker lives, and what it does. */
export function createWord(redis: Redis, own: WorkerOwn & Pick<WorkerNews, "lanes">) {
  const id = randomUUID().slice(0, 8);
  const since = new Date().toISOString();
  let task: string | null = null;
  let done = 0;
  const tell = async (): Promise<void> => {
    const {devices, models, memory, lanes, results} = own; // and nothing else that whoever called has
    const news: WorkerNews = {
      ...{id, host: hostname(), pid: process.pid, devices, models, memory, lanes, results, since, task, done},
      heartbeat: new Date().toISOString()
    };
    await redis.set(workerKey(id), JSON.stringify(news), "EX", FADE_S);
  };
  const quietly = () => void tell().catch(() => {});
  quietly();
  const timer = setInterval(quietly, BEAT_MS);
  return {
    does(what: string | null) {
      task = what?.slice(0, 200) ?? null;
      quietly();
    },
    done: () => void ++done,
    async end() {
      clearInterval(timer);
      await Promise.race([redis.del(workerKey(id)).catch(() => {}), new Promise((resolve) => setTimeout(resolve, 1000))]);
    }
  };
}
