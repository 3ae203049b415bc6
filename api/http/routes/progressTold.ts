import type {AnswerProgress} from "../../work/analysisCache.ts";
import type {Progress} from "../../contract/contract.ts";

/** How far an answer is that somebody waits for; of 0 where nobody does. */
export const progressTold = (found: AnswerProgress | undefined): Progress => ({
  done: found?.done ?? 0,
  of: found?.of ?? 0,
  seconds_left: found?.secondsLeft ?? null
});
