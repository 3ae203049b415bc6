import {answerOrders} from "../../capture/service/answerOrders.ts";
import {runExperiment} from "./experiment.ts";
import type {ExperimentNews, ExperimentOrder} from "./experimentRunner.ts";

/** The process of an experiment. What it finished stays. */

answerOrders<ExperimentOrder, null, ExperimentNews>(
  async ({dir, request}, {signal, tell}) => {
    await runExperiment(dir, request, {signal, onProgress: ({finished, secondsLeft}) => tell({finished, secondsLeft})});
    return null;
  },
  {finishes: true}
);
