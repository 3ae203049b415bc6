import {Redis} from "ioredis";
import {errorLine} from "../../../capture/errorLine.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";
import {shownAddress} from "../../../capture/withoutSecrets.ts";

const CONNECT_MS = 4000; // an answer within five seconds, whatever is wrong
const MOST_WAIT_MS = 2000;

/**
 * Connects to a Redis or Valkey, `redis://host:6379/0` or `rediss://`. Once connected it connects again by itself for as long as it takes. Throws a
 * Refusal for an address that is none, or where nothing answers within five seconds.
 */
export async function connectQueue(address: string, {onLost}: {readonly onLost?: (line: string) => void} = {}): Promise<Redis> {
  if (!/^rediss?:\/\/[^\s/]/.test(address) || !URL.canParse(address))
    throw new Refusal(`invalid queue: ${shownAddress(address)}; expected an address such as redis://localhost:6379`);
  let isConnected = false;
  const redis = new Redis(address, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: null, // what is asked waits for the connection
    retryStrategy: (times) => (isConnected ? Math.min(times * 100, MOST_WAIT_MS) : null)
  });
  let fault: Error | undefined; // the rejection only says that the connection is closed
  redis.on("error", (error: Error) => {
    fault = error;
    if (isConnected) onLost?.(`queue lost: ${shownAddress(address)}: ${errorLine(error)}; trying again`);
  });
  const late = setTimeout(() => redis.disconnect(), CONNECT_MS);
  try {
    await redis.connect();
    await redis.ping();
    isConnected = true;
    return redis;
  } catch (cause) {
    redis.disconnect();
    throw new Refusal(
      `unreachable queue: ${shownAddress(address)}: ${errorLine(fault ?? new Error(`no answer in ${CONNECT_MS / 1000} s`))}`,
      {kind: "unknown", cause}
    );
  } finally {
    clearTimeout(late);
  }
}
