import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {answerOrders} from "../../capture/service/answerOrders.ts";
import type {JobNews} from "../queue/jobRunner.ts";
import {evaluate} from "./evaluation.ts";

/** What the process of an evaluation is told; paths are resolved, so this never comes from a web page. */
export interface EvalTask {
  readonly dir: string;
  /** The checkpoint's folder. */
  readonly model: string;
}

/** The process of an evaluation. What it answered stays. */

const models = createModelKeeper({log: (line) => process.stderr.write(`${line}\n`)});

answerOrders<EvalTask, null, JobNews>(
  async ({dir, model}, {signal, tell}) => {
    await evaluate(dir, {model, engine: (choice) => models.engineFor(choice), signal, onProgress: tell});
    return null;
  },
  {finishes: true}
);
