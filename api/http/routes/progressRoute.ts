import type {Router} from "express";
import type {z} from "zod";
import type {Progress} from "../../contract/contract.ts";
import type {RunStore} from "../../runs/runStore.ts";
import type {AnalysisCache, AnswerProgress, Question} from "../../work/analysisCache.ts";
import {checked} from "../checked.ts";

interface ProgressParts<S extends z.ZodType> {
  readonly runs: RunStore;
  readonly analyses: AnalysisCache;
  /** Of the query that the answer is asked for by, or of what of it says which answer. */
  readonly schema: S;
  readonly questionOf: (query: z.infer<S>) => Question;
}

/** `/runs/:run/ANSWER/progress`: how far an answer about a run is, while somebody waits for it. */
export function progressRoute<S extends z.ZodType>(
  router: Router,
  answer: string,
  {runs, analyses, schema, questionOf}: ProgressParts<S>
): void {
  router.get(`/runs/:run/${answer}/progress`, async ({params, query}, response) => {
    const question = questionOf(checked(schema, query));
    response.json(progressTold(await analyses.progress(await runs.find((params as {run: string}).run), question)));
  });
}

/** Of 0 where nobody waits. */
const progressTold = (found: AnswerProgress | undefined): Progress => ({
  done: found?.done ?? 0,
  of: found?.of ?? 0,
  seconds_left: found?.secondsLeft ?? null
});
