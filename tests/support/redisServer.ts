import {onTestFinished} from "vitest";
import {spawnRedis, type RedisProcess} from "./redisProcess.ts";

export {hasRedis} from "./redisProcess.ts";

/** A Redis of the test's own, gone with the test. */
export async function startRedis(dir: string): Promise<RedisProcess> {
  const redis = await spawnRedis(dir);
  onTestFinished(() => redis.kill());
  return redis;
}
