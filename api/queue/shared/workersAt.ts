import {shownAddress} from "../../../capture/withoutSecrets.ts";
import type {WorkerList} from "../../contract/workerSchemas.ts";

/** Who works for the queue at an address, asked anew each time. The queue's libraries are loaded only now. */
export async function workersAt(address: string): Promise<WorkerList> {
  const [{connectQueue}, {workersOn}] = await Promise.all([import("./queueConnection.ts"), import("./workersOn.ts")]);
  const redis = await connectQueue(address);
  try {
    return {queue: shownAddress(address), workers: await workersOn(redis)};
  } finally {
    redis.disconnect();
  }
}
