import {stat} from "node:fs/promises";
import {join} from "node:path";
import {Router} from "express";
import {ifThere} from "../../../capture/trace/ifThere.ts";
import {readTrace} from "../../../capture/trace/reader.ts";
import {TEXTS_FILE} from "../../../capture/trace/writer.ts";
import type {AnalysisCache} from "../../work/analysisCache.ts";
import {textsAnswer} from "../../analyses/textsAnswer.ts";
import type {ComputePool} from "../../work/computePool.ts";
import {stepSlice} from "../../analyses/stepSlice.ts";
import {
  differenceQuerySchema,
  metricsQuerySchema,
  progressQuerySchema,
  projectionQuerySchema,
  readoutQuerySchema,
  statesQuerySchema
} from "../../contract/contract.ts";
import {HttpError} from "../../contract/httpError.ts";
import {checked} from "../checked.ts";
import type {RunStore} from "../../runs/runStore.ts";
import {askerOf} from "./askerOf.ts";
import {progressRoute} from "./progressRoute.ts";
import {reading} from "./reading.ts";
import {sendBytes, sendTensors} from "./sendBytes.ts";
import {sendReadout} from "./sendReadout.ts";
import {sendStates} from "./sendStates.ts";

const AT_ONCE_BYTES = 2 ** 20; // of texts that are read here; more of them would keep everybody waiting
const DEFAULT_TOP = 5; // tokens kept of a run that was captured without a readout

interface NumberRouteParts {
  readonly runs: RunStore;
  readonly analyses: AnalysisCache;
  readonly pool: ComputePool;
}

/** What a run holds, and what is computed of every state of it: tensors. */
export function numberRoutes({runs, analyses, pool}: NumberRouteParts): Router {
  const router = Router({caseSensitive: true});

  router.get("/runs/:run/metrics", async ({params, query}, response) => {
    const {site, ...range} = checked(metricsQuerySchema, query);
    const message = await analyses.answer(await runs.find(params.run), {kind: "metrics", site}, askerOf(response));
    sendTensors(
      response,
      stepSlice(message, range, () => true)
    );
  });

  progressRoute(router, "metrics", {
    ...{runs, analyses, schema: progressQuerySchema},
    questionOf: ({site}) => ({kind: "metrics", site})
  });

  router.get("/runs/:run/projection", async ({params, query}, response) => {
    const {from, to, ...question} = checked(projectionQuerySchema, query);
    const others = await Promise.all((question.with?.split(",") ?? []).map((name) => runs.find(name)));
    const message = await analyses.answer(
      await runs.find(params.run),
      {kind: "projection", query: question},
      {others, ...askerOf(response)}
    );
    sendTensors(
      response,
      stepSlice(message, {from, to}, (name) => name.startsWith("points"))
    );
  });

  router.get("/runs/:run/difference", async ({params, query}, response) => {
    const {with: other, site} = checked(differenceQuerySchema, query);
    sendTensors(
      response,
      await analyses.answer(
        await runs.find(params.run),
        {kind: "difference", site},
        {others: [await runs.find(other)], ...askerOf(response)}
      )
    );
  });

  router.get("/runs/:run/readout", async ({params, query}, response) => {
    const {lens, ...range} = checked(readoutQuerySchema, query);
    const place = await runs.find(params.run);
    const {readout} = await readTrace(place.dir);
    if (!lens && !readout)
      throw new HttpError(404, `invalid run: ${place.id} was captured without a readout; lens=coda or lens=logit reads its states`);
    if (!lens || lens === readout?.lens) return reading(place.dir, (reader) => sendReadout(response, reader, range));
    const question = {lens, top: readout?.top ?? DEFAULT_TOP};
    const message = await analyses.answer(place, {kind: "readout", question}, askerOf(response));
    sendTensors(
      response,
      stepSlice(message, range, () => true)
    );
  });

  router.get("/runs/:run/texts", async ({params}, response) => {
    const {dir} = await runs.find(params.run);
    const size = (await ifThere(stat(join(dir, TEXTS_FILE)), undefined))?.size ?? 0;
    const texts = size > AT_ONCE_BYTES ? await pool.run(dir, {kind: "texts"}, askerOf(response)) : await reading(dir, textsAnswer);
    sendBytes(response, "json", texts);
  });

  router.get("/runs/:run/states", async ({params, query}, response) => {
    const question = checked(statesQuerySchema, query);
    const {dir} = await runs.find(params.run);
    await reading(dir, (reader) => sendStates(response, reader, question));
  });

  return router;
}
