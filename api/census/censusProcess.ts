import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {answerOrders} from "../../capture/service/answerOrders.ts";
import type {JobNews} from "../queue/jobRunner.ts";
import {openCensus} from "./censusFolder.ts";
import {runCensus} from "./runCensus.ts";
import {refuseOtherModel} from "./sameModel.ts";

/** What the process of a census is told; paths are resolved, so this never comes from a web page. */
export interface CensusTask {
  readonly dir: string;
  /** The checkpoint's folder. */
  readonly model: string;
}

/** The process of a census. Finished shards stay. */

const models = createModelKeeper({log: (line) => process.stderr.write(`${line}\n`)});

answerOrders<CensusTask, null, JobNews>(
  async ({dir, model}, {signal, tell}) => {
    const census = await openCensus(dir);
    const {engine, dtype, device, model: planned} = census.manifest;
    await refuseOtherModel(model, planned.hash);
    await runCensus(census, {
      model,
      engine: () => models.engineFor({model, engine, dtype, device}),
      signal,
      onProgress: (finished, secondsLeft) => tell({finished, secondsLeft})
    });
    return null;
  },
  {finishes: true}
);
