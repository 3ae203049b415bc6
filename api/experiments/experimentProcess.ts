import {answerOrders} from "../../capture/service/answerOrders.ts";
import type {JobNews} from "../queue/jobRunner.ts";
import {runExperiment, type ExperimentRequest} from "./experiment.ts";

/** What the process of an experiment is told; paths are resolved, so this never comes from a web page. */
export interface ExperimentTask {
  readonly dir: string;
  readonly request: ExperimentRequest;
}

/** The process of an experiment. What it finished stays. */

answerOrders<ExperimentTask, null, JobNews>(
  async ({dir, request}, {signal, tell}) => {
    await runExperiment(dir, request, {signal, onProgress: ({finished, secondsLeft}) => tell({finished, secondsLeft})});
    return null;
  },
  {finishes: true}
);
