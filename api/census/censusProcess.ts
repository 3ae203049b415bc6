import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {answerOrders} from "../../capture/service/answerOrders.ts";
import type {JobNews} from "../queue/jobRunner.ts";
import type {CollectOptions} from "./queue/queueCoordinator.ts";
import {openCensus, type OpenCensus} from "./censusFolder.ts";
import {runCensus} from "./runCensus.ts";
import {refuseOtherModel} from "./sameModel.ts";

/** What the process of a census is told; paths are resolved, so this never comes from a web page. */
export interface CensusTask {
  readonly dir: string;
  /** The checkpoint's folder. */
  readonly model: string;
  /** The address of the queue whose workers make the shards; this process makes them where it is left out. */
  readonly queue?: string;
}

/** The process of a census. Finished shards stay. */

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const models = createModelKeeper({log});

answerOrders<CensusTask, null, JobNews>(
  async ({dir, model, queue}, {signal, tell}) => {
    const census = await openCensus(dir);
    const {engine, dtype, device, model: planned} = census.manifest;
    await refuseOtherModel(model, planned.hash);
    await runCensus(census, {
      model,
      engine: () => models.engineFor({model, engine, dtype, device}),
      signal,
      make: queue === undefined ? undefined : async (onShard) => throughQueue(queue, census, {signal, onShard}),
      onProgress: (finished, secondsLeft) => tell({finished, secondsLeft})
    });
    return null;
  },
  {finishes: true}
);

/** The queue's libraries are loaded only where there is one. */
async function throughQueue(address: string, census: OpenCensus, options: CollectOptions): Promise<void> {
  const {connectQueue} = await import("./queue/queueConnection.ts");
  const {collectShards} = await import("./queue/queueCoordinator.ts");
  const redis = await connectQueue(address, {onLost: log});
  try {
    await collectShards(redis, census, options);
  } finally {
    redis.disconnect();
  }
}
