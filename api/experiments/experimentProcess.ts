import {answerOrders} from "../../capture/service/answerOrders.ts";
import type {JobNews} from "../queue/jobRunner.ts";
import {throughQueue} from "../queue/shared/throughQueue.ts";
import {runExperiment, type ExperimentRequest, type WantedPrompts} from "./experiment.ts";
import {promptParts} from "./promptParts.ts";

/** What the process of an experiment is told; paths are resolved, so this never comes from a web page. */
export interface ExperimentTask {
  readonly dir: string;
  readonly request: ExperimentRequest;
  /** The address of the queue whose workers run the prompts; this process does where it is left out. */
  readonly queue?: string;
}

/** The process of an experiment. What it finished stays. */

const log = (line: string): void => void process.stderr.write(`${line}\n`);

answerOrders<ExperimentTask, null, JobNews>(
  async ({dir, request, queue}, {signal, tell}) => {
    const elsewhere =
      queue === undefined ? undefined : (wanted: WantedPrompts) => throughQueue(queue, {parts: promptParts(wanted), signal, log});
    await runExperiment(dir, request, {elsewhere, signal, onProgress: ({finished, secondsLeft}) => tell({finished, secondsLeft})});
    return null;
  },
  {finishes: true}
);
