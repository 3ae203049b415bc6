import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {answerOrders} from "../../capture/service/answerOrders.ts";
import type {JobNews} from "../queue/jobRunner.ts";
import {throughQueue} from "../queue/shared/throughQueue.ts";
import {evaluate, type Answering} from "./evaluation.ts";
import {itemParts} from "./itemParts.ts";

/** What the process of an evaluation is told; paths are resolved, so this never comes from a web page. */
export interface EvalTask {
  readonly dir: string;
  /** The checkpoint's folder. */
  readonly model: string;
  /** The address of the queue whose workers answer the items; this process does where it is left out. */
  readonly queue?: string;
}

/** The process of an evaluation. What it answered stays. */

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const models = createModelKeeper({log});

answerOrders<EvalTask, null, JobNews>(
  async ({dir, model, queue}, {signal, tell}) => {
    const elsewhere = queue === undefined ? undefined : (wanted: Answering) => throughQueue(queue, {parts: itemParts(wanted), signal, log});
    await evaluate(dir, {model, engine: (choice) => models.engineFor(choice), elsewhere, signal, onProgress: tell});
    return null;
  },
  {finishes: true}
);
