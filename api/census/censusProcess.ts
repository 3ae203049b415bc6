import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {answerOrders} from "../../capture/service/answerOrders.ts";
import type {JobNews} from "../queue/jobRunner.ts";
import {throughQueue} from "../queue/shared/throughQueue.ts";
import {openCensus} from "./censusFolder.ts";
import {runCensus} from "./runCensus.ts";
import {refuseOtherModel} from "./sameModel.ts";
import {shardParts} from "./shardOrder.ts";

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
      make: queue === undefined ? undefined : (onShard) => throughQueue(queue, {parts: shardParts(census, onShard), signal, log}),
      onProgress: (finished, secondsLeft) => tell({finished, secondsLeft})
    });
    return null;
  },
  {finishes: true}
);
