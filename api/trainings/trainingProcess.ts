import {answerOrders} from "../../capture/service/answerOrders.ts";
import {train} from "../../capture/train/train.ts";
import {recipeIn} from "../../capture/train/trainingFolder.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {JobNews} from "../queue/jobRunner.ts";
import {correlationOf} from "./correlationOf.ts";

/** What the process of a training is told; its recipe lies in the folder. */
export interface TrainingTask {
  readonly dir: string;
}

/** The process of a training. What it saved stays. */
answerOrders<TrainingTask, null, JobNews>(
  async ({dir}, {signal, tell}) => {
    const recipe = await recipeIn(dir);
    if (!recipe) throw new Refusal(`unknown training: ${dir}; it has no recipe`, {kind: "unknown"});
    await train(recipe, dir, {
      signal,
      log: (line) => process.stderr.write(`${line}\n`),
      onProgress: ({update, secondsLeft}) => tell({finished: update, secondsLeft}),
      correlationOf
    });
    signal.throwIfAborted();
    return null;
  },
  {finishes: true}
);
