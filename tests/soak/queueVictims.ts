import type {ChildProcess} from "node:child_process";
import type {RedisProcess} from "../support/redisProcess.ts";

interface QueueVictims {
  readonly redis: RedisProcess;
  /** Those that live; a killed one's place is taken by the next. */
  readonly workers: ChildProcess[];
  readonly startWorker: () => ChildProcess;
  readonly random: () => number;
}

/** A worker and the queue, each killed as by a loss of power and started again at once. */
export const queueVictims = ({redis, workers, startWorker, random}: QueueVictims) => ({
  async worker(): Promise<void> {
    const place = Math.floor(random() * workers.length);
    workers[place].kill("SIGKILL");
    workers[place] = startWorker();
  },
  async queue(): Promise<void> {
    await redis.kill();
    await redis.start();
  }
});
