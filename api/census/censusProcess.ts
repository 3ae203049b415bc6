import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {answerOrders} from "../../capture/service/answerOrders.ts";
import type {JobNews} from "../queue/jobRunner.ts";
import {openCensus} from "./censusFolder.ts";
import {publishCensus} from "./publishCensus.ts";
import {runCensus} from "./runCensus.ts";
import {refuseOtherModel} from "./sameModel.ts";
import {throughWorkers} from "./throughWorkers.ts";

/** What the process of a census is told; paths are resolved, so this never comes from a web page. */
export interface CensusTask {
  readonly dir: string;
  /** The checkpoint's folder. */
  readonly model: string;
  /** The address of the queue whose workers make the shards; this process makes them where it is left out. */
  readonly queue?: string;
  /** Where what is kept travels, and where a finished census is put, too; it stays in its folder alone where it is left out. */
  readonly results?: string;
}

/** The process of a census. Finished shards stay. */

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const models = createModelKeeper({log});

answerOrders<CensusTask, null, JobNews>(
  async ({dir, model, queue, results}, {signal, tell}) => {
    const census = await openCensus(dir);
    const {engine, dtype, device, model: planned} = census.manifest;
    await refuseOtherModel(model, planned.hash);
    await runCensus(census, {
      model,
      engine: () => models.engineFor({model, engine, dtype, device}),
      signal,
      ...(queue !== undefined && throughWorkers(census, {queue, results, signal, log})),
      onProgress: (finished, secondsLeft) => tell({finished, secondsLeft})
    });
    if (results !== undefined) await publishCensus(dir, results);
    return null;
  },
  {finishes: true}
);
